/** The labels of a batch, in the form that each loss and metric wants them. */
import type { LabelKind, Labels } from '../model/program.ts';
import type { Builder } from './build.ts';
import { BATCH } from './types.ts';
import type { TensorType, Value } from './types.ts';

export interface Targets {
  /** float32 [N,K]: one-hot for classes, as they are for the other kinds. */
  readonly rows: Value;
  /** int32 [N]: the class; of rows, where their largest value stands. */
  readonly classes: Value;
  /** Whether the labels are class numbers. */
  readonly areClasses: boolean;
}

const isClasses = (kind: LabelKind): boolean => kind === 'categorical' || kind === 'sparse';

/** Outputs of the network: one for a yes or no, otherwise one for each class, label or value. */
export const outputsOf = (labels: Labels): number => (labels.kind === 'binary' ? 1 : labels.count);

/** The type of the input `y`: class numbers, one-hot and integer labels alike, or rows of numbers. */
export const targetType = (labels: Labels): TensorType =>
  isClasses(labels.kind) ? { dtype: 'int32', shape: [BATCH] } : { dtype: 'float32', shape: [BATCH, outputsOf(labels)] };

/** @param y of `targetType`; each form is made only where it is asked for */
export function targetsOf(g: Builder, labels: Labels, y: Value): Targets {
  const areClasses = isClasses(labels.kind);
  return {
    get rows() {
      return areClasses ? g.oneHot(y, labels.count) : y;
    },
    get classes() {
      return areClasses ? y : g.argMax(y);
    },
    areClasses,
  };
}
