/** Optimizer steps with Keras's arithmetic, composed of elementwise operations; slots lie as their weight does. */
import type { Writer } from '../writer.ts';
import { plain, result } from './definition.ts';
import type { Emits } from './definition.ts';
import { alike } from './elementwise.ts';

/** x + (target − x)·rate */
const towards = (w: Writer, x: string, target: string, rate: number): string =>
  w.one('Add', [x, w.one('Mul', [w.one('Sub', [target, x]), w.floats(rate)])]);

const power = (w: Writer, base: number, step: string): string => w.one('Pow', [w.floats(base), step]);

export const optimizers: Emits<'adamUpdate' | 'sgdUpdate' | 'momentumUpdate'> = {
  adamUpdate(context, { attrs, outputs }, [weight, mGiven, vGiven, gradientGiven, rate, step]) {
    const { w } = context;
    const [m, v, gradient] = [mGiven, vGiven, gradientGiven].map((x) => alike(context, weight, x).name);
    const one = w.floats(1);
    const correction = w.one('Sqrt', [w.one('Sub', [one, power(w, attrs.beta2, plain(context, step))])]);
    const alpha = w.one('Div', [w.one('Mul', [rate.name, correction]), w.one('Sub', [one, power(w, attrs.beta1, step.name)])]);
    const m1 = towards(w, m, gradient, 1 - attrs.beta1);
    const v1 = towards(w, v, w.one('Mul', [gradient, gradient]), 1 - attrs.beta2);
    const divisor = w.one('Add', [w.one('Sqrt', [v1]), w.floats(attrs.epsilon)]);
    const w1 = w.one('Sub', [weight.name, w.one('Div', [w.one('Mul', [alpha, m1]), divisor])]);
    return [w1, m1, v1].map((name, i) => result(name, outputs[i], weight.layout));
  },
  sgdUpdate(context, { outputs }, [weight, gradient, rate]) {
    const { w } = context;
    return [result(w.one('Sub', [weight.name, w.one('Mul', [rate.name, alike(context, weight, gradient).name])]), outputs[0], weight.layout)];
  },
  momentumUpdate(context, { attrs, outputs }, [weight, mGiven, gradient, rate]) {
    const { w } = context;
    const change = w.one('Mul', [rate.name, alike(context, weight, gradient).name]);
    const decayed = (x: string): string => w.one('Sub', [w.one('Mul', [x, w.floats(attrs.momentum)]), change]);
    const m1 = decayed(alike(context, weight, mGiven).name);
    const w1 = w.one('Add', [weight.name, attrs.nesterov ? decayed(m1) : m1]);
    return [w1, m1].map((name, i) => result(name, outputs[i], weight.layout));
  },
};
