/**
 * The networks of examples/zoo trained for two steps, small pictures and a batch of two: all of them with CNNC_SOAK, the smallest otherwise. The
 * loss of the first step is held against the float64 interpreter where that is quick, the second must be a number and another one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importsFor } from '../../../src/cli/imports.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { initialSlots, initialWeights } from '../../../src/compiler/graph/initial.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { draws, keyOf, Purpose } from '../../../src/compiler/graph/philox.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import type { DataFacts } from '../../../src/compiler/model/program.ts';
import type { Engine, Tensors } from '../../../src/runtime/engine/engine.ts';
import { asTensors } from '../../../src/runtime/train/tensors.ts';
import { evaluate } from '../../fuzz/reference.ts';
import { anyEngine, openEngines } from '../../support/engines.ts';

const root = fileURLToPath(new URL('../../../examples/zoo/', import.meta.url));
const soak = Boolean(process.env.CNNC_SOAK);
/** Height and width; those not named here take 32. Deep ones need more than one pixel at the end: normalised over two numbers anything is plus or minus 1, by rounding. */
const sides: Readonly<Record<string, number>> = { 'lenet-5': 28, alexnet: 64, squeezenet: 64, xception: 71, 'resnet-50': 64, 'densenet-121': 64 };
const interpreted = ['lenet-5', 'mobilenet', 'squeezenet', 'resnet-18'];
const names = readdirSync(root).filter((file) => file.endsWith('.cnn')).map((file) => file.slice(0, -4)).filter((name) => soak || name === 'lenet-5');
const CLASSES = 5;

describe.skipIf(!anyEngine())('a network that everybody knows', () => {
  let engines: readonly Engine[];
  beforeAll(async () => {
    engines = await openEngines();
  });
  afterAll(() => Promise.all(engines?.map((engine) => engine.close()) ?? []));

  it.each(names)('is trained: %s', async (name) => {
    const channels = name === 'lenet-5' ? 1 : 3;
    const side = sides[name] ?? 32;
    const facts: DataFacts = {
      labelKind: 'categorical', classes: Array.from({ length: CLASSES }, (_, i) => `c${i}`), sampleShape: [side, side, channels], pixelType: 'uint8', count: 100, perClass: [], parts: { test: false, validation: false },
    };
    const path = `${root}${name}.cnn`;
    const text = readFileSync(path, 'utf8').replace(/^input .*\nclasses .*$/m, 'data { npz "pictures.npz" }\npreprocess { scale 1/255 }\nfit { batch 2; seed 4 }');
    const { program, diagnostics } = compile(text, { path, facts, imports: importsFor(path) });
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    const graph = buildTraining(program!, { pixels: 'uint8' });
    const random = draws(4, Purpose.synthetic, 1);
    const start: Tensors = { ...asTensors(initialWeights(program!, 4), graph.variables), ...asTensors(initialSlots(graph), graph.variables) };
    const feeds = (step: number): Tensors => ({
      x: pictures,
      y: { dtype: 'int32', shape: [2], data: Int32Array.of(3, 1) },
      key: { dtype: 'int32', shape: [2], data: Int32Array.from(keyOf(4, Purpose.dropout)) },
      step: { dtype: 'int32', shape: [], data: Int32Array.of(step) },
      lr: { dtype: 'float32', shape: [], data: Float32Array.of(0.001) },
    });
    const pictures = { dtype: 'uint8' as const, shape: [2, side, side, channels], data: Uint8Array.from({ length: 2 * side * side * channels }, () => random.below(256)) };

    const variables = new Map(Object.entries(start).map(([variable, { shape, data, dtype }]) => [variable, ndarray(shape, data, dtype)]));
    const right = interpreted.includes(name) ? evaluate([graph.train.outputs.sums], feeds(1), variables)[0].data[0] : null;
    const losses: number[][] = [];
    for (const engine of engines) {
      await engine.load(graph);
      await engine.restore(start);
      const [first, second] = [await engine.run('train', feeds(1)), await engine.run('train', feeds(2))].map(({ sums }) => sums.data[0]);
      if (right !== null) expect(Math.abs(first - right) / right, `${engine.info.kind}: ${first} and ${right}`).toBeLessThan(1e-4);
      expect(Number.isFinite(second), `${engine.info.kind}: ${second}`).toBe(true);
      expect(second).not.toBe(first);
      losses.push([first, second]);
    }
    for (const [first] of losses) expect(Math.abs(first - losses[0][0]) / losses[0][0], JSON.stringify(losses)).toBeLessThan(1e-4);
  }, 600_000);
});
