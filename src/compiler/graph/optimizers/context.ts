/** What an optimizer works with: one weight at a time. */
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';

export interface UpdateContext {
  readonly g: Builder;
  readonly weight: Value;
  readonly gradient: Value;
  /** Values of the slots by their short names: `m`, `v`. */
  readonly slot: (name: string) => Value;
  /** New values of the slots that all weights share. */
  readonly shared: (name: string) => Value;
  /** float32 [] */
  readonly rate: Value;
  /** float32 [], from 1. */
  readonly step: Value;
}

/** New values: of the weight, and of every slot by its short name. */
export interface Updated {
  readonly weight: Value;
  readonly slots: Readonly<Record<string, Value>>;
}

/** x + (target − x)·rate, Keras's form of a running mean. */
export const towards = (g: Builder, x: Value, target: Value, rate: number): Value => g.add(x, g.mul(g.sub(target, x), g.scalar(rate)));

/** lr·√(1 − β2^t)/(1 − β1^t) */
export function adamRate({ g, rate, step }: UpdateContext, beta1: number, beta2: number): Value {
  const power = (beta: number): Value => g.pow(g.scalar(beta), step);
  const one = g.scalar(1);
  return g.div(g.mul(rate, g.unary('sqrt', g.sub(one, power(beta2)))), g.sub(one, power(beta1)));
}
