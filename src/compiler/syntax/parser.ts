/**
 * The grammar (docs/language.md) as Chevrotain rules, and nothing else: no actions, no judgement. It takes more than the language
 * allows (a comma between values, a statement without separator, a block without a word), so that `to-ast` can say what is wrong
 * with it in its own place; Chevrotain's recovery is for the rest. The loop over statements stands inside `program` and `block`,
 * next to their closer: as a rule of its own, recovery would drop the rest of the file.
 */
import { CstParser } from 'chevrotain';
import type { CstNode, IRecognitionException, IToken, ParserMethod } from 'chevrotain';
import type { ProgramCstNode } from './cst.ts';
import * as t from './tokens.ts';

type Rule = ParserMethod<[], CstNode>;

class CnnParser extends CstParser {
  readonly program: Rule = this.RULE('program', () => {
    this.MANY(() => this.SUBRULE(this.entry));
  });

  readonly block: Rule = this.RULE('block', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.SettingsOpen);
          this.MANY(() => this.SUBRULE(this.entry));
          this.CONSUME(t.SettingsClose);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.CellOpen);
          this.MANY1(() => this.SUBRULE1(this.entry));
          this.CONSUME(t.CellClose);
        },
      },
    ]);
  });

  readonly entry: Rule = this.RULE('entry', () => {
    this.OR([{ ALT: () => this.CONSUME(t.Semicolon) }, { ALT: () => this.CONSUME(t.Newline) }, { ALT: () => this.SUBRULE(this.statement) }, { ALT: () => this.SUBRULE(this.orphan) }]);
  });

  /** `word value* (name "=" value | flag)* block* (name "=" value)*` */
  readonly statement: Rule = this.RULE('statement', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Word);
          this.OPTION(() => this.SUBRULE(this.argumentList));
        },
      },
      { ALT: () => this.CONSUME(t.Text) },
    ]);
    this.OPTION1(() => this.CONSUME(t.Equals));
    this.MANY(() => this.SUBRULE(this.argument));
    this.MANY1({
      // A word that is not followed by `=` begins the next statement, with or without a separator.
      GATE: () => this.LA(1).tokenType !== t.Word || this.LA(2).tokenType === t.Equals,
      DEF: () => this.OR1([{ ALT: () => this.SUBRULE(this.block) }, { ALT: () => this.SUBRULE(this.trailing) }]),
    });
  });

  readonly argument: Rule = this.RULE('argument', () => {
    this.OR({ MAX_LOOKAHEAD: 2, DEF: [
      { ALT: () => this.SUBRULE(this.setting) },
      { ALT: () => this.SUBRULE(this.value) },
      { ALT: () => this.SUBRULE(this.sign) },
      { ALT: () => this.CONSUME(t.Comma) },
      { ALT: () => this.CONSUME(t.Equals) },
    ] });
  });

  /** Behind the last block: options; anything else there but a word is misplaced, and so is another block behind it. */
  readonly trailing: Rule = this.RULE('trailing', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.setting) },
      { ALT: () => this.SUBRULE(this.literal) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.parenthesis) },
      { ALT: () => this.SUBRULE(this.sign) },
      { ALT: () => this.CONSUME(t.Comma) },
    ]);
  });

  /** Without a value at the end of a statement: to-ast reports it. */
  readonly setting: Rule = this.RULE('setting', () => {
    this.CONSUME(t.Word);
    this.CONSUME(t.Equals);
    this.OPTION(() => this.CONSUME(t.Minus));
    this.OPTION1(() => this.SUBRULE(this.value));
  });

  readonly value: Rule = this.RULE('value', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.literal) },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.SUBRULE(this.wordOrCall) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.parenthesis) },
    ]);
  });

  readonly literal: Rule = this.RULE('literal', () => {
    this.OR([t.Number, t.Percent, t.Ratio, t.Quantity, t.Pixels, t.Size, t.Range].map((type, i) => ({ ALT: () => this.consume(i, type) })));
  });

  readonly wordOrCall: Rule = this.RULE('wordOrCall', () => {
    this.CONSUME(t.Word);
    this.OPTION(() => this.SUBRULE(this.argumentList));
  });

  /** Items and commas in any order; to-ast wants them in turn. */
  readonly list: Rule = this.RULE('list', () => {
    this.CONSUME(t.ListOpen);
    this.MANY(() => this.SUBRULE(this.item));
    this.CONSUME(t.ListClose);
  });

  readonly item: Rule = this.RULE('item', () => {
    this.OR({ MAX_LOOKAHEAD: 2, DEF: [
      { ALT: () => this.CONSUME(t.Comma) },
      { ALT: () => this.CONSUME(t.Semicolon) },
      { ALT: () => this.CONSUME(t.Equals) },
      { ALT: () => this.SUBRULE(this.setting) },
      { ALT: () => this.SUBRULE(this.value) },
      { ALT: () => this.SUBRULE(this.sign) },
    ] });
  });

  readonly argumentList: Rule = this.RULE('argumentList', () => {
    this.CONSUME(t.CallOpen);
    this.MANY(() => this.SUBRULE(this.term));
    this.CONSUME(t.ParenClose);
  });

  /** Arithmetic is parsed flat and put in order by precedence in `arithmetic.ts`. */
  readonly parenthesis: Rule = this.RULE('parenthesis', () => {
    this.CONSUME(t.ParenOpen);
    this.MANY(() => this.SUBRULE(this.term));
    this.CONSUME(t.ParenClose);
  });

  readonly term: Rule = this.RULE('term', () => {
    this.OR({ MAX_LOOKAHEAD: 2, DEF: [
      { ALT: () => this.CONSUME(t.Comma) },
      { ALT: () => this.CONSUME(t.Semicolon) },
      { ALT: () => this.CONSUME(t.Equals) },
      { ALT: () => this.SUBRULE(this.setting) },
      { ALT: () => this.SUBRULE(this.value) },
      { ALT: () => this.SUBRULE(this.sign) },
    ] });
  });

  readonly sign: Rule = this.RULE('sign', () => {
    this.OR([t.Minus, t.Plus, t.Times, t.Divide, t.Modulo, t.Power].map((type, i) => ({ ALT: () => this.consume(i, type) })));
  });

  /** What cannot begin a statement, to its end. */
  readonly orphan: Rule = this.RULE('orphan', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.literal) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.parenthesis) },
      { ALT: () => this.SUBRULE(this.sign) },
      { ALT: () => this.CONSUME(t.Comma) },
      { ALT: () => this.CONSUME(t.Equals) },
    ]);
  });

  constructor(validate = false) {
    super(t.tokens, { recoveryEnabled: true, maxLookahead: 1, nodeLocationTracking: 'none', skipValidations: !validate });
    this.performSelfAnalysis();
  }

  /** Brackets were balanced before; nothing else may be invented. */
  protected override canTokenTypeBeInsertedInRecovery(): boolean {
    return false;
  }
}

let parser: CnnParser | null = null;
/** One parser for all texts: building it takes longer than most programs take to parse. */
const theParser = () => (parser ??= new CnnParser());

export interface Parsed {
  readonly tree: ProgramCstNode | undefined;
  readonly errors: readonly IRecognitionException[];
}

export function parseTokens(tokens: readonly IToken[]): Parsed {
  const p = theParser();
  p.input = [...tokens];
  const tree = p.program() as ProgramCstNode | undefined;
  return { tree, errors: p.errors };
}

/** The rules as data, validated (Chevrotain throws on ambiguity): for the generated typings, the EBNF and the tests. */
export const grammarProductions = () => new CnnParser(true).getGAstProductions();
