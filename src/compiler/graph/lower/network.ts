/**
 * The network: its layers in order. Where the last operation is a softmax or a sigmoid — a layer, or the `activation=`
 * of the last conv or dense — the values before it are kept too, so that a loss can be fused with it.
 */
import { asLayer } from '../../model/program.ts';
import type { Layer, Program } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { activate } from './activations.ts';
import type { LowerContext } from './context.ts';
import { lowerLayer } from './table.ts';

export type HeadActivation = 'softmax' | 'sigmoid';

export interface NetworkOutput {
  /** What the network gives, [N,K]: probabilities after a softmax or sigmoid. */
  readonly output: Value;
  /** The values before the last operation, where that is a softmax or a sigmoid. */
  readonly head: { readonly activation: HeadActivation; readonly logits: Value } | null;
}

/** x: preprocessed images, float32 [N,H,W,C]. */
export function lowerNetwork(context: LowerContext, program: Program, x: Value): NetworkOutput {
  const last = program.layers[program.layers.length - 1];
  const before = program.layers.slice(0, -1).reduce((value, layer) => lowerLayer(context, layer, value), x);
  const activation = headActivation(last);
  if (activation === null) return { output: lowerLayer(context, last, before), head: null };
  const logits = last.word === activation ? before : lowerLayer(context, withoutActivation(last), before);
  return { output: context.g.scoped(last.name, () => activate(context.g, activation, logits)), head: { activation, logits } };
}

/** The softmax or sigmoid that a network ends with, if it does. */
export function headActivation(last: Layer): HeadActivation | null {
  const word = last.word === 'conv' || last.word === 'dense' ? optionOf(last) : last.word;
  return word === 'softmax' || word === 'sigmoid' ? word : null;
}

const optionOf = (layer: Layer) => (layer.word === 'conv' ? asLayer(layer, 'conv') : asLayer(layer, 'dense')).args.activation;

const withoutActivation = (layer: Layer): Layer => ({ ...layer, args: { ...layer.args, activation: null } as Layer['args'] });
