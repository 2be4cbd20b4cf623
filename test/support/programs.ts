/** Texts for property tests: every `.cnn` file of the project, and random well-formed programs in wild layouts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Path (relative to the project) and text of the programs under examples/ and test/fixtures/programs/. */
export const programs = (): readonly (readonly [path: string, text: string])[] =>
  ['examples', 'test/fixtures/programs'].flatMap((folder) =>
    !existsSync(root + folder)
      ? []
      : readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.cnn'))
          .sort()
          .map((file) => [`${folder}/${file}`, readFileSync(`${root}${folder}/${file}`, 'utf8')] as const),
  );

const word = fc.constantFrom('a', 'conv', 'dense', 'größe', 'x_1', 'same');
const blank = fc.constantFrom(' ', ' ', '  ', '\t');
const comment = fc.constantFrom('', '', '', ' # c', '# d ', '  # e');
/** Between statements. */
const separator = fc.oneof(fc.constantFrom(';', '; ', ' ;'), fc.tuple(comment, fc.constantFrom('\n', '\r\n', '\n\n', '\n\n\n\n  ', '\n# own\n', '\n\n # own\n\n', ';\n')).map(([c, n]) => (n === ';\n' ? `;${c}\n` : c + n)));
/** Where line ends do not count. */
const inner = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('', ' ') }, { weight: 1, arbitrary: fc.constantFrom('\n', ' # in\n', '\n# own\n', '\n\n') });
/** Before a block. */
const gap = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(' ', '  ') }, { weight: 1, arbitrary: fc.constantFrom('\n', ' # head\n', '\n# gap\n', '\n\n') });
const literal = fc.constantFrom('32', '.25', '-1', '1e-3', '25%', '1/255', '5x5', '1M', '10MB', '10px', '.8..1.2', '-.1...1', '"s"', '"a \\" # ; b"', '""');

const { value, expression } = fc.letrec<{ value: string; expression: string; operand: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    literal,
    word,
    fc.tuple(inner, fc.array(fc.tuple(tie('value'), inner, inner), { maxLength: 3 }), fc.boolean()).map(([start, items, comma]) => `[${start}${items.map(([v, a, b], i) => v + a + (i < items.length - 1 || comma ? `,${b}` : '')).join('')}]`),
    fc.tuple(inner, tie('expression'), inner).map(([a, e, b]) => `(${a}${e}${b})`),
    fc.tuple(word, inner, fc.array(fc.tuple(fc.oneof(literal, tie('expression'), tie('expression').map((e) => `k=${e}`)), inner), { maxLength: 3 })).map(([w, a, args]) => `${w}(${a}${args.map(([v, s]) => v + s).join(',')})`),
  ),
  operand: fc.oneof({ maxDepth: 3 }, fc.constantFrom('1', '.5', 'a', 'b', '1/255'), tie('expression').map((e) => `(${e})`), fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `min(${a}, ${b})`)),
  expression: fc.oneof(
    { maxDepth: 3 },
    tie('operand'),
    tie('operand').map((o) => `-${o}`),
    fc.tuple(tie('operand'), inner, fc.constantFrom('+', '-', '*', '/', '%', '^'), inner, tie('expression')).map(([l, a, o, b, r]) => `${l}${a} ${o} ${b}${r}`),
  ),
}));
void expression;

const { statements } = fc.letrec<{ statement: string; statements: string; block: string }>((tie) => ({
  statement: fc
    .tuple(word, fc.array(fc.tuple(blank, fc.oneof(value, value.map((v) => `opt=${v}`))), { maxLength: 4 }), fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(fc.tuple(gap, tie('block')), { maxLength: 3 })), fc.boolean())
    .map(([w, values, blocks, trailing]) => w + values.map(([s, v]) => s + v).join('') + blocks.map(([g, b]) => g + b).join('') + (trailing && blocks.length > 0 ? ' merge=add' : '')),
  block: fc.tuple(fc.constantFrom(['{', '}'], ['<', '>']), fc.constantFrom('', ' ', '\n', ' # open\n', '\n\n# own\n'), tie('statements'), fc.constantFrom('', ' ', '\n', ';', ' # last\n', '\n# own\n')).map(([[o, c], start, s, end]) => o + start + s + end + c),
  statements: fc.array(fc.tuple(tie('statement'), separator), { maxLength: 4 }).map((list) => list.map(([s, sep], i) => s + (i < list.length - 1 ? sep : '')).join('')),
}));

/** A program without syntax errors in any layout. */
export const wildProgram: fc.Arbitrary<string> = fc.tuple(fc.constantFrom('', '# head\n', '\n\n# head\n\n'), statements, fc.constantFrom('', '\n', ' # end', '\n\n# end\n\n')).map((parts) => parts.join(''));
