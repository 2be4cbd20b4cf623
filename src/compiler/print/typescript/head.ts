/** The softmax or sigmoid that a network ends with: losses are fused with it, so code keeps the values before it apart. */
import { activationOf, givesScores, takesLogits } from '../../model/loss.ts';
import type { ActivationWord, Layer, Loss, Program } from '../../model/program.ts';
import { lastLayer } from '../../model/tree.ts';

export type HeadActivation = 'softmax' | 'sigmoid';

export function headActivation(last: Layer): HeadActivation | null {
  const word = activationOption(last) ?? last.word;
  return word === 'softmax' || word === 'sigmoid' ? word : null;
}

/** The `activation=` of a layer; null where there is none. */
export const activationOption = (layer: Layer): ActivationWord | null => ('activation' in layer.args ? layer.args.activation : null);

/** The layer that gives the network's output, where it is, or has, such an activation. */
export function headLayer(program: Program): Layer | null {
  const last = lastLayer(program);
  return last && headActivation(last) !== null ? last : null;
}

export function headOf(program: Program): HeadActivation | null {
  const head = headLayer(program);
  return head && headActivation(head);
}

/** What makes predictions of the forward pass's values: the head, or what a network that trains on bare logits or scores would have there. */
export function predictionActivation(program: Program): HeadActivation | null {
  return headOf(program) ?? (givesScores(program.compile.loss) ? activationOf[program.labels.kind] : null);
}

/** The activation that a loss is fused with; null: none. */
export const fusedWith = ({ kind }: Pick<Loss, 'kind'>): HeadActivation | null =>
  kind === 'binary_crossentropy' || kind === 'binary_focal_crossentropy' ? 'sigmoid' : kind === 'categorical_crossentropy' || kind === 'sparse_categorical_crossentropy' ? 'softmax' : null;

/**
 * What the loss is computed from. As in Keras, cross-entropies fuse with the activation that matches them, and with
 * the network's output where the program says `from_logits`; otherwise they take the logarithm of what the network gives.
 */
export function lossInput(program: Program): { readonly fused: boolean; readonly from: 'before the head' | 'output' } {
  const { loss } = program.compile;
  const activation = fusedWith(loss);
  if (activation === null) return { fused: false, from: 'output' };
  if (headOf(program) === activation) return { fused: true, from: 'before the head' };
  return { fused: takesLogits(loss), from: 'output' };
}
