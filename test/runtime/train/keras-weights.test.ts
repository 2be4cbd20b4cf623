/** Weights from files that Keras saved (scripts/goldens/keras_weights.py): the numbers, by our names, and what is said where a file does not fit. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import { readInitialWeights } from '../../../src/runtime/train/initial-file.ts';

const folder = fileURLToPath(new URL('../../fixtures/keras/', import.meta.url));
const golden = JSON.parse(readFileSync(`${folder}small.json`, 'utf8')) as { weights: Record<string, number[]>; pictures: number[]; predictions: number[][] };
const base = mkdtempSync(join(tmpdir(), 'cnnc-keras-'));
afterAll(() => rmSync(base, { recursive: true }));

const small = 'conv 3 3x3; batch_norm; relu; conv 4 3x3 bias=off; batch_norm scale=off; flatten; dense 5; relu; dense classes; softmax';
function programOf(network: string) {
  const { program, diagnostics } = compile(`input 8x8x1\nclasses 3\nnetwork < ${network} >\n`, { path: 'x.cnn' });
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return program;
}
async function read(file: string, network = small) {
  const program = programOf(network);
  const graph = buildTraining(program);
  return { program, graph, ...(await readInitialWeights(file, graph.variables, program.layers)) };
}
const refused = async (file: string, network = small) => {
  const error = await read(file, network).then(() => null, (e: unknown) => e);
  if (!(error instanceof DiagnosticError)) throw new Error(`not refused: ${String(error)}`);
  return error.diagnostics[0];
};

describe.each(['small.weights.h5', 'small.keras', 'small.h5'])('%s', (file) => {
  it('gives every weight', async () => {
    const { weights } = await read(folder + file);
    expect(Object.keys(weights).sort()).toEqual(Object.keys(golden.weights).sort());
    for (const [name, values] of Object.entries(golden.weights)) expect(Array.from(weights[name].data, Number), name).toEqual(values);
  });

  it('predicts what Keras predicts', async () => {
    const { weights, graph } = await read(folder + file);
    const variables = new Map(Object.entries(weights).map(([name, { shape, data }]) => [name, ndarray(shape, Array.from(data, Number))]));
    const [y] = interpret([graph.predict.outputs.y], { x: ndarray([4, 8, 8, 1], golden.pictures, 'uint8') }, variables);
    golden.predictions.flat().forEach((value, i) => expect(y.data[i]).toBeCloseTo(value, 5));
  });

  it.each([
    ['another width', small.replace('conv 3', 'conv 6'), 'conv_1/kernel is 3x3x1x3 in the file, 3x3x1x6 in the network'],
    ['a layer more', small.replace('dense 5', 'dense 5; relu; dense 5'), 'the file has no dense_3/kernel'],
    ['a layer less', small.replace('dense 5; relu; ', ''), 'the network has no'],
  ])('%s is told', async (_, network, expected) => {
    const { code, notes, help } = await refused(folder + file, network);
    expect(code).toBe('CNN6055');
    expect(notes.join('\n')).toContain(expected);
    expect(help[0]).toContain('Keras');
  });
});

it('names decide where the file has them all', async () => {
  // In another order: by name, each layer finds its own.
  const { weights } = await read(`${folder}small.h5`, small.replace('conv 3 3x3', 'conv 3 3x3 name="first"').replace('conv 4 3x3', 'conv 4 3x3 name="conv2d"').replace('batch_norm;', 'batch_norm name="batch_normalization";').replace('batch_norm scale', 'batch_norm name="batch_normalization_1" scale').replace('dense 5', 'dense 5 name="zeta"').replace('dense classes', 'dense classes name="alpha"'));
  expect(Array.from(weights['alpha/bias'].data, Number)).toEqual(golden.weights['dense_2/bias']);
});

describe('what is no file of Keras', () => {
  it.each([
    ['a text', 'a.h5', Buffer.from('weights'), 'no HDF5 file'],
    ['nothing', 'b.keras', Buffer.alloc(0), 'no HDF5 file'],
    ['half of one', 'c.h5', readFileSync(`${folder}small.h5`).subarray(0, 20_000), ''],
    ['half an archive', 'd.keras', readFileSync(`${folder}small.keras`).subarray(0, 20_000), ''],
  ])('%s', async (_, name, bytes, expected) => {
    writeFileSync(join(base, name), bytes);
    const said = await refused(join(base, name));
    expect(said.code).toBe('CNN6056');
    expect(said.message).toContain(expected);
  });

  it('no byte of it can do harm', async () => {
    const whole = readFileSync(`${folder}small.weights.h5`);
    for (let i = 0; i < 60; i++) {
      const bytes = Buffer.from(whole);
      for (let k = 0; k < 8; k++) bytes[(i * 7919 + k * 104_729) % bytes.length] ^= 1 << (i + k) % 8;
      writeFileSync(join(base, 'bits.h5'), bytes);
      await read(join(base, 'bits.h5')).catch((error: unknown) => {
        if (!(error instanceof DiagnosticError)) throw error;
      });
    }
  });

  it('a file that is not there', async () => {
    expect((await refused(join(base, 'none.keras'))).code).toBe('CNN6056');
  });
});
