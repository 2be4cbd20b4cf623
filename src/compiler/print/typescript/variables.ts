/**
 * `variables.ts` and `initializers.ts` of the generated code: how a layer's variables are made, with Keras's names,
 * shapes and distributions (keras/src/initializers/random_initializers.py); and the calls that make them.
 */
import { asLayer } from '../../model/program.ts';
import type { Initializer, Layer, Program } from '../../model/program.ts';
import { number, numbers, string } from './emit.ts';
import type { Features } from './features.ts';
import { header, importLine, lines, tfjs } from './module.ts';

type InitializerKind = Initializer['kind'];

/** What an initializer is called in generated code, and its numbers. */
const initializerCalls: { readonly [K in InitializerKind]: (initializer: Initializer & { readonly kind: K }) => string } = {
  zeros: () => 'zeros',
  ones: () => 'ones',
  constant: ({ value }) => `constant(${number(value)})`,
  glorot_uniform: () => 'glorotUniform',
  glorot_normal: () => 'glorotNormal',
  he_uniform: () => 'heUniform',
  he_normal: () => 'heNormal',
  lecun_uniform: () => 'lecunUniform',
  lecun_normal: () => 'lecunNormal',
  random_normal: ({ mean, stddev }) => `randomNormal(${number(mean)}, ${number(stddev)})`,
  truncated_normal: ({ mean, stddev }) => `truncatedNormal(${number(mean)}, ${number(stddev)})`,
  random_uniform: ({ low, high }) => `randomUniform(${number(low)}, ${number(high)})`,
  variance_scaling: ({ scale, mode, distribution }) => `varianceScaling(${number(scale)}, '${mode}', '${distribution}')`,
  orthogonal: ({ gain }) => `orthogonal(${number(gain)})`,
  identity: ({ gain }) => `identity(${number(gain)})`,
};

const initializerCode = (initializer: Initializer): string => (initializerCalls[initializer.kind] as (i: Initializer) => string)(initializer);

/** Names of the initializers' module that an expression of `variablesCode` uses. */
const nameOf = (code: string): string => code.replace(/\(.*/, '');

/** The expression that makes a layer's variables, and the names it takes from `variables.ts` and `initializers.ts`. */
export function variablesCode(layer: Layer, features: Features): { readonly code: string; readonly maker: string | null; readonly initializers: readonly string[] } {
  const name = string(layer.name);
  const trainable = 'trainable' in layer.args ? layer.args.trainable : true;
  if (!trainable || !['conv', 'dense', 'batch_norm'].includes(layer.word)) return literal(layer);
  if (layer.word === 'batch_norm') {
    const { args } = asLayer(layer, 'batch_norm');
    const usual = { gamma: 'ones', beta: 'zeros', moving_mean: 'zeros', moving_variance: 'ones' };
    if (layer.variables.some(({ name, initializer }) => initializer.kind !== usual[name.slice(layer.name.length + 1) as keyof typeof usual])) return literal(layer);
    const options = [
      ...(features.normScale === 'some' && !args.scale ? ['scale: false'] : []),
      ...(features.normCenter === 'some' && !args.center ? ['center: false'] : []),
    ];
    return { code: call('newBatchNorm', [name, number(layer.input[layer.input.length - 1])], options), maker: 'newBatchNorm', initializers: [] };
  }
  const { args } = layer.word === 'conv' ? asLayer(layer, 'conv') : asLayer(layer, 'dense');
  const presence = layer.word === 'conv' ? features.convBias : features.denseBias;
  const kernel = initializerCode(args.kernel_initializer);
  const bias = initializerCode(args.bias_initializer);
  const ownKernel = args.kernel_initializer.kind !== 'glorot_uniform';
  const ownBias = args.bias && args.bias_initializer.kind !== 'zeros';
  const options = [...(ownKernel ? [`kernel: ${kernel}`] : []), ...(ownBias ? [`bias: ${bias}`] : []), ...(presence === 'some' && !args.bias ? ['bias: null'] : [])];
  const maker = layer.word === 'conv' ? 'newConv' : 'newDense';
  return {
    code: call(maker, [name, numbers(layer.variables[0].shape)], options),
    maker,
    initializers: [...(ownKernel ? [nameOf(kernel)] : []), ...(ownBias ? [nameOf(bias)] : [])],
  };
}

/** The variables of a layer one by one, where no function makes them. */
function literal(layer: Layer): ReturnType<typeof variablesCode> {
  const members = layer.variables.map(({ name, shape, initializer, trainable }) => {
    const own = name.slice(layer.name.length + 1).replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const rank = layer.word === 'prelu' ? '' : `<tf.Rank.R${shape.length}>`;
    return `${own}: variable${rank}(${[string(name), numbers(shape), initializerCode(initializer), ...(trainable ? [] : ['false'])].join(', ')})`;
  });
  return { code: `{ ${members.join(', ')} }`, maker: null, initializers: layer.variables.map(({ initializer }) => nameOf(initializerCode(initializer))) };
}

const call = (maker: string, args: readonly string[], options: readonly string[]): string =>
  `${maker}(variable, ${[...args, ...(options.length > 0 ? [`{ ${options.join(', ')} }`] : [])].join(', ')})`;

/** `variables.ts` */
export function variablesModule(makers: ReadonlySet<string>, features: Features): string {
  const conv = makers.has('newConv');
  const dense = makers.has('newDense');
  const norm = makers.has('newBatchNorm');
  const defaults = [
    ...(conv || dense ? ['glorotUniform'] : []),
    ...(norm || features.convBias !== 'none' || features.denseBias !== 'none' ? ['zeros'] : []),
    ...(norm ? ['ones'] : []),
  ];
  return lines(
    header('How the variables of each kind of layer are made. Names and shapes are those of Keras.'),
    tfjs,
    importLine('./initializers.ts', defaults, ['Initializer']),
    importLine('./layers.ts', [], [...(conv ? ['Conv'] : []), ...(dense ? ['Dense'] : []), ...(norm ? ['BatchNorm'] : [])]),
    `
/** Makes one variable. \`name\` is the one that weights are stored under. */
export type VariableFactory = <R extends tf.Rank>(name: string, shape: tf.ShapeMap[R], initializer: Initializer, trainable?: boolean) => tf.Variable<R>;
`,
    conv && kernelMaker('Conv', 'R4', '[number, number, number, number]', '/** `shape`: [height, width, input channels, filters] */', 3, features.convBias),
    dense && kernelMaker('Dense', 'R2', '[number, number]', '/** `shape`: [inputs, units] */', 1, features.denseBias),
    norm && normMaker(features),
  );
}

function kernelMaker(type: string, rank: string, shape: string, doc: string, last: number, bias: Features['convBias']): string {
  const options = `{ kernel = glorotUniform${bias === 'none' ? '' : ', bias = zeros'} }: { kernel?: Initializer${bias === 'none' ? '' : `; bias?: Initializer${bias === 'some' ? ' | null' : ''}`} } = {}`;
  const make = `bias: variable<tf.Rank.R1>(\`\${name}/bias\`, [shape[${last}]], bias)`;
  const member = bias === 'none' ? '' : bias === 'all' ? `${make},` : `...(bias && { ${make} }),`;
  return `
${doc}
export const new${type} = (variable: VariableFactory, name: string, shape: ${shape}, ${options}): ${type} => ({
  kernel: variable<tf.Rank.${rank}>(\`\${name}/kernel\`, shape, kernel),
  ${member}
});
`;
}

function normMaker({ normScale, normCenter }: Features): string {
  const options = [...(normScale === 'some' ? ['scale'] : []), ...(normCenter === 'some' ? ['center'] : [])];
  const parameter = options.length > 0 ? `, { ${options.map((o) => `${o} = true`).join(', ')} }: { ${options.map((o) => `${o}?: boolean`).join('; ')} } = {}` : '';
  const member = (presence: Features['normScale'], option: string, name: string, initializer: string): string => {
    const make = `${name}: variable<tf.Rank.R1>(\`\${name}/${name}\`, [channels], ${initializer})`;
    return presence === 'none' ? '' : presence === 'all' ? `${make},` : `...(${option} && { ${make} }),`;
  };
  return `
export const newBatchNorm = (variable: VariableFactory, name: string, channels: number${parameter}): BatchNorm => ({
  ${member(normScale, 'scale', 'gamma', 'ones')}
  ${member(normCenter, 'center', 'beta', 'zeros')}
  movingMean: variable<tf.Rank.R1>(\`\${name}/moving_mean\`, [channels], zeros, false),
  movingVariance: variable<tf.Rank.R1>(\`\${name}/moving_variance\`, [channels], ones, false),
});
`;
}

/** `initializers.ts`: those the program uses. */
export function initializersModule(program: Program): string {
  const kinds = new Set(program.layers.flatMap((layer) => layer.variables.map((variable) => variable.initializer.kind)));
  // The defaults of newConv, newDense and newBatchNorm are there even if every layer says something else.
  if (program.layers.some((layer) => layer.word === 'conv' || layer.word === 'dense')) kinds.add('glorot_uniform').add('zeros');
  const used = (Object.keys(initializerSources) as InitializerKind[]).filter((kind) => kinds.has(kind));
  const scaled = used.some((kind) => /^(glorot|he|lecun|variance)/.test(kind));
  const truncated = used.some((kind) => kind.endsWith('_normal') && kind !== 'random_normal');
  return lines(
    header('Initial values of variables, with the distributions of Keras.'),
    tfjs,
    `
/** The values of a variable of this shape; \`seed\` for those that are random. */
export type Initializer = (shape: number[], seed: number) => tf.Tensor;
`,
    ...used.map((kind) => initializerSources[kind]),
    scaled && fansSource,
    used.some((kind) => /^(glorot|he|lecun)_uniform$/.test(kind)) && uniformSource,
    truncated && truncatedSource(used.some((kind) => /^(glorot|he|lecun)_normal$/.test(kind))),
  );
}

const initializerSources: { readonly [K in InitializerKind]: string } = {
  zeros: 'export const zeros: Initializer = (shape) => tf.zeros(shape);\n',
  ones: 'export const ones: Initializer = (shape) => tf.ones(shape);\n',
  constant: 'export const constant = (value: number): Initializer => (shape) => tf.fill(shape, value);\n',
  glorot_uniform: 'export const glorotUniform: Initializer = (shape, seed) => uniform(shape, Math.sqrt(6 / (fans(shape).in + fans(shape).out)), seed);\n',
  glorot_normal: 'export const glorotNormal: Initializer = (shape, seed) => normal(shape, Math.sqrt(2 / (fans(shape).in + fans(shape).out)), seed);\n',
  he_uniform: 'export const heUniform: Initializer = (shape, seed) => uniform(shape, Math.sqrt(6 / fans(shape).in), seed);\n',
  he_normal: 'export const heNormal: Initializer = (shape, seed) => normal(shape, Math.sqrt(2 / fans(shape).in), seed);\n',
  lecun_uniform: 'export const lecunUniform: Initializer = (shape, seed) => uniform(shape, Math.sqrt(3 / fans(shape).in), seed);\n',
  lecun_normal: 'export const lecunNormal: Initializer = (shape, seed) => normal(shape, Math.sqrt(1 / fans(shape).in), seed);\n',
  random_normal: "export const randomNormal = (mean: number, stddev: number): Initializer => (shape, seed) => tf.randomNormal(shape, mean, stddev, 'float32', seed);\n",
  truncated_normal: "export const truncatedNormal = (mean: number, stddev: number): Initializer => (shape, seed) => tf.truncatedNormal(shape, mean, stddev, 'float32', seed);\n",
  variance_scaling: `/** Keras's VarianceScaling. */
export const varianceScaling = (scale: number, mode: 'fan_in' | 'fan_out' | 'fan_avg', distribution: 'truncated_normal' | 'untruncated_normal' | 'uniform'): Initializer => (shape, seed) => {
  const { in: inputs, out: outputs } = fans(shape);
  const variance = scale / Math.max(1, { fan_in: inputs, fan_out: outputs, fan_avg: (inputs + outputs) / 2 }[mode]);
  if (distribution === 'uniform') return tf.randomUniform(shape, -Math.sqrt(3 * variance), Math.sqrt(3 * variance), 'float32', seed);
  // What is left of a unit normal cut at two standard deviations has .8796 of its own.
  return distribution === 'truncated_normal' ? tf.truncatedNormal(shape, 0, Math.sqrt(variance) / 0.87962566103423978, 'float32', seed) : tf.randomNormal(shape, 0, Math.sqrt(variance), 'float32', seed);
};
`,
  orthogonal: `/** Rows or columns at right angles: the Q of a normal matrix, by Gram and Schmidt. */
export const orthogonal = (gain: number): Initializer => (shape, seed) => {
  const columns = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, d) => product * d, 1);
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
  const normal = tf.randomNormal([short, long], 0, 1, 'float32', seed);
  const vectors: tf.Tensor1D[] = tf.linalg.gramSchmidt(tf.unstack(normal) as tf.Tensor1D[]) as tf.Tensor1D[];
  const q = tf.stack(vectors) as tf.Tensor2D;
  return tf.mul(tf.reshape(rows < columns ? q : tf.transpose(q), shape), gain);
};
`,
  identity: 'export const identity = (gain: number): Initializer => ([rows, columns]) => tf.mul(tf.eye(rows, columns), gain);\n',
  random_uniform: "export const randomUniform = (low: number, high: number): Initializer => (shape, seed) => tf.randomUniform(shape, low, high, 'float32', seed);\n",
};

const fansSource = `
/** How many values flow into and out of one element of a kernel [..., inputs, outputs]; a vector has one fan. */
function fans(shape: number[]): { in: number; out: number } {
  if (shape.length < 2) return { in: shape[0] ?? 1, out: shape[0] ?? 1 };
  const window = shape.slice(0, -2).reduce((size, d) => size * d, 1);
  return { in: window * shape[shape.length - 2], out: window * shape[shape.length - 1] };
}
`;

const uniformSource = "const uniform = (shape: number[], limit: number, seed: number): tf.Tensor => tf.randomUniform(shape, -limit, limit, 'float32', seed);\n";

const truncatedSource = (scaled: boolean): string =>
  scaled
    ? `
/** Cut at two standard deviations; what is left of a unit normal has this one. */
const CUT_STDDEV = 0.87962566103423978;

const normal = (shape: number[], stddev: number, seed: number): tf.Tensor => tf.truncatedNormal(shape, 0, stddev / CUT_STDDEV, 'float32', seed);
`
    : '';
