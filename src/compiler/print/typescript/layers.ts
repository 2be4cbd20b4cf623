/**
 * How each layer word reads in generated code: one expression of its input, its variables and the mode.
 * Where tfjs 4.22 computes something else than Keras or has no gradient, the expression is a helper of `helpers/` that does.
 */
import { asLayer } from '../../model/program.ts';
import type { ActivationWord, Layer, LayerArgsByWord, LayerOf, LayerWord } from '../../model/program.ts';
import { number, pair } from './emit.ts';
import type { HelperName } from './helpers.ts';

/** Records that a helper is used and gives its name. */
export type Use = (helper: HelperName) => string;

export interface LayerNames {
  /** The input. */
  readonly x: string;
  /** The layer's variables: `parameters.conv1`. */
  readonly variables: string;
  readonly use: Use;
}

type LayerCode<W extends LayerWord> = (layer: LayerOf<W>, names: LayerNames) => string;
type ActivationArgs = Pick<LayerArgsByWord, ActivationWord>;
type ActivationCode<W extends ActivationWord> = (x: string, args: ActivationArgs[W], use: Use) => string;

const activations: { readonly [W in ActivationWord]: ActivationCode<W> } = {
  relu: (x) => `tf.relu(${x})`,
  relu6: (x) => `tf.relu6(${x})`,
  leaky_relu: (x, { negative_slope }) => `tf.leakyRelu(${x}, ${number(negative_slope)})`,
  elu: (x, { alpha }, use) => (alpha === 1 ? `tf.elu(${x})` : `${use('elu')}(${x}, ${number(alpha)})`),
  selu: (x) => `tf.selu(${x})`,
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

/** Numbers of an `activation=` option: those of Keras's functions. */
const optionArgs: ActivationArgs = {
  relu: {}, relu6: {}, leaky_relu: { negative_slope: 0.2 }, elu: { alpha: 1 }, selu: {}, gelu: {}, silu: {}, mish: {}, hard_sigmoid: {}, hard_silu: {}, sigmoid: {}, tanh: {},
  softplus: {}, softsign: {}, softmax: {},
};

const activation = <W extends ActivationWord>(word: W): LayerCode<W> => (layer, { x, use }) => activations[word](x, layer.args, use);

const activated = (word: ActivationWord | null, x: string, use: Use): string => (word === null ? x : optionCode(word, x, use));

const optionCode = <W extends ActivationWord>(word: W, x: string, use: Use): string => activations[word](x, optionArgs[word], use);

/** Not written yet. */
const missing = ({ word }: { readonly word: LayerWord }): never => {
  throw new Error(`${word} has no TypeScript yet`);
};

const layers: { readonly [W in LayerWord]: LayerCode<W> } = {
  depthwise_conv: missing, separable_conv: missing, conv_transpose: missing, zero_pad: missing, cropping: missing, upsample: missing, layer_norm: missing, group_norm: missing,
  spatial_dropout: missing, gaussian_dropout: missing, gaussian_noise: missing, reshape: missing, permute: missing, rescale: missing, prelu: missing,
  conv({ args }, { x, variables, use }) {
    const { stride, padding, dilation } = args;
    const options = [
      ...(stride[0] !== 1 || stride[1] !== 1 ? [`stride: ${pair(stride)}`] : []),
      ...(padding !== 'valid' ? [`padding: '${padding}'`] : []),
      ...(dilation[0] !== 1 || dilation[1] !== 1 ? [`dilation: [${dilation.join(', ')}]`] : []),
    ];
    return activated(args.activation, `${use('conv')}(${[x, variables, ...braced(options)].join(', ')})`, use);
  },
  dense: ({ args }, { x, variables, use }) => activated(args.activation, `${use('dense')}(${x}, ${variables})`, use),
  pool: ({ args: { size, stride, padding } }, { x }) => `tf.maxPool(${x}, ${pair(size)}, ${pair(stride)}, '${padding}')`,
  avg_pool: ({ args: { size, stride, padding } }, { x, use }) =>
    padding === 'same' ? `${use('averagePoolSame')}(${x}, [${size.join(', ')}], [${stride.join(', ')}])` : `tf.avgPool(${x}, ${pair(size)}, ${pair(stride)}, 'valid')`,
  global_avg_pool: (_, { x, use }) => `${use('globalAveragePool')}(${x})`,
  global_pool: (_, { x, use }) => `${use('globalMaxPool')}(${x})`,
  batch_norm({ args: { momentum, epsilon } }, { x, variables, use }) {
    const options = [...(momentum !== 0.99 ? [`momentum: ${number(momentum)}`] : []), ...(epsilon !== 0.001 ? [`epsilon: ${number(epsilon)}`] : [])];
    return `${use('batchNorm')}(${[x, variables, 'mode', ...braced(options)].join(', ')})`;
  },
  dropout: ({ args: { rate } }, { x, use }) => `${use('dropout')}(${x}, ${number(rate)}, mode)`,
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

const braced = (options: readonly string[]): readonly string[] => (options.length > 0 ? [`{ ${options.join(', ')} }`] : []);

/** The expression of one layer. */
export const layerCode = (layer: Layer, names: LayerNames): string => wordCode(layer, layer.word, names);

const wordCode = <W extends LayerWord>(layer: Layer, word: W, names: LayerNames): string => layers[word](asLayer(layer, word), names);

export const activationCode = (word: 'softmax' | 'sigmoid', x: string): string => `tf.${word}(${x})`;

/** A layer without its `activation=`: where that is the head's, it is printed apart. */
export const withoutActivation = (layer: Layer): Layer =>
  layer.word === 'conv' || layer.word === 'dense' ? { ...layer, args: { ...layer.args, activation: null } as Layer['args'] } : layer;

/** Layers that behave otherwise in training, and so take the mode. */
export const takesMode = (layer: Layer): boolean => layer.word === 'dropout' || layer.word === 'batch_norm';
