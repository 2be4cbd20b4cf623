/** A block behind a word that is not its own: what it holds says which section is meant, so that it is checked all the same. */
import type { Statement } from '../syntax/ast.ts';
import { meaningOf } from './lookup.ts';
import { isDeclaration } from './declare.ts';

const places = ['data', 'preprocess', 'augment', 'compile', 'fit', 'budget'];

/** The section that a statement of the file's top must mean, null where its own word will do. `''` as a word: it was no word at all. `written`: the words that stand with a block. */
export function meantSection(statement: Statement, written: ReadonlySet<string>): string | null {
  const [block] = statement.blocks;
  const { text } = statement.word;
  if (!block || isDeclaration(statement)) return null;
  const own = meaningOf(text, 'top')?.word ?? null;
  if (own !== null && block.kind === 'settings' && block.statements.some(({ word }) => meaningOf(word.text, own) !== null)) return null;
  const isFree = (place: string): boolean => !written.has(place);
  if (block.kind === 'cell') return own !== 'network' && block.statements.length > 0 && isFree('network') ? 'network' : null;
  const fitting = (place: string): number => block.statements.filter(({ word }) => meaningOf(word.text, place) !== null).length;
  // One setting of another section is a setting in the wrong place.
  if (own !== null && (block.statements.length < 2 || fitting(own) > 0)) return null;
  let best: string | null = null;
  let most = 0;
  for (const place of places) {
    const count = place !== own && isFree(place) ? fitting(place) : 0;
    if (count > most) [best, most] = [place, count];
  }
  // One word of a name that is also used elsewhere proves little.
  return most * 2 > block.statements.length ? best : null;
}
