/** `train.ts`, `predict.ts`, `random.ts`, `weights.ts`, `classes.ts` and `index.ts` of the generated code. */
import type { Program } from '../../model/program.ts';
import { comment, shape, string } from './emit.ts';
import { featuresOf } from './features.ts';
import { predictionActivation } from './head.ts';
import { header, importLine, lines, tfjs } from './module.ts';
import { outputOf } from './signature.ts';
import { optimizerSource } from './optimizer.ts';
import { hasConstraints, hasPenalties, rulesSource } from './weights-rules.ts';

export function trainModule(program: Program): string {
  const features = featuresOf(program);
  const { statistics, augment, random, dropout, mode, classes } = features;
  const { name: optimizer } = optimizerSource(program.compile);
  const labels = classes ? 'tf.Tensor1D' : 'tf.Tensor2D';
  const options = [...(statistics ? ['statistics'] : []), ...(random ? ['random'] : [])];
  const fields = [...(statistics ? ['readonly statistics: Statistics;'] : []), ...(random ? ['readonly random: Random;'] : [])];
  const argument = options.length > 0 ? `, { ${options.join(', ')} }: TrainOptions` : '';
  const modeCode = mode ? `, { training: true${dropout ? ', random' : ''} }` : '';
  const penalised = hasPenalties(program);
  return lines(
    header('One step of training.'),
    tfjs,
    augment && importLine('./augment.ts', ['augment']),
    importLine('./loss.ts', ['lossOf', 'measure'], ['Measures']),
    importLine('./model.ts', ['forward'], ['Model']),
    importLine('./optimizer.ts', [optimizer], ['Optimizer']),
    importLine('./preprocess.ts', ['preprocess'], statistics ? ['Statistics'] : []),
    random && importLine('./random.ts', [], ['Random']),
    `
export interface Batch {
  /** Pixels ${shape(program.input)}. */
  readonly images: tf.Tensor4D;
  /** ${classes ? 'Class numbers, int32 [n].' : 'Rows [n, outputs].'} */
  readonly labels: ${labels};
}
${fields.length > 0 ? `\nexport interface TrainOptions {\n  ${fields.join('\n  ')}\n}\n` : ''}
const trainable = ({ variables }: Model): tf.Variable[] => [...variables.values()].filter((variable) => variable.trainable);

/** The optimizer for a model; keep it from step to step. */
export const newOptimizer = (model: Model): Optimizer => ${optimizer}(trainable(model));

/**
 * One step: forward, loss, gradients, update. Gives the mean loss of the batch before the update; dispose it.
 * tfjs-core must know its gradients: see README.md.
 */
export function trainStep(model: Model, optimizer: Optimizer, { images, labels }: Batch${argument}): tf.Scalar {
  return tf.tidy(() => {
    const inputs = preprocess(${augment ? 'augment(images, random)' : 'images'}${statistics ? ', statistics' : ''});
    const { value, grads } = tf.variableGrads(() => ${penalised ? `tf.add(lossOf(labels, forward(model.parameters, inputs${modeCode})), penalties(model))` : `lossOf(labels, forward(model.parameters, inputs${modeCode}))`}, trainable(model));
    optimizer.apply(grads);
${hasConstraints(program) ? '    constrain(model);\n' : ''}    return value;
  });
}

/** The loss and the metrics of a batch, changing nothing. */
export async function evaluate(model: Model, { images, labels }: Batch${statistics ? ', statistics: Statistics' : ''}): Promise<Measures> {
  const outputs = tf.tidy(() => forward(model.parameters, preprocess(images${statistics ? ', statistics' : ''})));
  const measures = await measure(labels, outputs);
  outputs.dispose();
  ${penalised ? `const cost = tf.tidy(() => penalties(model));
  const [penalty] = await cost.data();
  cost.dispose();
  return { ...measures, loss: measures.loss + penalty };` : 'return measures;'}
}
`,
    rulesSource(program),
  );
}

export function predictModule(program: Program): string {
  const { statistics, classes } = featuresOf(program);
  const head = predictionActivation(program) !== null;
  const forward = `forward(model.parameters, preprocess(images${statistics ? ', statistics' : ''}))`;
  const output = outputOf(program, program.network, program.input);
  return lines(
    header('What the network says about pictures.'),
    tfjs,
    classes && importLine('./classes.ts', ['classes'], ['ClassName']),
    importLine('./model.ts', ['forward', ...(head ? ['probabilities'] : [])], ['Model']),
    importLine('./preprocess.ts', ['preprocess'], statistics ? ['Statistics'] : []),
    `
/** Pixels ${shape(program.input)} → ${head ? 'probabilities' : 'outputs'} ${shape(output)}. */
export function predict(model: Model, images: tf.Tensor4D${statistics ? ', statistics: Statistics' : ''}): tf.Tensor2D {
  return tf.tidy(() => ${head ? `probabilities(${forward})` : forward});
}
`,
    classes &&
      `
export interface Guess {
  readonly name: ClassName;
  /** ${head ? 'Its probability.' : 'Its score.'} */
  readonly ${head ? 'probability' : 'score'}: number;
}

/** The likeliest classes of each picture, best first. */
export async function classify(model: Model, images: tf.Tensor4D${statistics ? ', statistics: Statistics' : ''}, top = ${Math.min(3, program.labels.count)}): Promise<Guess[][]> {
  const outputs = predict(model, images${statistics ? ', statistics' : ''});
  const rows = await outputs.array();
  outputs.dispose();
  return rows.map((row) =>
    row
      .map((value, i): Guess => ({ name: classes[i], ${head ? 'probability' : 'score'}: value }))
      .sort((a, b) => b.${head ? 'probability' : 'score'} - a.${head ? 'probability' : 'score'})
      .slice(0, top),
  );
}
`,
  );
}

/** `names`: known only when the program or the data says them; otherwise classes are numbered. */
export function classesModule(program: Program): string {
  const { kind, count, names } = program.labels;
  const list = names ?? Array.from({ length: count }, (_, i) => String(i));
  return lines(
    header(kind === 'values' ? 'The names of the outputs, in order.' : 'The names of the model and of its classes, in the order of the outputs.'),
    `
export const modelName = ${string(program.name)};

export const classes = [${list.map(string).join(', ')}] as const;

export type ClassName = (typeof classes)[number];
`,
  );
}

export const randomModule = (): string =>
  lines(
    header('Random numbers that repeat.'),
    tfjs,
    `
/** Where training takes its random numbers from: uniform, from 0 up to but without 1. */
export interface Random {
  number(): number;
  /** A tensor of such numbers. */
  tensor(shape: number[]): tf.Tensor;
}

export interface SeededRandom extends Random {
  /** A whole number from 1, such as tfjs's own random tensors take for a seed (they ignore 0). */
  integer(): number;
}

/** The same seed gives the same numbers. (Mulberry32, by Tommy Ettinger.) */
export function seededRandom(seed: number): SeededRandom {
  let state = seed | 0;
  const number = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
  const integer = (): number => 1 + Math.floor(number() * 0x7fffffff);
  return { number, integer, tensor: (shape) => tf.randomUniform(shape, 0, 1, 'float32', integer()) };
}
`,
  );

export function weightsModule(program: Program): string {
  const { statistics } = featuresOf(program);
  const { featurewiseCenter, featurewiseStd } = program.preprocess;
  const members = [...(featurewiseCenter ? [['mean', 'preprocess/mean']] : []), ...(featurewiseStd ? [['std', 'preprocess/std']] : [])];
  return lines(
    header('Weights as two files: weights.json says what stands in weights.bin, 32-bit floats one after the other.'),
    tfjs,
    importLine('./model.ts', [], ['Model']),
    statistics && importLine('./preprocess.ts', [], ['Statistics']),
    `
export interface WeightsManifest {
  readonly schema: 1;
  /** In the order of the numbers. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** Tensors by name, for \`modelWith\`${statistics ? ' and `statisticsWith`' : ''}. */
export function readWeights(manifest: WeightsManifest, data: ArrayBuffer): Map<string, tf.Tensor> {
  const weights = new Map<string, tf.Tensor>();
  let at = 0;
  for (const { name, shape } of manifest.tensors) {
    const size = shape.reduce((product, d) => product * d, 1);
    weights.set(name, tf.tensor(new Float32Array(data, at, size), [...shape], 'float32'));
    at += size * Float32Array.BYTES_PER_ELEMENT;
  }
  if (at !== data.byteLength) throw new Error(\`The weights take \${at} bytes, but there are \${data.byteLength}.\`);
  return weights;
}

/** The two files of a model${statistics ? ' and its statistics' : ''}. */
export async function writeWeights(model: Model${statistics ? ', statistics: Statistics' : ''}): Promise<{ manifest: WeightsManifest; data: ArrayBuffer }> {
  const tensors = new Map<string, tf.Tensor>(model.variables);
  ${members.map(([member, name]) => `tensors.set('${name}', statistics.${member});`).join('\n  ')}
  const values = await Promise.all([...tensors.values()].map((tensor) => tensor.data<'float32'>()));
  const data = new Float32Array(values.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of values) {
    data.set(part, at);
    at += part.length;
  }
  return { manifest: { schema: 1, tensors: [...tensors].map(([name, { shape }]) => ({ name, shape })) }, data: data.buffer };
}
`,
    statistics &&
      `
/** The statistics among the weights. */
export function statisticsWith(weights: ReadonlyMap<string, tf.Tensor>): Statistics {
  const of = (name: string): tf.Tensor1D => {
    const values = weights.get(name);
    if (!values) throw new Error(\`There are no statistics called \${name}.\`);
    return values as tf.Tensor1D;
  };
  return { ${members.map(([member, name]) => `${member}: of('${name}')`).join(', ')} };
}
`,
  );
}

export function indexModule(program: Program, modules: readonly string[]): string {
  return lines(header(`${comment(program.name)}: everything at one place.`), ...modules.map((path) => `export * from './${path}';`));
}
