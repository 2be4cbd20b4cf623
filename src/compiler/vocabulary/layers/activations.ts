/** Activations as layers. Source: Keras activations (keras/src/activations/activations.py) and its activation layers. */
import type { ActivationWord } from '../../model/program.ts';
import type { LayerDefinition } from '../types.ts';
import { layerName, param } from '../params.ts';
import { isVector } from '../../shape/shape.ts';
import { free, none, unchanged } from './shapes.ts';

type Plain = Exclude<ActivationWord, 'relu' | 'leaky_relu' | 'elu'>;

/** An activation without parameters. */
function plain<W extends Plain>(word: W, doc: string, keras: readonly string[], source: string): LayerDefinition<W> {
  const definition: LayerDefinition<Plain> = {
    word,
    group: 'layer',
    doc,
    keras,
    params: [layerName],
    in: ['network'],
    example: word === 'softmax' ? 'dense classes; softmax' : `conv 32; ${word}`,
    source,
    args: () => ({}),
    // Along the last axis of a vector only: a softmax over the channels of an image is not a head.
    shape: (input) => (word === 'softmax' && !isVector(input) ? { ok: false, problem: { kind: 'rank', expected: 'vector', input } } : unchanged(input)),
    variables: none,
    macs: free,
  };
  return definition as unknown as LayerDefinition<W>;
}

const plainActivations: { readonly [W in Plain]: LayerDefinition<W> } = {
  relu6: plain('relu6', 'Values below 0 become 0, above 6 become 6.', ['ReLU6'], 'keras.activations.relu6'),
  selu: plain('selu', 'Scaled exponential linear unit (Klambauer et al. 2017).', ['SELU'], 'keras.activations.selu'),
  gelu: plain('gelu', 'Gaussian error linear unit, exact form (Hendrycks and Gimpel 2016).', ['GELU'], 'keras.activations.gelu'),
  silu: plain('silu', 'x times its sigmoid; also called swish.', ['swish', 'SiLU'], 'keras.activations.silu'),
  mish: plain('mish', 'x times the tanh of its softplus (Misra 2019).', ['Mish'], 'keras.activations.mish'),
  hard_silu: plain('hard_silu', 'x times its hard sigmoid; also called hard swish.', ['hard_swish', 'HardSwish', 'hardswish', 'HardSiLU'], 'keras.activations.hard_silu'),
  hard_sigmoid: plain('hard_sigmoid', 'A sigmoid of straight lines: relu6(x + 3) / 6.', ['HardSigmoid'], 'keras.activations.hard_sigmoid'),
  sigmoid: plain('sigmoid', 'Squeezes each value between 0 and 1: the head of yes-or-no labels.', ['Sigmoid', 'logistic'], 'keras.activations.sigmoid'),
  tanh: plain('tanh', 'Squeezes each value between -1 and 1.', ['Tanh'], 'keras.activations.tanh'),
  softplus: plain('softplus', 'A smooth relu: log(1 + e^x).', ['Softplus'], 'keras.activations.softplus'),
  softsign: plain('softsign', 'x / (1 + |x|).', ['Softsign'], 'keras.activations.softsign'),
  softmax: plain('softmax', 'Turns the outputs into probabilities that sum to 1: the head of a classifier.', ['Softmax'], 'keras.activations.softmax'),
};

export const relu: LayerDefinition<'relu'> = {
  word: 'relu',
  group: 'layer',
  doc: 'Negative values become 0.',
  keras: ['ReLU'],
  params: [
    param('max_value', { kind: 'number', min: 0 }, 'Larger values become this one.', { default: 'none' }),
    param('negative_slope', { kind: 'number', min: 0 }, 'Factor of what lies below the threshold.', { value: 0 }),
    param('threshold', { kind: 'number', min: 0 }, 'Up to here values become 0.', { value: 0 }),
    layerName,
  ],
  in: ['network'],
  example: 'conv 32; relu',
  source: 'keras.layers.ReLU',
  args: (given) => ({ max_value: given.maybe('max_value'), negative_slope: given.number('negative_slope'), threshold: given.number('threshold') }),
  shape: unchanged,
  variables: none,
  macs: free,
};

export const leakyRelu: LayerDefinition<'leaky_relu'> = {
  word: 'leaky_relu',
  group: 'layer',
  doc: 'Negative values are kept, made smaller.',
  keras: ['LeakyReLU', 'leakyrelu'],
  params: [param('negative_slope', { kind: 'number', min: 0 }, 'Factor of negative values.', { position: 0, value: 0.3, keras: ['alpha'] }), layerName],
  in: ['network'],
  example: 'conv 32; leaky_relu .1',
  source: 'keras.layers.LeakyReLU',
  args: (given) => ({ negative_slope: given.number('negative_slope') }),
  shape: unchanged,
  variables: none,
  macs: free,
};

export const elu: LayerDefinition<'elu'> = {
  word: 'elu',
  group: 'layer',
  doc: 'Negative values approach -alpha along an exponential (Clevert et al. 2016).',
  keras: ['ELU'],
  params: [param('alpha', { kind: 'number', min: 0 }, 'How far negative values reach.', { position: 0, value: 1 }), layerName],
  in: ['network'],
  example: 'conv 32; elu',
  source: 'keras.layers.ELU',
  args: (given) => ({ alpha: given.number('alpha') }),
  shape: unchanged,
  variables: none,
  macs: free,
};

/** Every activation as a layer. */
export const activationLayers: { readonly [W in ActivationWord]: LayerDefinition<W> } = { ...plainActivations, relu, leaky_relu: leakyRelu, elu };
