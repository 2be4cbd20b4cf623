/** What lowering a layer has at hand. One context serves one pass through the network in one mode. */
import type { Builder } from '../build.ts';
import { keyOf, Purpose } from '../philox.ts';
import type { Value } from '../types.ts';

export interface LowerContext {
  readonly g: Builder;
  /** How layers run: `train` drops out and normalises by the batch; `inference` does neither. */
  readonly mode: 'train' | 'inference';
  /** The value of a layer's variable at the start of the call: `conv_1/kernel`. */
  readonly variable: (name: string) => Value;
  /** Training only: the key words (int32 [2]) and step (int32 []) that dropout masks are drawn from. */
  readonly random: { readonly key: Value; readonly step: Value } | null;
  /** Whether a max-pool moves before the bias and activation that it stands after (rewrite/pool-first.ts). */
  readonly poolFirst: boolean;
  /** Records a variable's new value (moving statistics). */
  readonly update: (variable: string, value: Value) => void;
  /** Records what a layer's output adds to the loss of each sample, [N]. */
  readonly penalty: (ofSamples: Value) => void;
}

/** What a layer draws from: the key of the run, or of a seed of its own. */
export function randomOf({ g, random }: LowerContext, seed: number | null): NonNullable<LowerContext['random']> {
  if (random === null) throw new Error('internal error: noise in training has no key');
  return seed === null ? random : { ...random, key: g.constant(keyOf(seed, Purpose.dropout).map((word) => word | 0), [2], 'int32') };
}
