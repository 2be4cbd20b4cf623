/** Text to tokens. Never fails: what is no token of the language becomes `Unexpected`. */
import { Lexer } from 'chevrotain';
import type { IToken } from 'chevrotain';
import { tokens } from './tokens.ts';

export interface Lexed {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
}

let lexer: Lexer | null = null;

export function lex(text: string): Lexed {
  lexer ??= new Lexer(tokens, { positionTracking: 'onlyOffset', skipValidations: true, ensureOptimizations: true });
  const result = lexer.tokenize(text);
  return { tokens: result.tokens, comments: result.groups.comments ?? [] };
}

/** Offset behind a token (Chevrotain's `endOffset` is that of its last unit). Inserted tokens are empty. */
export const endOf = (token: IToken): number => token.startOffset + token.image.length;
