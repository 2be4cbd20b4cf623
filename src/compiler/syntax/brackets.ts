/** Which tokens open and close what; shared by the token passes. */
import type { IToken, TokenType } from 'chevrotain';
import { CellClose, CellOpen, ListClose, ListOpen, ParenClose, ParenOpen, SettingsClose, SettingsOpen } from './tokens.ts';

/** `(`, `[` hold values; `{`, `<` hold statements. */
export interface Bracket {
  readonly open: TokenType;
  readonly close: TokenType;
  readonly opener: string;
  readonly closer: string;
  readonly holds: 'values' | 'statements';
}

const kinds: readonly Bracket[] = [
  { open: ParenOpen, close: ParenClose, opener: '(', closer: ')', holds: 'values' },
  { open: ListOpen, close: ListClose, opener: '[', closer: ']', holds: 'values' },
  { open: SettingsOpen, close: SettingsClose, opener: '{', closer: '}', holds: 'statements' },
  { open: CellOpen, close: CellClose, opener: '<', closer: '>', holds: 'statements' },
];

const byOpen = new Map(kinds.map((k) => [k.open, k]));
const byClose = new Map(kinds.map((k) => [k.close, k]));
export const opens = (token: IToken): Bracket | undefined => byOpen.get(token.tokenType);
export const closes = (token: IToken): Bracket | undefined => byClose.get(token.tokenType);
export const byOpener = (opener: Bracket['opener'] | null): Bracket | undefined => kinds.find((kind) => kind.opener === opener);

export const nestingLimit = 64;
