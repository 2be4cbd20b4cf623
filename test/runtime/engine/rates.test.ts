/** The measured rates and their file: what was written is read; what is none of ours is no rate. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { measureRates } from '../../../src/runtime/engine/install/rates.ts';
import { readRates, saveRates } from '../../../src/runtime/engine/install/rates-file.ts';
import { findEngines } from '../../../src/runtime/engine/install/places.ts';

const folder = mkdtempSync(join(tmpdir(), 'cnnc-rates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const rates = { engine: 'tensorflow 2.21.0, 2 threads', macsPerSecond: 4e10, bytesPerSecond: 3e9, overhead: 0.7 };

it('is read as written', async () => {
  expect(await readRates(folder)).toBeNull();
  await saveRates(folder, rates);
  expect(await readRates(folder)).toEqual(rates);
});

it.each([
  ['damaged', '{'],
  ['another schema', JSON.stringify({ schema: 2, ...rates })],
  ['no number', JSON.stringify({ schema: 1, ...rates, macsPerSecond: '4e10' })],
  ['null', JSON.stringify({ schema: 1, ...rates, overhead: null })],
  ['nothing a second', JSON.stringify({ schema: 1, ...rates, bytesPerSecond: 0 })],
  ['control codes', JSON.stringify({ schema: 1, ...rates, engine: '\u001b[2J' })],
  ['a list', '[]'],
  ['too large', JSON.stringify({ schema: 1, ...rates, more: 'x'.repeat(20_000) })],
])('%s: no rate', async (_, text) => {
  writeFileSync(join(folder, 'rates.json'), text);
  expect(await readRates(folder)).toBeNull();
});

const engines = [...findEngines('tensorflow'), ...findEngines('onnx')];
it.skipIf(engines.length === 0)('an engine that is here has rates', { timeout: 60_000 }, async () => {
  const measured = await measureRates(engines[0], 1);
  for (const n of [measured.macsPerSecond, measured.bytesPerSecond, measured.overhead]) expect(n).toBeGreaterThan(0);
  expect(measured.engine).toMatch(new RegExp(`^${engines[0].kind} \\S+, 1 thread$`));
});
