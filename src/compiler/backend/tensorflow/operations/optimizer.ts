/**
 * Optimizer steps. As pure values they are composed of elementwise operations, with Keras's arithmetic; where the result
 * goes straight back into its variables, TensorFlow's fused kernels do the same in one pass (`fusedUpdates`).
 */
import type { Operation, OpName } from '../../../graph/types.ts';
import type { Ref, Writer } from '../writer.ts';
import type { Context, Emits } from './definition.ts';

const constant = (w: Writer, value: number): Ref => w.constant('float32', value);
const power = (w: Writer, base: number, step: Ref): Ref => w.one('Pow', [constant(w, base), step]);

/** x + (target − x)·rate */
function towards(w: Writer, x: Ref, target: Ref, rate: number): Ref {
  return w.one('AddV2', [x, w.one('Mul', [w.one('Sub', [target, x]), constant(w, rate)])]);
}

export const optimizers: Emits<'adamUpdate' | 'sgdUpdate' | 'momentumUpdate'> = {
  adamUpdate({ w }, { attrs }, [weight, m, v, gradient, rate, step]) {
    const one = constant(w, 1);
    const correction = w.one('Sqrt', [w.one('Sub', [one, power(w, attrs.beta2, step)])]);
    const alpha = w.one('RealDiv', [w.one('Mul', [rate, correction]), w.one('Sub', [one, power(w, attrs.beta1, step)])]);
    const m1 = towards(w, m, gradient, 1 - attrs.beta1);
    const v1 = towards(w, v, w.one('Square', [gradient]), 1 - attrs.beta2);
    const divisor = w.one('AddV2', [w.one('Sqrt', [v1]), constant(w, attrs.epsilon)]);
    return [w.one('Sub', [weight, w.one('RealDiv', [w.one('Mul', [alpha, m1]), divisor])]), m1, v1];
  },
  sgdUpdate: ({ w }, _, [weight, gradient, rate]) => w.add('Sub', [weight, w.one('Mul', [rate, gradient])]),
  momentumUpdate({ w }, { attrs }, [weight, m, gradient, rate]) {
    const change = w.one('Mul', [rate, gradient]);
    const decayed = (x: Ref): Ref => w.one('Sub', [w.one('Mul', [x, constant(w, attrs.momentum)]), change]);
    const m1 = decayed(m);
    return [w.one('AddV2', [weight, attrs.nesterov ? decayed(m1) : m1]), m1];
  },
};

interface Fused<K extends OpName> {
  /** How many inputs, from the first, are variables; output i is the new value of variable i. */
  readonly variables: number;
  /** Writes the update; the handles are those of the variables, the inputs those of the operation. */
  readonly write: (context: Context, op: Operation<K>, handles: readonly Ref[], inputs: readonly Ref[], control: readonly Ref[]) => Ref;
}

export const fusedUpdates: { readonly [K in 'adamUpdate' | 'sgdUpdate' | 'momentumUpdate']: Fused<K> } = {
  adamUpdate: {
    variables: 3,
    write({ w }, { attrs }, handles, [, , , gradient, rate, step], control) {
      const { beta1, beta2, epsilon } = attrs;
      // The kernel takes 1 − β from the float32 β, where Keras takes the float32 of 1 − β: for .999 a part in 78,000 of v.
      // Its m and v are larger by these factors; rate and epsilon make up for it, so that weights move as Keras's do.
      const [larger1, larger2] = [beta1, beta2].map((beta) => (1 - Math.fround(beta)) / Math.fround(1 - beta));
      const alpha = w.one('Mul', [rate, constant(w, Math.sqrt(larger2) / larger1)]);
      return w.one(
        'ResourceApplyAdam',
        [...handles, power(w, beta1, step), power(w, beta2, step), alpha, constant(w, beta1), constant(w, beta2), constant(w, epsilon * Math.sqrt(larger2)), gradient],
        {},
        { control },
      );
    },
  },
  sgdUpdate: {
    variables: 1,
    write: ({ w }, _, handles, [, gradient, rate], control) => w.one('ResourceApplyGradientDescent', [...handles, rate, gradient], {}, { control }),
  },
  momentumUpdate: {
    variables: 2,
    write: ({ w }, { attrs }, handles, [, , gradient, rate], control) =>
      w.one(
        'ResourceApplyKerasMomentum',
        [...handles, rate, gradient, constant(w, attrs.momentum)],
        { use_nesterov: attrs.nesterov },
        { control },
      ),
  },
};
