/** The answers of a network beside what is right, one row a picture. Rows of several numbers stand one after another. */
interface Common {
  readonly count: number;
  /** Classes, labels or values. */
  readonly names: readonly string[];
  /** The picture of a row, for people: its file, or `x[12]`. */
  readonly describe: (row: number) => string;
}

/** One class of several a picture. */
export type ClassAnswers = Common & {
  readonly kind: 'classes';
  readonly actual: Int32Array;
  /** The most probable class; its probability, and that of the right one. */
  readonly predicted: Int32Array;
  readonly probability: Float32Array;
  readonly ofActual: Float32Array;
};

/** [count · width]: 0 or 1 and probabilities for yes-or-no labels, numbers for values. `binary` has a width of 1 and two names: no, yes. */
export type RowAnswers = Common & { readonly kind: 'binary' | 'multilabel' | 'values'; readonly actual: Float32Array; readonly outputs: Float32Array };

export type Answers = ClassAnswers | RowAnswers;
