/** The end of the network against the labels: as many outputs as they need, the activation that the loss needs, or the one that follows. */
import type { ActivationWord, LabelKind } from '../model/program.ts';
import { activationOf, givesScores, takesLogits } from '../model/loss.ts';
import type { Span } from '../source/source.ts';
import { isVector, showShape } from '../shape/shape.ts';
import { losses } from '../vocabulary/index.ts';
import { replace } from '../bind/report.ts';
import { asksForClasses, read } from '../bind/bound.ts';
import type { Bound } from '../bind/bound.ts';
import type { CheckedData } from './data.ts';
import { describeClasses } from './data.ts';
import type { Context } from './context.ts';
import type { CheckedNetwork } from './network.ts';
import { tailOf } from './tail.ts';
import type { Tail } from './tail.ts';
import { lossFor } from './training.ts';
import type { CheckedTraining } from './training.ts';

export interface CheckedHead {
  /** An activation that was not written and follows from the labels. */
  readonly inferred: ActivationWord | null;
  /** False when the head was reported: rules about it would say the same again. */
  readonly sound: boolean;
}

/** Outputs of the network: one for a yes or no, otherwise one for each class, label or value. */
export const outputsFor = (kind: LabelKind, count: number): number => (kind === 'binary' ? 1 : count);

export function checkHead(bound: Bound, data: CheckedData, network: CheckedNetwork, training: CheckedTraining, context: Context): CheckedHead {
  const { kind } = training;
  if (!bound.network?.sound || !kind) return { inferred: null, sound: true };
  const tail = tailOf(bound.network.cell);
  // An empty network was reported.
  if (!tail || bound.network.cell.nodes.length === 0) return { inferred: null, sound: true };
  const before = context.report.errors;
  checkAngles(bound, tail, network, context);
  checkWidth(tail, kind, data, network, bound.network.span, context);
  if (context.report.errors > before) return { inferred: null, sound: false };
  const inferred = checkActivation(tail, kind, training, bound.network.span, context);
  return { inferred, sound: context.report.errors === before };
}

/** Numbers that the network ends with; null: not known yet, or an image. */
function unitsOf({ head }: Tail, network: CheckedNetwork): number | null {
  const output = network.walk?.output ?? null;
  if (output) return isVector(output) ? output[0] : null;
  return head?.word.word === 'dense' && !asksForClasses(head) ? read(head).number('units') : null;
}

function checkWidth(tail: Tail, kind: LabelKind, data: CheckedData, network: CheckedNetwork, whole: Span, { report, facts }: Context): void {
  const output = network.walk?.output ?? null;
  const use = tail.head;
  if (output && !isVector(output)) {
    report.add('CNN2101', use?.span ?? tail.width?.span ?? whole, { shape: showShape(output) }, { related: tail.calls });
    return;
  }
  const { width } = tail;
  const units = unitsOf(tail, network);
  if (units === null) return;
  // A yes or no needs one output whatever the data holds; all else needs the data's count.
  const expected = kind === 'binary' ? 1 : data.count;
  if (expected === null || units === expected) return;
  const isDense = width?.isDense ?? false;
  const label = describeClasses(data.names, data.count ?? 0, facts && data.plan?.source.kind === 'folder' ? 'sub-folders' : kind === 'multilabel' ? 'labels' : kind === 'values' ? 'values' : 'classes');
  const related = kind === 'binary' ? (data.kindUse ? [{ span: data.kindUse.span, label: 'one output: yes or no' }] : []) : data.origin ? [{ span: data.origin, label }] : [];
  const text = kind === 'binary' || kind === 'values' ? String(expected) : 'classes';
  report.add(
    'CNN2107',
    width?.span ?? whole,
    { width: units, expected, kind, word: isDense ? 'dense' : 'other', softmaxOverOne: units === 1 && tail.activation?.word === 'softmax' },
    // In a cell with other uses another number may be needed.
    { related: [...related, ...tail.calls], fixes: width && isDense && tail.calls.length === 0 ? [replace(`write dense ${text}`, width.span, text)] : [] },
  );
}

/** Between rows of one number there are no angles. */
function checkAngles(bound: Bound, tail: Tail, network: CheckedNetwork, { report }: Context): void {
  if (unitsOf(tail, network) !== 1) return;
  for (const use of ['loss', 'metrics'].flatMap((word) => bound.compile.settings.get(word)?.uses ?? []))
    if (use.word.word === 'cosine_similarity') report.add('CNN2126', use.span, { word: use.word.word });
}

/** The activation to add, or null. */
function checkActivation(tail: Tail, kind: LabelKind, training: CheckedTraining, whole: Span, { report }: Context): ActivationWord | null {
  const { loss } = training;
  const expected = activationOf[kind];
  const { activation } = tail;
  if (loss?.kind === 'poisson' && kind === 'values' && (!activation || activation.word === 'tanh')) report.add('CNN2127', training.lossUse?.span ?? tail.head?.span ?? whole, { loss: 'poisson' });
  if (!activation) return loss && givesScores(loss) ? null : expected;
  const takes = loss ? losses[loss.kind].head : 'probabilities';
  const fits = expected === null ? activation.word !== 'softmax' : activation.word === expected || (takes !== 'probabilities' && activation.word === 'sigmoid') || (takes === 'scores' && activation.word === 'tanh');
  // from_logits with the right activation is a warning (rules/softmax-before-from-logits.ts).
  if (fits) return null;
  if (loss && takesLogits(loss) && activation.word !== 'softmax' && activation.word !== 'sigmoid') return null;
  const name = loss?.kind ?? lossFor[kind];
  report.add('CNN2108', activation.span, { activation: activation.word, expected, kind, loss: name }, { related: tail.calls, fixes: expected === null || activation.as === 'merged' || tail.calls.length > 0 ? [] : [replace(`write ${expected}`, activation.span, expected)] });
  return null;
}
