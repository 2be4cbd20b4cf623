/** What a loss takes from the network. */
import type { LabelKind, Loss } from './program.ts';

/** Whether the loss says `from_logits`: it applies the activation of the labels itself. */
export const takesLogits = (loss: Loss): boolean => 'from_logits' in loss && loss.from_logits;

const margins: ReadonlySet<Loss['kind']> = new Set(['hinge', 'squared_hinge', 'categorical_hinge'] satisfies Loss['kind'][]);

/** Whether the network ends without its activation: with logits, or with the scores that a margin is taken of. */
export const givesScores = (loss: Loss): boolean => takesLogits(loss) || margins.has(loss.kind);

/** The activation that labels ask for at the end of a network; null: plain numbers. */
export const activationOf: Readonly<Record<LabelKind, 'softmax' | 'sigmoid' | null>> = { categorical: 'softmax', sparse: 'softmax', binary: 'sigmoid', multilabel: 'sigmoid', values: null };
