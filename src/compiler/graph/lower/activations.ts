/**
 * Activations, with Keras's formulas and default numbers (keras/src/activations/activations.py and the TensorFlow
 * backend's nn.py). Each is written with the operations that have fused kernels and gradients where there are any.
 */
import { activationOptionArgs } from '../../model/program.ts';
import type { ActivationArgs, ActivationWord } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';

type Activation<W extends ActivationWord> = (g: Builder, x: Value, args: ActivationArgs[W]) => Value;

export const activations: { readonly [W in ActivationWord]: Activation<W> } = {
  relu,
  relu6: (g, x) => g.unary('relu6', x),
  leaky_relu: (g, x, { negative_slope }) => g.leakyRelu(x, negative_slope),
  elu: (g, x, { alpha }) => {
    const y = g.unary('elu', x);
    return alpha === 1 ? y : g.select(g.compare('greater', x, g.scalar(0)), y, g.mul(y, g.scalar(alpha)));
  },
  selu: (g, x) => g.unary('selu', x),
  // The exact form, not the tanh approximation: x·Φ(x).
  gelu: (g, x) => g.mul(g.mul(x, g.scalar(0.5)), g.add(g.unary('erf', g.mul(x, g.scalar(Math.SQRT1_2))), g.scalar(1))),
  silu: (g, x) => g.mul(x, g.unary('sigmoid', x)),
  mish: (g, x) => g.mul(x, g.unary('tanh', g.unary('softplus', x))),
  hard_sigmoid: hardSigmoid,
  hard_silu: (g, x) => g.mul(x, hardSigmoid(g, x)),
  sigmoid: (g, x) => g.unary('sigmoid', x),
  tanh: (g, x) => g.unary('tanh', x),
  softplus: (g, x) => g.unary('softplus', x),
  softsign: (g, x) => g.unary('softsign', x),
  softmax: (g, x) => (x.shape.length === 2 ? g.softmax(x) : softmaxOfChannels(g, x)),
};

/** An `activation=` option; null is none. */
export function activate(g: Builder, word: ActivationWord | null, x: Value): Value {
  return word === null ? x : activateWord(g, word, x);
}

const activateWord = <W extends ActivationWord>(g: Builder, word: W, x: Value): Value => activations[word](g, x, activationOptionArgs[word]);

/** Keras's relu (activations.py): the general form only where it is asked for. */
function relu(g: Builder, x: Value, { max_value: most, negative_slope: slope, threshold }: ActivationArgs['relu']): Value {
  if (slope !== 0 && most === null && threshold === 0) return g.leakyRelu(x, slope);
  const above = threshold === 0 ? g.unary('relu', x) : g.mul(x, g.cast(g.compare('greater', x, g.scalar(threshold)), x.dtype));
  const bounded = most === null ? above : g.minimum(above, g.scalar(most));
  return slope === 0 ? bounded : g.sub(bounded, g.mul(g.unary('relu', g.sub(g.scalar(threshold), x)), g.scalar(slope)));
}

function hardSigmoid(g: Builder, x: Value): Value {
  return g.div(g.unary('relu6', g.add(x, g.scalar(3))), g.scalar(6));
}

/** Over the last axis of a feature map. The maximum is taken out before exp, and has no gradient: it cancels. */
function softmaxOfChannels(g: Builder, x: Value): Value {
  const axis = [x.shape.length - 1];
  const e = g.unary('exp', g.sub(x, g.stopGradient(g.reduce('max', x, axis, true))));
  return g.div(e, g.reduce('sum', e, axis, true));
}
