/** What does not fit is refused before anything is loaded, with a way out; on machines that are made up here. */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFile } from '../../src/cli/check.ts';
import { estimatesFor, memoryLine, mustFit, sizeOf } from '../../src/cli/memory.ts';
import { compile } from '../../src/compiler/compile.ts';
import { onBothEngines } from '../../src/compiler/memory/both.ts';
import { DiagnosticError, type Diagnostic } from '../../src/compiler/diagnostics/diagnostic.ts';
import type { MachineMemory } from '../../src/runtime/engine/machine-memory.ts';

const GB = 1e9;
const text = (batch = 256, network = 'conv 32 3x3 same; relu; pool 2; conv 32 3x3 same; relu; flatten; dense 8; relu; dense classes') =>
  `data { synthetic shapes 600 classes=4; image 128x128 rgb }\nnetwork < ${network} >\nfit { batch ${batch} }`;
const machine = (total: number, available = total, limitedBy: MachineMemory['limitedBy'] = 'machine'): MachineMemory => ({ total, available, limitedBy });

async function fitting(source: string, on: MachineMemory, { engine = 'tensorflow' as 'tensorflow' | 'onnx', anyway = false, set = {} } = {}) {
  const { program, ast } = compile(source, { path: 'x.cnn', set });
  try {
    const { memory, warnings } = await mustFit({ ast, facts: null }, program!, engine, { machine: on, anyway });
    return { memory, found: warnings };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { memory: null, found: error.diagnostics };
  }
}
const shown = (source: string, [d]: readonly Diagnostic[]) => [d.code, d.severity, source.slice(d.span.start, d.span.end)];

describe('a run', () => {
  it('that fits says nothing', async () => {
    const { found, memory } = await fitting(text(), machine(64 * GB));
    expect(found).toEqual([]);
    expect(memory?.total).toBeGreaterThan(2 * GB);
  });

  it('that does not is refused at its batch, with one that fits', async () => {
    const { found } = await fitting(text(), machine(2 * GB));
    expect(shown(text(), found)).toEqual(['CNN6059', 'error', 'batch 256']);
    expect(found[0].message).toMatch(/^training would take about [\d.]+ GB of memory, and this machine has 2 GB$/);
    expect(found[0].notes[0]).toMatch(/^the tensors of a step with 256 pictures [\d.]+ GB, weights and optimizer [\d.]+ MB, pictures [\d.]+ MB, cnnc and TensorFlow themselves [\d.]+ MB$/);
    const batch = Number(/^a batch of (\d+) fits: fit \{ batch \1 \}, or --set fit\.batch=\1$/.exec(found[0].help[0])?.[1]);
    expect((await fitting(text(batch), machine(2 * GB))).found).toEqual([]);
    expect((await fitting(text(2 * batch), machine(2 * GB))).found).toHaveLength(1);
    // What --set says counts, and is where the message points.
    expect((await fitting(text(), machine(2 * GB), { set: { 'fit.batch': String(batch) } })).found).toEqual([]);
  });

  it('in a container hears of the container', async () => {
    const { found } = await fitting(text(), machine(2 * GB, 2 * GB, 'container'));
    expect(found[0].message).toMatch(/this container may take 2 GB$/);
    expect(found[0].help).toContain('or give the container more memory');
  });

  it('hears of the other engine where that would do', async () => {
    const [tensorflow, onnx] = await Promise.all((['tensorflow', 'onnx'] as const).map(async (engine) => (await fitting(text(16), machine(64 * GB), { engine })).memory!.total));
    expect(onnx).toBeLessThan(tensorflow);
    const { found } = await fitting(text(16), machine((onnx + tensorflow) / 2));
    expect(found[0].help).toContainEqual(expect.stringMatching(/^onnx takes about [\d.]+ [MG]B: --engine onnx$/));
  });

  it('hears of the other engine with a smaller batch where there is none here', async () => {
    const { found } = await fitting(text(256), machine(0.55 * GB));
    expect(found[0].help).toEqual([
      expect.stringMatching(/^cnnc and TensorFlow themselves take \d+ MB$/),
      expect.stringMatching(/^onnx takes about \d+ MB with batches of (\d+): --engine onnx --set fit\.batch=\1$/),
      'to train all the same: --any-memory',
    ]);
  });

  it.each<[string, string, number, RegExp]>([
    ['tensors', text(1, 'conv 64 3x3 same; relu; conv 64 3x3 same; relu; global_avg_pool; dense classes').replace('128x128', '1024x1024'), 1 * GB, /^no batch is small enough: make the image smaller/],
    ['weights', text(1, 'flatten; dense 4000; relu; dense classes'), 2 * GB, /^the weights alone are too many/],
  ])('that no batch makes fit hears that of its %s', async (_, source, total, help) => {
    const { found } = await fitting(source, machine(total));
    expect(found[0].help[0]).toMatch(help);
  });

  it('goes on with a warning where only the rest is in use, or where it is told to', async () => {
    const little = await fitting(text(), machine(64 * GB, 2 * GB));
    expect(shown(text(), little.found)).toEqual(['CNN6068', 'warning', 'batch 256']);
    expect(little.found[0].message).toMatch(/and 2 GB are free now$/);
    const told = await fitting(text(), machine(2 * GB), { anyway: true });
    expect([told.memory !== null, ...shown(text(), told.found)]).toEqual([true, 'CNN6059', 'warning', 'batch 256']);
  });
});

describe('what is shown', () => {
  const { program } = compile(text(32), { path: 'x.cnn' });

  it('is both engines in the summary, the one that would serve first', async () => {
    const estimates = await estimatesFor(program!, null);
    expect(estimates.map(({ engine }) => engine).sort()).toEqual(['onnx', 'tensorflow']);
  });

  it('leaves out an engine that cannot run the program', async () => {
    const mixed = compile(`${text(32)}\ncompile { precision mixed_bfloat16 }`, { path: 'x.cnn' }).program!;
    expect((await estimatesFor(mixed, null)).map(({ engine }) => engine)).toEqual(['tensorflow']);
    expect((await fitting(`${text(32)}\ncompile { precision mixed_bfloat16 }`, machine(64 * GB), { engine: 'onnx' })).found.map((d) => d.code)).toEqual(['CNN5041']);
    const budgeted = compile(`${text(32)}\ncompile { precision mixed_bfloat16 }\nbudget { memory 64GB }`, { path: 'x.cnn', memory: onBothEngines });
    expect(budgeted.diagnostics).toEqual([]);
  });

  it('is a line of check, which says what is too much', async () => {
    expect(await memoryLine(program!, null, machine(64 * GB))).toMatch(/^training takes about [\d.]+ [MG]B of memory \((TensorFlow|onnx), batches of 32\)$/);
    expect(await memoryLine(program!, null, machine(0.2 * GB))).toMatch(/, more than the 200 MB of this machine$/);
  });

  it('is nothing for deep networks that are small', async () => {
    const deep = compile('input 8x8x3\nclasses 2\nnetwork < repeat 40 < conv 4 3x3 same; relu >; flatten; dense classes >', { path: 'x.cnn' }).program!;
    expect(await memoryLine(deep, null, machine(64 * GB))).toBeNull();
    expect(await memoryLine(deep, null, machine(1e6))).not.toBeNull();
  });

  it('counts the samples that there are', () => {
    expect(sizeOf(program!, null)).toEqual({ samples: 600, pixels: 'uint8' });
    const limited = compile(text(32).replace('image', 'limit 100; image'), { path: 'x.cnn' }).program!;
    expect(sizeOf(limited, null).samples).toBe(100);
  });
});

it('check looks at a limit of memory, and says what training takes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cnnc-memory-'));
  const path = join(folder, 'x.cnn');
  writeFileSync(path, text(32));
  const sound = await checkFile(path, { data: true, fix: false, memory: true });
  expect([sound.diagnostics, sound.memory]).toEqual([[], expect.stringMatching(/^training takes about/)]);
  expect((await checkFile(path, { data: true, fix: false })).memory).toBeNull();
  writeFileSync(path, `${text(32)}\nbudget { memory 300MB }`);
  expect((await checkFile(path, { data: false, fix: false })).diagnostics.map((d) => d.code)).toEqual(['CNN1262']);
  expect(readdirSync(folder)).toEqual(['x.cnn']);
});
