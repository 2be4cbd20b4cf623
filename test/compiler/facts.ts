/** Facts about data that is not there, for tests of the compiler. */
import type { DataFacts } from '../../src/compiler/model/program.ts';

const parts = { test: false, validation: false };

/** A folder with 100 pictures in each class. */
export const folderFacts = (classes: readonly string[]): DataFacts => ({
  labelKind: 'categorical',
  classes,
  sampleShape: null,
  pixelType: 'uint8',
  count: classes.length * 100,
  perClass: classes.map(() => 100),
  parts,
});

export const arrayFacts = (shape: readonly number[], classes: number, more: Partial<DataFacts> = {}): DataFacts => ({
  labelKind: 'sparse',
  classes: Array.from({ length: classes }, (_, i) => String(i)),
  sampleShape: shape,
  pixelType: 'uint8',
  count: classes * 100,
  perClass: Array.from({ length: classes }, () => 100),
  parts,
  ...more,
});
