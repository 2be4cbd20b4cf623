/**
 * How each layer word reads in generated code: one expression of its input, its variables and the mode.
 * Where tfjs 4.22 computes something else than Keras or has no gradient, the expression is a helper of `helpers/` that does.
 */
import { activationOptionArgs, asLayer } from '../../model/program.ts';
import type { ActivationArgs, ActivationWord, Drawn, Layer, LayerArgsByWord, LayerOf, LayerWord, Regularizer } from '../../model/program.ts';
import { number, numbers, pair, string } from './emit.ts';
import type { HelperName } from './helpers.ts';

/** Records that a helper is used and gives its name. */
export type Use = (helper: HelperName) => string;

export interface LayerNames {
  /** The input. */
  readonly x: string;
  /** The layer's variables: `parameters.conv1`. */
  readonly variables: string;
  readonly use: Use;
  /** The activation that is printed apart, where what the layer gives behind it costs something. */
  readonly behind?: 'softmax' | 'sigmoid' | null;
}

type LayerCode<W extends LayerWord> = (layer: LayerOf<W>, names: LayerNames) => string;
type ActivationCode<W extends ActivationWord> = (x: string, args: ActivationArgs[W], use: Use) => string;

const activations: { readonly [W in ActivationWord]: ActivationCode<W> } = {
  relu(x, { max_value: most, negative_slope: slope, threshold }, use) {
    if (most === null && threshold === 0) return slope === 0 ? `tf.relu(${x})` : `tf.leakyRelu(${x}, ${number(slope)})`;
    const options = [...(most === null ? [] : [`most: ${number(most)}`]), ...(slope === 0 ? [] : [`slope: ${number(slope)}`]), ...(threshold === 0 ? [] : [`threshold: ${number(threshold)}`])];
    return `${use('boundedRelu')}(${x}, { ${options.join(', ')} })`;
  },
  relu6: (x) => `tf.relu6(${x})`,
  leaky_relu: (x, { negative_slope }) => `tf.leakyRelu(${x}, ${number(negative_slope)})`,
  elu: (x, { alpha }, use) => (alpha === 1 ? `tf.elu(${x})` : `${use('elu')}(${x}, ${number(alpha)})`),
  selu: (x, _, use) => `${use('selu')}(${x})`,
  gelu: (x, _, use) => `${use('gelu')}(${x})`,
  silu: (x, _, use) => `${use('silu')}(${x})`,
  mish: (x) => `tf.mul(${x}, tf.tanh(tf.softplus(${x})))`,
  hard_sigmoid: (x, _, use) => `${use('hardSigmoid')}(${x})`,
  hard_silu: (x, _, use) => `tf.mul(${x}, ${use('hardSigmoid')}(${x}))`,
  sigmoid: (x) => `tf.sigmoid(${x})`,
  tanh: (x) => `tf.tanh(${x})`,
  softplus: (x) => `tf.softplus(${x})`,
  softsign: (x, _, use) => `${use('softsign')}(${x})`,
  softmax: (x) => `tf.softmax(${x})`,
};

const activation = <W extends ActivationWord>(word: W): LayerCode<W> => (layer, { x, use }) => activations[word](x, layer.args, use);

/** The activation of a layer, and the penalty on what it gives. */
function ended({ activation: word, activity_regularizer: cost }: Pick<LayerArgsByWord['dense'], 'activation' | 'activity_regularizer'>, x: string, { use, behind }: LayerNames): string {
  const y = word === null ? x : optionCode(word, x, use);
  return !costs(cost) ? y : `${use('penalized')}(${[y, 'costs', costCode(cost), ...(behind ? [`tf.${behind}`] : [])].join(', ')})`;
}

/** Whether a penalty on outputs is one; none is about the angles of weights. */
const costs = (cost: Regularizer | null): cost is SizeCost => cost !== null && 'l1' in cost && (cost.l1 !== 0 || cost.l2 !== 0);
type SizeCost = Extract<Regularizer, { readonly l1: number }>;

const costCode = ({ l1, l2 }: SizeCost): string => `{ ${[...(l1 === 0 ? [] : [`l1: ${number(l1)}`]), ...(l2 === 0 ? [] : [`l2: ${number(l2)}`])].join(', ')} }`;

const optionCode = <W extends ActivationWord>(word: W, x: string, use: Use): string => activations[word](x, activationOptionArgs[word], use);

/** `{ stride: 2, padding: 'same' }`, what is not the default. */
function windowOptions({ stride, padding, dilation }: WindowAndDilation, use: Use): readonly string[] {
  const dilated = dilation[0] !== 1 || dilation[1] !== 1;
  if (dilated) use('spread');
  const options = [
    ...(stride[0] !== 1 || stride[1] !== 1 ? [`stride: ${pair(stride)}`] : []),
    ...(padding !== 'valid' ? [`padding: '${padding}'`] : []),
    ...(dilated ? [`dilation: [${dilation.join(', ')}]`] : []),
  ];
  return options.length > 0 ? [`{ ${options.join(', ')} }`] : [];
}
type WindowAndDilation = Pick<LayerArgsByWord['conv'], 'stride' | 'padding' | 'dilation'>;

const windowed = (helper: HelperName, { x, variables, use }: LayerNames, args: WindowAndDilation, ...more: readonly string[]): string =>
  `${use(helper)}(${[x, variables, ...more, ...windowOptions(args, use)].join(', ')})`;

/** A layer without variables has no field either. */
const variablesOf = (layer: { readonly variables: readonly unknown[] }, variables: string): string => (layer.variables.length > 0 ? variables : '{}');

const pixel = (keepdims: boolean, channels: number, x: string): string => (keepdims ? `tf.reshape<tf.Rank.R4>(${x}, [-1, 1, 1, ${number(channels)}])` : x);

const epsilonOf = (epsilon: number): readonly string[] => (epsilon === 0.001 ? [] : [number(epsilon)]);

const layers: { readonly [W in LayerWord]: LayerCode<W> } = {
  conv({ args }, names) {
    const { x, variables, use } = names;
    const options = windowOptions(args, use);
    const code = args.groups === 1 ? `${use('conv')}(${[x, variables, ...options].join(', ')})` : `${use('groupedConv')}(${[x, variables, number(args.groups), ...options].join(', ')})`;
    return ended(args, code, names);
  },
  depthwise_conv: ({ args }, names) => ended(args, windowed('depthwiseConv', names, args), names),
  separable_conv: ({ args }, names) => ended(args, windowed('separableConv', names, args), names),
  conv_transpose: ({ args, output }, names) => ended(args, windowed('convTranspose', names, args, `[${output[0]}, ${output[1]}]`), names),
  dense: ({ args }, names) => ended(args, `${names.use('dense')}(${names.x}, ${names.variables})`, names),
  pool: ({ args: { size, stride, padding } }, { x }) => `tf.maxPool(${x}, ${pair(size)}, ${pair(stride)}, '${padding}')`,
  avg_pool: ({ args: { size, stride, padding } }, { x, use }) =>
    padding === 'same' ? `${use('averagePoolSame')}(${x}, [${size.join(', ')}], [${stride.join(', ')}])` : `tf.avgPool(${x}, ${pair(size)}, ${pair(stride)}, 'valid')`,
  global_avg_pool: ({ args, input }, { x, use }) => pixel(args.keepdims, input[2], `${use('globalAveragePool')}(${x})`),
  global_pool: ({ args, input }, { x, use }) => pixel(args.keepdims, input[2], `${use('globalMaxPool')}(${x})`),
  zero_pad: ({ args: { padding: [top, bottom, left, right] } }, { x }) => `tf.pad(${x}, [[0, 0], [${top}, ${bottom}], [${left}, ${right}], [0, 0]])`,
  cropping: ({ args: { cropping: [top, , left] }, output: [height, width] }, { x }) => `tf.slice(${x}, [0, ${top}, ${left}, 0], [-1, ${height}, ${width}, -1])`,
  upsample: ({ args: { size, interpolation } }, { x, use }) => `${use(interpolation === 'nearest' ? 'upsample' : 'upsampleBilinear')}(${x}, [${size.join(', ')}])`,
  batch_norm({ args: { momentum, epsilon, trainable } }, { x, variables, use }) {
    const options = [...(momentum !== 0.99 ? [`momentum: ${number(momentum)}`] : []), ...(epsilon !== 0.001 ? [`epsilon: ${number(epsilon)}`] : [])];
    return `${use('batchNorm')}(${[x, variables, trainable ? 'mode' : 'inference', ...braced(options)].join(', ')})`;
  },
  dropout: (layer, { x, use }) => {
    const { rate, noise_shape: mask } = layer.args;
    const given = [x, number(rate), modeOf(layer, use)];
    return mask === null ? `${use('dropout')}(${given.join(', ')})` : `${use('sharedDropout')}(${[...given, numbers(mask.map((n, i) => (n === -1 ? layer.input[i] : n)))].join(', ')})`;
  },
  layer_norm: (layer, { x, variables, use }) => `${use('layerNorm')}(${[x, variablesOf(layer, variables), ...epsilonOf(layer.args.epsilon)].join(', ')})`,
  group_norm(layer, { x, variables, use }) {
    const { groups, epsilon } = layer.args;
    const count = groups === -1 ? layer.input[layer.input.length - 1] : groups;
    return `${use('groupNorm')}(${[x, variablesOf(layer, variables), number(count), ...epsilonOf(epsilon)].join(', ')})`;
  },
  spatial_dropout: (layer, { x, use }) => `${use('spatialDropout')}(${x}, ${number(layer.args.rate)}, ${modeOf(layer, use)})`,
  gaussian_dropout: (layer, { x, use }) => (use('normal'), `${use('gaussianDropout')}(${x}, ${number(layer.args.rate)}, ${modeOf(layer, use)})`),
  gaussian_noise: (layer, { x, use }) => (use('normal'), `${use('gaussianNoise')}(${x}, ${number(layer.args.stddev)}, ${modeOf(layer, use)})`),
  reshape: ({ output }, { x }) => `tf.reshape<tf.Rank.R${output.length + 1}>(${x}, [-1, ${output.join(', ')}])`,
  permute: ({ args: { dims } }, { x }) => `tf.transpose(${x}, [0, ${dims.join(', ')}])`,
  rescale: ({ args: { scale, offset } }, { x }) => (offset === 0 ? `tf.mul(${x}, ${number(scale)})` : `tf.add(tf.mul(${x}, ${number(scale)}), ${number(offset)})`),
  prelu: (_, { x, variables, use }) => `${use('prelu')}(${x}, ${variables})`,
  flatten: (_, { x, use }) => `${use('flatten')}(${x})`,
  relu: activation('relu'),
  relu6: activation('relu6'),
  leaky_relu: activation('leaky_relu'),
  elu: activation('elu'),
  selu: activation('selu'),
  gelu: activation('gelu'),
  silu: activation('silu'),
  mish: activation('mish'),
  hard_sigmoid: activation('hard_sigmoid'),
  hard_silu: activation('hard_silu'),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  softplus: activation('softplus'),
  softsign: activation('softsign'),
  softmax: activation('softmax'),
};

/** Where a layer that draws takes its numbers from. */
const modeOf = ({ name, args }: { readonly name: string; readonly args: Drawn }, use: Use): string => (args.seed === null ? 'mode' : `${use('seeded')}(mode, ${string(name)}, ${number(args.seed)})`);

const braced = (options: readonly string[]): readonly string[] => (options.length > 0 ? [`{ ${options.join(', ')} }`] : []);

/** The expression of one layer. */
export const layerCode = (layer: Layer, names: LayerNames): string => wordCode(layer, layer.word, names);

const wordCode = <W extends LayerWord>(layer: Layer, word: W, names: LayerNames): string => layers[word](asLayer(layer, word), names);

export const activationCode = (word: 'softmax' | 'sigmoid', x: string): string => `tf.${word}(${x})`;

/** A layer without its `activation=`: where that is the head's, it is printed apart. */
export const withoutActivation = (layer: Layer): Layer => ('activation' in layer.args ? { ...layer, args: { ...layer.args, activation: null } as Layer['args'] } : layer);

/** Layers whose outputs cost something. */
export const addsCosts = ({ args }: Pick<Layer, 'args'>): boolean => 'activity_regularizer' in args && costs(args.activity_regularizer);

/** Layers that draw random numbers in training. */
export const drawsNumbers = ({ word }: Pick<Layer, 'word'>): boolean => word === 'dropout' || word === 'spatial_dropout' || word === 'gaussian_dropout' || word === 'gaussian_noise';

/** Layers that behave otherwise in training, and so take the mode. */
export const takesMode = (layer: Layer): boolean => drawsNumbers(layer) || (layer.word === 'batch_norm' && asLayer(layer, 'batch_norm').args.trainable);
