/** The end of the network against the labels: as many outputs as they need, the activation that the loss needs, or the one that follows. */
import type { ActivationWord, LabelKind } from '../model/program.ts';
import { isVector, showShape } from '../shape/shape.ts';
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

/** What the labels need at the end; null: plain numbers. */
const activationFor: Readonly<Record<LabelKind, 'softmax' | 'sigmoid' | null>> = { categorical: 'softmax', sparse: 'softmax', binary: 'sigmoid', multilabel: 'sigmoid', values: null };

/** Outputs of the network: one for a yes or no, otherwise one for each class, label or value. */
export const outputsFor = (kind: LabelKind, count: number): number => (kind === 'binary' ? 1 : count);

export function checkHead(bound: Bound, data: CheckedData, network: CheckedNetwork, training: CheckedTraining, context: Context): CheckedHead {
  const { kind } = training;
  if (!bound.network?.sound || !kind) return { inferred: null, sound: true };
  const tail = tailOf(bound.network.cell);
  if (!tail || (!tail.head && !tail.activation)) return { inferred: null, sound: true };
  const before = context.report.errors;
  checkWidth(tail, kind, data, network, context);
  if (context.report.errors > before) return { inferred: null, sound: false };
  const inferred = checkActivation(tail, kind, training, context);
  return { inferred, sound: context.report.errors === before };
}

function checkWidth(tail: Tail, kind: LabelKind, data: CheckedData, network: CheckedNetwork, { report, facts }: Context): void {
  const output = network.walk?.output ?? null;
  const use = tail.head;
  if (output && !isVector(output)) {
    if (use) report.add('CNN2101', use.span, { shape: showShape(output) });
    return;
  }
  const { wide } = tail;
  const units = output ? output[0] : use?.word.word === 'dense' && !asksForClasses(use) ? read(use).number('units') : null;
  if (units === null || !wide) return;
  // A yes or no needs one output whatever the data holds; all else needs the data's count.
  const expected = kind === 'binary' ? 1 : data.count;
  if (expected === null || units === expected) return;
  const isDense = wide.use.word.word === 'dense';
  const label = describeClasses(data.names, data.count ?? 0, facts && data.plan?.source.kind === 'folder' ? 'sub-folders' : kind === 'multilabel' ? 'labels' : kind === 'values' ? 'values' : 'classes');
  const related = kind === 'binary' ? (data.kindUse ? [{ span: data.kindUse.span, label: 'one output: yes or no' }] : []) : data.origin ? [{ span: data.origin, label }] : [];
  const text = kind === 'binary' || kind === 'values' ? String(expected) : 'classes';
  report.add(
    'CNN2107',
    wide.span,
    { width: units, expected, kind, word: isDense ? 'dense' : 'other', softmaxOverOne: units === 1 && tail.activation?.word === 'softmax' },
    { related, fixes: isDense ? [replace(`write dense ${text}`, wide.span, text)] : [] },
  );
}

/** The activation to add, or null. */
function checkActivation(tail: Tail, kind: LabelKind, training: CheckedTraining, { report }: Context): ActivationWord | null {
  const expected = activationFor[kind];
  const loss = training.lossUse;
  const fromLogits = loss?.args.get('from_logits')?.value === true;
  const { activation } = tail;
  if (!activation) return fromLogits ? null : expected;
  const isMse = loss ? loss.word.word === 'mse' : kind === 'values';
  const fits = expected === null ? activation.word !== 'softmax' : activation.word === expected || (isMse && activation.word === 'sigmoid');
  // from_logits with the right activation is a warning (rules/softmax-before-from-logits.ts).
  if (fits) return null;
  if (fromLogits && activation.word !== 'softmax' && activation.word !== 'sigmoid') return null;
  const name = loss?.word.word ?? lossFor[kind];
  report.add('CNN2108', activation.span, { activation: activation.word, expected, kind, loss: name }, expected === null ? {} : { fixes: [replace(`write ${expected}`, activation.span, expected)] });
  return null;
}
