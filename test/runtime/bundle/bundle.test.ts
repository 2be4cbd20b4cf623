import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initialWeights } from '../../../src/compiler/graph/initial.ts';
import { variablesOf } from '../../../src/compiler/graph/training.ts';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { compile } from '../../../src/compiler/compile.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { checkProgram } from '../../../src/runtime/bundle/check-program.ts';
import { loadBundle, saveBundle } from '../../../src/runtime/bundle/files.ts';
import { writeNpz } from '../../../src/runtime/files/npz.ts';
import { asTensors } from '../../../src/runtime/train/tensors.ts';

const text = `
data { folder "x"; image 16x16 rgb; classes [a, b, c] }
preprocess { featurewise_center; featurewise_std_normalization }
augment { rotation 10; horizontal_flip }
network < repeat 2 < conv 4; batch_norm; relu; pool 2 >; flatten; dense 8; dropout .5; dense classes; softmax >
compile { optimizer sgd lr=.1 momentum=.9; metrics accuracy }
fit { early_stopping patience=2; checkpoint every=2 }
plot loss { legend "Train" "Validation" at=best }
`;
const program = ((): Program => {
  const facts = { labelKind: 'categorical', classes: ['a', 'b', 'c'], sampleShape: null, pixelType: 'uint8', count: 300, perClass: [100, 100, 100], parts: { test: false, validation: false } } as const;
  const result = compile(text, { path: 'x.cnn', facts });
  if (!result.program) throw new Error(result.diagnostics.map((d) => d.message).join('\n'));
  return result.program;
})();

/** The program as JSON with one value put in: `layers.0.word`. */
function changed(path: string, value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(program));
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const at = keys.reduce((v, key) => (v as Record<string, unknown>)[key], copy) as Record<string, unknown>;
  Object.defineProperty(at, last, { value, enumerable: true, writable: true, configurable: true });
  return copy;
}

describe('a program from outside', () => {
  it('is taken as it was written', () => {
    expect(checkProgram(JSON.parse(JSON.stringify(program)))).toEqual(program);
  });

  it.each([
    ['layers', []],
    ['layers.0.word', 'eval'],
    ['layers.0.args.code', 'x'],
    ['layers.0.name', '../x'],
    ['layers.0.args.size', [1e9, 1]],
    ['layers.0.output', [9, 9, 9]],
    ['layers.0.variables.0.shape', [3, 3, 3, 400]],
    ['layers.0.macs', 1],
    ['input', [32, 32, 3]],
    ['labels.count', 4],
    ['compile.optimizer.lr', '1'],
    ['compile.optimizer.kind', 'constructor'],
    ['plots.0.file', '../../x'],
    ['network.nodes.0.iterations.0.nodes.0.layer', 99],
    ['fit.__proto__', {}],
    ['preprocess.meanStd', { mean: [1], std: [1] }],
  ])('is refused with %s = %j', (path, value) => {
    expect(() => checkProgram(changed(path, value))).toThrow();
  });

  it.each([null, 1, 'x', [], {}])('%j is none', (raw) => expect(() => checkProgram(raw)).toThrow());

  it('is refused when it is nested too deep', () => {
    let cell: unknown = { nodes: [], origin: program.network.origin };
    for (let i = 0; i < 5000; i++) cell = { nodes: [{ kind: 'repeat', count: 1, cells: 1, iterations: [cell], origin: program.network.origin }], origin: program.network.origin };
    expect(() => checkProgram({ ...program, network: cell })).toThrow(/network/);
  });
});

describe('a bundle', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cnnc-bundle-'));
    const variables = variablesOf(program);
    await saveBundle(
      join(folder, 'model'),
      {
        program,
        weights: asTensors(initialWeights(program, 1), variables),
        statistics: asTensors({ 'preprocess/mean': Float32Array.of(1, 2, 3), 'preprocess/std': Float32Array.of(1, 1, 1) }, variables),
        classes: ['a', 'b', 'c'],
        pixels: 'uint8',
      },
      { cnnc: '0.1.0', created: '2025-01-01T00:00:00.000Z' },
    );
  });
  afterEach(() => rm(folder, { recursive: true }));

  const code = async (): Promise<string> => {
    const error: unknown = await loadBundle(folder).then(() => null, (e: unknown) => e);
    return error instanceof DiagnosticError ? `${error.diagnostics[0].code} ${error.diagnostics[0].message}` : String(error);
  };

  it('comes back whole, from the run folder or its model folder', async () => {
    const bundle = await loadBundle(folder);
    expect(bundle.program).toEqual(program);
    expect(Object.keys(bundle.weights)).toEqual(variablesOf(program).filter((v) => v.role === 'weight').map((v) => v.name));
    expect([...bundle.statistics['preprocess/mean'].data]).toEqual([1, 2, 3]);
    expect(await loadBundle(join(folder, 'model'))).toEqual(bundle);
  });

  it('is none without bundle.json', async () => {
    await rm(join(folder, 'model', 'bundle.json'));
    expect(await code()).toMatch(/^CNN6057/);
    folder = join(folder, 'model', 'program.json');
    expect(await code()).toMatch(/^CNN6057/);
    folder = join(folder, '..', '..');
  });

  it.each<[string, string, (bytes: Buffer) => string | Uint8Array]>([
    ['cut off', 'weights.npz', (b) => b.subarray(0, b.length - 40)],
    ['no archive', 'weights.npz', () => 'x'],
    ['other weights', 'weights.npz', () => writeNpz({ 'conv_1/kernel': { shape: [1], data: new Float32Array(1) } })],
    ['no JSON', 'program.json', () => '{'],
    ['another schema', 'bundle.json', () => '{"schema":2}'],
    ['other classes', 'bundle.json', (b) => b.toString().replace('"c"', '"c","d"')],
  ])('%s: %s is said to be damaged', async (_, name, change) => {
    const path = join(folder, 'model', name);
    await writeFile(path, change(await readFile(path)));
    expect(await code()).toMatch(/^CNN6058/);
  });

  it('without its statistics is damaged', async () => {
    await rm(join(folder, 'model', 'statistics.npz'));
    expect(await code()).toMatch(/^CNN6058/);
  });
});
