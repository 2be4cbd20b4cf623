/** A section's statements: each word once, in its place; words of other sections are reported and handed on to them. */
import type { Statement } from '../syntax/ast.ts';
import type { Word } from '../vocabulary/types.ts';
import type { Section, Use } from './bound.ts';
import type { Scope } from './scope.ts';
import { separate } from './separate.ts';
import { bindUse, headSpan, identify } from './statement.ts';

/** A section while it is being filled. */
export interface OpenSection {
  readonly word: string;
  statement: Statement | null;
  readonly settings: Map<string, Use>;
  sound: boolean;
}

export const openSection = (word: string): OpenSection => ({ word, statement: null, settings: new Map(), sound: true });
export const closeSection = (section: OpenSection): Section => ({ ...section });

/** A statement that stands in the wrong section, with the word it means. */
export interface Misplaced {
  readonly word: Word;
  readonly statement: Statement;
}

const expected: Readonly<Record<string, string>> = {
  data: 'setting of data',
  preprocess: 'preprocessing step',
  augment: 'augmentation',
  compile: 'setting of compile',
  fit: 'setting of fit',
  budget: 'limit of the budget',
  plot: 'setting of a plot',
};

export function bindSection(section: OpenSection, statements: readonly Statement[], scope: Scope): readonly Misplaced[] {
  const { report } = scope.env;
  const before = report.errors;
  const misplaced: Misplaced[] = [];
  for (const statement of separate(statements, section.word, scope)) {
    const identified = identify(statement, section.word, expected[section.word] ?? 'setting', report);
    if (identified.kind === 'elsewhere') misplaced.push({ word: identified.word, statement });
    if (identified.kind === 'word') addSetting(section, identified.word, statement, scope);
  }
  if (report.errors > before) section.sound = false;
  return misplaced;
}

export function addSetting(section: OpenSection, word: Word, statement: Statement, scope: Scope): void {
  const { report } = scope.env;
  const earlier = section.settings.get(word.word);
  if (earlier) {
    report.add('CNN1005', headSpan(statement), { what: 'setting', word: word.word }, { related: [{ span: earlier.span, label: 'first here' }] });
    section.sound = false;
    return;
  }
  const use = bindUse(word, statement, scope);
  if (!use.sound) section.sound = false;
  section.settings.set(word.word, use);
}
