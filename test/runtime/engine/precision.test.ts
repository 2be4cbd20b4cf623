/** `precision mixed_bfloat16` on TensorFlow: every layer word beside the interpreter, what may stand around layers, and the same bytes twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { interpretFunction } from '../../../src/compiler/graph/interpret.ts';
import { ndarray, type NDArray } from '../../../src/compiler/graph/ndarray.ts';
import { draws, Purpose } from '../../../src/compiler/graph/philox.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import type { TrainingGraph } from '../../../src/compiler/graph/types.ts';
import type { DataFacts, LayerWord, Program } from '../../../src/compiler/model/program.ts';
import type { Engine, Tensor, Tensors } from '../../../src/runtime/engine/engine.ts';
import { findEngines } from '../../../src/runtime/engine/install/places.ts';
import { openTensorFlow } from '../../../src/runtime/engine/tensorflow/engine.ts';
import { startVariables } from '../../../src/runtime/train/run.ts';
import { precisionNames } from '../../goldens/load.ts';
import { engineAvailable } from '../../support/engine.ts';
import { distance, trainsAsKeras } from '../../support/precision-goldens.ts';

const BATCH = 4;
/** A bfloat16 has 8 bits: 2⁻⁸ from one to the next. What either side rounds otherwise moves all that comes after by so much. */
const TOLERANCE = 2 ** -6;

/** What stands after `conv 4 3x3 same` and before `dense classes`. */
const words: { readonly [W in LayerWord]: string } = {
  conv: 'conv 5 3x3 stride=2', depthwise_conv: 'depthwise_conv 3x3 dilation=2', separable_conv: 'separable_conv 5 3x3', conv_transpose: 'conv_transpose 3 2x2 stride=2',
  dense: 'flatten; dense 7 activation=tanh', pool: 'pool 3 stride=2; pool 2', avg_pool: 'avg_pool 3 stride=2', global_avg_pool: 'global_avg_pool', global_pool: 'global_pool', zero_pad: 'zero_pad 1', cropping: 'cropping 1',
  upsample: 'upsample 2; upsample 2 bilinear', batch_norm: 'batch_norm; batch_norm trainable=off', layer_norm: 'layer_norm', group_norm: 'group_norm 2', dropout: 'dropout .3', spatial_dropout: 'spatial_dropout .3',
  gaussian_dropout: 'gaussian_dropout .2', gaussian_noise: 'gaussian_noise .2', flatten: 'flatten', reshape: 'reshape 32x8', permute: 'permute [2, 1, 3]', rescale: 'rescale .3 offset=.1', prelu: 'prelu',
  relu: 'relu', relu6: 'relu6', leaky_relu: 'leaky_relu', elu: 'elu .7', selu: 'selu', gelu: 'gelu', silu: 'silu', mish: 'mish', hard_sigmoid: 'hard_sigmoid', hard_silu: 'hard_silu',
  sigmoid: 'sigmoid', tanh: 'tanh', softplus: 'softplus', softsign: 'softsign', softmax: 'flatten; dense 6; softmax',
};
const givesRow: ReadonlySet<string> = new Set(['dense', 'global_avg_pool', 'global_pool', 'flatten', 'softmax']);

const labels = {
  sparse: { data: 'synthetic shapes count=8 classes=3', head: 'dense classes; softmax', classes: ['a', 'b', 'c'] },
  binary: { data: 'synthetic shapes count=8 classes=2; labels binary', head: 'dense 1 activation=sigmoid', classes: ['a', 'b'] },
} as const;

interface Wish {
  readonly network: string;
  readonly compile?: string;
  readonly fit?: string;
  readonly labels?: keyof typeof labels;
}

function programOf({ network, compile: words = 'optimizer sgd lr=.5', labels: kind = 'sparse' }: Wish): Program {
  const { data, head, classes } = labels[kind];
  const facts: DataFacts = { labelKind: kind, classes, sampleShape: [8, 8, 3], pixelType: 'uint8', count: 8, perClass: classes.map(() => 4), parts: { test: false, validation: false } };
  const text = `model Mixed\ndata { ${data}; image 8x8 rgb }\npreprocess { scale 1/255 }\nnetwork < conv 4 3x3 same; ${network}; ${head} >\ncompile { ${words}; precision mixed_bfloat16 }\nfit { epochs 1; batch ${BATCH}; seed 3 }\n`;
  const { program, diagnostics } = compile(text, { path: 'mixed.cnn', facts });
  if (!program) throw new Error(`${network}: ${diagnostics.map((d) => d.message).join('; ')}`);
  return program;
}

function dataOf({ train }: TrainingGraph, seed: number): Record<string, Tensor> {
  const random = draws(seed, Purpose.synthetic, 1);
  const x = Uint8Array.from({ length: BATCH * 8 * 8 * 3 }, () => Math.floor(random.uniform() * 256));
  const y = train.inputs.find(({ node }) => node.label === 'y')!;
  const answers = [0, 1, 1, 0];
  return {
    x: { dtype: 'uint8', shape: [BATCH, 8, 8, 3], data: x },
    y: y.dtype === 'int32' ? { dtype: 'int32', shape: [BATCH], data: Int32Array.from(answers) } : { dtype: 'float32', shape: [BATCH, 1], data: Float32Array.from(answers) },
  };
}

const state = (step: number): Tensors => ({
  key: { dtype: 'int32', shape: [2], data: Int32Array.of(5, 6) },
  step: { dtype: 'int32', shape: [], data: Int32Array.of(step) },
  lr: { dtype: 'float32', shape: [], data: Float32Array.of(0.5) },
});

const arrays = (tensors: Tensors): Record<string, NDArray> => Object.fromEntries(Object.entries(tensors).map(([name, { dtype, shape, data }]) => [name, ndarray(shape, data, dtype)]));

describe.skipIf(!engineAvailable())('mixed_bfloat16 on TensorFlow', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTensorFlow({ addonPath: findEngines('tensorflow')[0].path, threads: 2, bfloat16: 'emulated' });
  });
  afterAll(() => engine?.close());

  async function begin(wish: Wish, on = engine): Promise<{ readonly program: Program; readonly graph: TrainingGraph; readonly start: Tensors; readonly data: Record<string, Tensor> }> {
    const program = programOf(wish);
    const graph = buildTraining(program);
    const start = startVariables({ program, graph, initial: null, statistics: {} });
    await on.load(graph);
    await on.restore(start);
    return { program, graph, start, data: dataOf(graph, 9) };
  }

  it.each(precisionNames)('%s trains as in Keras', (name) => trainsAsKeras(engine, name));

  it.each(Object.entries(words))('%s trains, evaluates and predicts as the interpreter', async (word, network) => {
    const { graph, start, data } = await begin({ network: givesRow.has(word) ? network : `${network}; flatten` });
    const variables = new Map(Object.entries(arrays(start)));
    const [x, labelled] = [{ x: data.x }, { x: data.x, y: data.y }];
    for (const [fn, feeds, output] of [['predict', x, 'y'], ['evaluate', labelled, 'sums']] as const) {
      const got = (await engine.run(fn, feeds))[output];
      const wanted = interpretFunction(graph[fn], arrays(feeds), variables).outputs[output];
      expect(got.dtype).toBe('float32');
      expect(distance(got.data, wanted.data), fn).toBeLessThan(TOLERANCE);
    }
    const feeds = { ...data, ...state(1) };
    const got = await engine.run('train', feeds);
    const wanted = interpretFunction(graph.train, arrays(feeds), variables);
    expect(distance(got.sums.data, wanted.outputs.sums.data), 'loss').toBeLessThan(TOLERANCE);
    const after = await engine.state();
    const changes = (name: string, values: ArrayLike<number>): number[] => Array.from(start[name].data, (before, i) => values[i] - before);
    for (const [name, { data: values }] of wanted.updates) expect(distance(changes(name, after[name].data), changes(name, values)), `change of ${name}`).toBeLessThan(4 * TOLERANCE);
  });

  it.each<Wish>([
    { network: 'relu; pool 2; flatten', labels: 'binary', compile: 'optimizer adam; loss binary_crossentropy label_smoothing=.1; metrics accuracy auc' },
    { network: 'conv 4 3x3 same groups=2 bias=off kernel_regularizer=l2(.01) activity_regularizer=l1(.001); relu; flatten', compile: 'optimizer adamw ema clipnorm=.5' },
    { network: 'residual < conv 4 3x3 same; batch_norm >; branch < conv 2 1x1 > < avg_pool 3 stride=1 same; conv 2 1x1 >; relu; flatten; dropout .5', compile: 'optimizer rmsprop momentum=.9 global_clipnorm=1' },
    { network: 'conv 4 3x3 same trainable=off; relu; global_avg_pool', compile: 'optimizer sgd momentum=.9 nesterov; loss mse' },
  ])('three steps of $network with $compile: finite, and the same bytes twice', async (wish) => {
    const steps = async (): Promise<readonly Tensor[]> => {
      const { graph, data } = await begin(wish);
      const results: Tensor[] = [];
      for (const step of [1, 2, 3]) {
        const { sums, finite } = await engine.run('train', { ...data, ...state(step) });
        expect([...finite.data]).toEqual([1]);
        results.push(sums);
      }
      expect(graph.variables.every(({ type }) => type.dtype === 'float32')).toBe(true);
      return [...results, ...Object.values(await engine.state())];
    };
    const bytes = (tensors: readonly Tensor[]): string => tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')).join();
    expect(bytes(await steps())).toBe(bytes(await steps()));
  });

  it('runs in the kernels of bfloat16 themselves, too', async () => {
    const native = await openTensorFlow({ addonPath: findEngines('tensorflow')[0].path, threads: 2, bfloat16: 'native' });
    try {
      const wish = { network: 'conv_transpose 4 2x2 stride=2; relu; pool 2; conv 5 1x1 stride=2; flatten; dense 6' };
      const answers = [];
      for (const on of [engine, native]) {
        const { data } = await begin(wish, on);
        answers.push((await on.run('train', { ...data, ...state(1) })).sums.data, (await on.run('predict', { x: data.x })).y.data);
      }
      // Without a processor that has it these kernels add up in bfloat16: near, not equal.
      expect(distance(answers[2], answers[0])).toBeLessThan(0.1);
      expect(distance(answers[3], answers[1])).toBeLessThan(0.1);
    } finally {
      await native.close();
    }
  });
});
