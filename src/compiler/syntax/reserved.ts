/**
 * Words that the bracket pass knows: the sections, which end whatever the section before them left open, and what stands between
 * a word and its block. The vocabulary has the same words; a test compares them.
 */
import type { Bracket } from './brackets.ts';

/** Sections of a program; those with a block, and the single statements beside them. */
export const sections: ReadonlySet<string> = new Set(['data', 'preprocess', 'augment', 'network', 'compile', 'fit', 'plot', 'model', 'input', 'classes', 'budget', 'serve']);
/** Of these, the ones that also stand inside a section. */
export const alsoInside: ReadonlySet<string> = new Set(['model', 'input', 'classes']);

/** The opener of each word's block. */
export const openerOf: Readonly<Record<string, Bracket['opener']>> = {
  data: '{',
  preprocess: '{',
  augment: '{',
  compile: '{',
  fit: '{',
  plot: '{',
  budget: '{',
  serve: '{',
  network: '<',
  repeat: '<',
  residual: '<',
  branch: '<',
  cell: '<',
};

/** A section that has a block: with its opener it begins a section wherever it stands. */
export const isSection = (word: string): boolean => sections.has(word) && Object.hasOwn(openerOf, word);
