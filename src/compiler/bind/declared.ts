/**
 * Names that a program declares (`let width=32`, `cell stage(filters) < … >`, `repeat 3 as i`). This version cannot run them, and says so
 * once, where they are declared; here they are collected so that their uses are not reported as unknown words.
 */
import type { Ast, Block, Name, Statement } from '../syntax/ast.ts';
import { words } from '../vocabulary/index.ts';
import type { Report } from './report.ts';

/** A name that is a word of the language is reported, CNN1016. */
export function declaredNames(ast: Ast, report: Report): ReadonlySet<string> {
  const names = new Set<string>();
  const declare = ({ text, span }: Pick<Name, 'text' | 'span'>, unique: boolean) => {
    if (unique && words.has(text)) report.add('CNN1016', span, { name: text });
    names.add(text);
  };
  const visit = (statement: Statement): void => {
    const first = statement.values[0];
    if (statement.word.text === 'let') for (const option of statement.options) declare(option.name, true);
    if (statement.word.text === 'cell' && first?.kind === 'word') declare(first, true);
    if (statement.word.text === 'cell' && first?.kind === 'call') {
      declare(first.name, true);
      for (const arg of first.args) if (arg.kind === 'word') declare(arg, false);
      for (const option of first.options) declare(option.name, false);
    }
    if (statement.word.text === 'repeat') {
      const at = statement.values.findIndex((value) => value.kind === 'word' && value.text === 'as');
      const counter = at < 0 ? undefined : statement.values[at + 1];
      if (counter?.kind === 'word') declare(counter, true);
    }
    statement.blocks.forEach(visitBlock);
  };
  const visitBlock = (block: Block): void => block.statements.forEach(visit);
  ast.statements.forEach(visit);
  return names;
}
