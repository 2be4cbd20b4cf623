/** `cnnc engine`: names, wrong usage, what it says where nothing is installed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { choiceLine } from '../../src/cli/engine-choice.ts';
import { findEngines } from '../../src/runtime/engine/install/places.ts';
import { cnnc } from '../support/cnnc.ts';

const folder = mkdtempSync(join(tmpdir(), 'cnnc-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const empty = { CNNC_CACHE: join(folder, 'cache'), CNNC_TFJS_NODE: '' };
const nothing = (['tensorflow', 'onnx'] as const).every((kind) => findEngines(kind, empty.CNNC_CACHE, folder).length === 0);

describe('wrong usage', () => {
  it.each([
    [['engine', 'install', 'torch'], /tensorflow, onnx/],
    [['engine', 'instal'], /install/],
    [['run', 'x.cnn', '--engine', 'torch'], /auto, tensorflow, onnx/],
    [['predict', 'run', 'x.png', '--engine', 'torch'], /auto, tensorflow, onnx/],
    [['serve', 'run', '--engine', 'torch'], /auto, tensorflow, onnx/],
  ])('%j', async (args, message) => {
    const ran = await cnnc(args, { cwd: folder });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(message);
  });
});

describe.skipIf(!nothing)('where no engine is', () => {
  it('list says what to type', async () => {
    const ran = await cnnc(['engine', 'list'], { cwd: folder, env: empty });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('npx cnnc engine install');
  });

  it('doctor says it of both, and fails', async () => {
    const ran = await cnnc(['engine', 'doctor'], { cwd: folder, env: empty });
    expect(ran.code).toBe(1);
    for (const kind of ['tensorflow', 'onnx']) expect(ran.stdout).toMatch(new RegExp(`^(--|!!)  ${kind} `, 'm'));
  });
});

describe('the line about the choice', () => {
  const engine = { kind: 'onnx', version: '1.30.0', threads: 2 } as const;
  it.each([
    [{ engine, broken: null, installable: true }, true, 'training on the ONNX engine, onnxruntime 1.30.0; TensorFlow trains several times faster: npx cnnc engine install tensorflow'],
    [{ engine, broken: null, installable: false }, true, 'training on the ONNX engine, onnxruntime 1.30.0'],
    [{ engine, broken: null, installable: true }, false, null],
    [
      { engine, broken: { engine: 'tensorflow', path: '/x', reason: 'killed\nmore' } as const, installable: false },
      false,
      'working on the ONNX engine, onnxruntime 1.30.0: TensorFlow is there but does not start (killed); type: npx cnnc engine doctor',
    ],
  ])('%j, training: %j', (choice, training, line) => expect(choiceLine(choice, training)).toBe(line));
});
