/** One damaged token in a program, and how the answer to it is judged: how many errors, where, and what is still checked elsewhere. */
import { readFileSync } from 'node:fs';
import { compile } from '../../src/compiler/compile.ts';
import type { CompileOptions } from '../../src/compiler/compile.types.ts';
import type { Diagnostic } from '../../src/compiler/diagnostics/diagnostic.ts';
import { closes, opens } from '../../src/compiler/syntax/brackets.ts';
import { endOf, lex } from '../../src/compiler/syntax/lexer.ts';
import { arrayFacts, folderFacts } from '../compiler/facts.ts';

export interface Sample {
  readonly name: string;
  readonly text: string;
  readonly options: CompileOptions;
}

export interface Damage {
  readonly sample: Sample;
  readonly kind: 'delete' | 'duplicate' | 'replace';
  /** The token as it was, and its place. */
  readonly token: Piece;
  /** What stands there now. */
  readonly put: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface Piece {
  readonly image: string;
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const project = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The examples, the programs of the language page and programs of cells. */
export function samples(): readonly Sample[] {
  const four = folderFacts(['cat', 'dog', 'fish', 'horse']);
  const three = folderFacts(['cat', 'dog', 'black cat']);
  const shapes = arrayFacts([32, 32, 3], 4);
  const [flowers] = [...project('docs/language.md').matchAll(/```cnn\n([^]*?)```/g)].map((m) => m[1]);
  const parts = { read: (path: string) => (path === 'parts/blocks.cnn' ? { text: project('test/fixtures/programs/parts/blocks.cnn') } : { problem: 'there is no such file' }) };
  const sample = (name: string, text: string, facts: CompileOptions['facts'], more: Partial<CompileOptions> = {}): Sample => ({ name, text, options: { path: 'x.cnn', facts, ...more } });
  return [
    sample('flowers', flowers, four),
    sample('smallest', 'data { folder "flowers"; image 64x64 }\nnetwork < conv 16; pool 2; flatten; dense classes >\n', four),
    sample('tutorial', project('examples/tutorial/tutorial.cnn'), four),
    sample('mnist', project('examples/mnist/mnist.cnn'), arrayFacts([28, 28, 1], 10)),
    sample('shapes', project('examples/shapes/shapes.cnn'), shapes),
    sample('stages', project('test/fixtures/programs/stages.cnn'), shapes),
    sample('towers', project('test/fixtures/programs/towers.cnn'), three, { imports: parts }),
  ];
}

/** A token of each kind, for replacements by another kind. */
const kinds = ['word', 'relu', 'fit', '32', '.25', '25%', '1/255', '5x5', '1M', '10px', '.8..1.2', '"text"', '=', ';', ',', '(', ')', '[', ']', '{', '}', '<', '>', '-', '+', '*', '^', '\n', '5x5x', '@'];

/** Tokens with the line ends that separate; one behind a comment is the comment's. */
export function piecesOf(text: string): readonly Piece[] {
  const { tokens, comments } = lex(text);
  const commented = new Set(comments.map((c) => endOf(c)));
  const pieces: Piece[] = [];
  for (const token of tokens) {
    const isLineEnd = token.tokenType.name === 'Newline';
    if (isLineEnd && (pieces.length === 0 || pieces.at(-1)?.type === 'Newline' || commented.has(token.startOffset))) continue;
    pieces.push({ image: token.image, type: token.tokenType.name, start: token.startOffset, end: endOf(token) });
  }
  return pieces;
}

/** Every damage of one token. */
export function* damages(sample: Sample): Generator<Damage> {
  const { text } = sample;
  const pieces = piecesOf(text);
  const images = [...new Set([...pieces.map((p) => p.image), ...kinds])];
  for (const token of pieces) {
    yield make('delete', token, '');
    if (token.type !== 'Newline') yield make('duplicate', token, `${token.image} ${token.image}`);
    for (const image of images) if (image !== token.image) yield make('replace', token, image);
  }

  function make(kind: Damage['kind'], token: Piece, put: string): Damage {
    // Neighbours must not grow together.
    const before = text[token.start - 1] ?? ' ';
    const after = text[token.end] ?? ' ';
    const first = put[0] ?? after;
    const left = grows(before, first) ? ' ' : '';
    const right = put !== '' && grows(put.at(-1)!, after) ? ' ' : '';
    const start = token.start + left.length;
    return { sample, kind, token, put, text: text.slice(0, token.start) + left + put + right + text.slice(token.end), start, end: start + put.length };
  }
}

const grows = (a: string, b: string): boolean => (/[\w.%]/.test(a) && /[\w.%"]/.test(b)) || (/["\d]/.test(a) && /[\w."/]/.test(b)) || (a === '/' && b === '/');

export interface Judged {
  readonly damage: Damage;
  readonly errors: readonly Diagnostic[];
  /** Syntax errors further than two tokens from the damage, where no missing closer explains them. */
  readonly astray: readonly Diagnostic[];
}

export const isSyntax = (d: Diagnostic): boolean => /^CNN11[0-4]\d$/.test(d.code);

export function judge(damage: Damage): Judged {
  const { diagnostics } = compile(damage.text, damage.sample.options);
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const syntax = errors.filter(isSyntax);
  return { damage, errors, astray: syntax.length === 0 ? [] : syntax.filter((d) => !isNear(d, damage)) };
}

function isNear({ code, span }: Diagnostic, damage: Damage): boolean {
  if (span.start <= damage.end && damage.start <= span.end) return true;
  const between = lex(damage.text.slice(Math.min(span.end, damage.end), Math.max(span.start, damage.start))).tokens.filter((t) => t.tokenType.name !== 'Newline');
  // Two tokens away: one stands between.
  if (between.length <= 1) return true;
  return code === 'CNN1110' && openersOf(damage).includes(span.start);
}

/** Where a damaged closer's opener stands, in the damaged text. */
function openersOf(damage: Damage): readonly number[] {
  const open: number[] = [];
  for (const token of lex(damage.sample.text).tokens) {
    if (opens(token)) open.push(token.startOffset);
    if (closes(token)) {
      // Where several end together, any of them may be the one that misses its own.
      if (token.startOffset === damage.token.start) return [...open];
      open.pop();
    }
  }
  return [];
}

/** Deliberate mistakes by section, each of one line: they must be reported whatever is damaged in another section. */
const mistakes: readonly (readonly [RegExp, string])[] = [
  [/folder "[a-z]+"/, '$& folow=1'],
  [/synthetic shapes 2?\d00/, '$& folow=1'],
  [/scale 1\/255/, 'scale "x"'],
  [/rotation \d+/, 'rotation 720'],
  [/fill constant/, 'fill constat'],
  [/optimizer [a-z]+/, '$& lrr=1'],
  [/epochs \d+/, 'epochs 0'],
  [/dense 64/, 'dense 64 actvation=1'],
  [/title "Model Loss"/, 'title 5'],
  [/dropout rate/, 'dropout 720'],
];

/** The sample with mistakes in its sections. */
export function mistaken(sample: Sample): Sample {
  return { ...sample, text: mistakes.reduce((text, [from, to]) => text.replace(from, to), sample.text) };
}

/** Top-level statements, as stretches of the text: a line without indentation begins one. */
export function sectionsOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  const starts = [...text.matchAll(/^(?=[a-z])/gm)].map((m) => m.index);
  return starts.map((start, i) => ({ start, end: starts[i + 1] ?? text.length }));
}

/** Of the mistakes of the other sections, those that are no longer reported. */
export function missed(damage: Damage, expected: readonly Diagnostic[]): readonly Diagnostic[] {
  const { text, options } = damage.sample;
  const home = sectionsOf(text).find(({ start, end }) => start <= damage.token.start && damage.token.start < end);
  const shift = damage.text.length - text.length;
  const found = new Set(compile(damage.text, options).diagnostics.map((d) => `${d.code} ${d.span.start}`));
  return expected.filter((d) => {
    const isInside = !!home && home.start <= d.span.start && d.span.start < home.end;
    return !isInside && !found.has(`${d.code} ${d.span.start + (d.span.start > damage.token.start ? shift : 0)}`);
  });
}

/** One line for tables: what was damaged, where, and what was said. */
export function describeDamage({ damage, errors }: Judged): string {
  const { sample, kind, token, put, text, start, end } = damage;
  const plain = (part: string): string => part.replace(/\s*\n\s*/g, '⏎');
  const around = `${plain(text.slice(Math.max(0, start - 30), start))}«${plain(put)}»${plain(text.slice(end, end + 20))}`;
  return `${sample.name} ${kind} ${JSON.stringify(token.image)}: ${around} → ${errors.map((d) => `${d.code} at ${d.span.start - start}`).join(', ')}`;
}
