/** A rule of this vocabulary that warns of programs which run but hardly do what was meant. One file a rule. */
import type { Bound } from '../../bind/bound.ts';
import type { Preprocess, Augment } from '../../model/program.ts';
import type { Context } from '../context.ts';
import type { CheckedData } from '../data.ts';
import type { Tail } from '../tail.ts';
import type { CheckedTraining } from '../training.ts';
import type { Spot } from './spots.ts';

export interface Checked {
  readonly bound: Bound;
  readonly data: CheckedData;
  readonly preprocess: Preprocess;
  readonly augment: Augment;
  /** The layers whose shapes are known: all of them when `complete`. */
  readonly spots: readonly Spot[];
  readonly complete: boolean;
  readonly tail: Tail | null;
  readonly training: CheckedTraining;
  /** Nothing was reported about the head. */
  readonly headSound: boolean;
}

export type Rule = (checked: Checked, context: Context) => void;
