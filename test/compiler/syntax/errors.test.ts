/** What is wrong with a text, where, and what is understood nevertheless. Wording is tested by the fixtures. */
import { expect, it } from 'vitest';
import { applyFixes } from '../../../src/compiler/diagnostics/fix.ts';
import { brief, parseChecked, withoutSpans } from '../../support/syntax.ts';

it.each<[text: string, ...found: string[]]>([
  ['a 5x5x', 'CNN1104 "5x5x"'],
  ['a 3e', 'CNN1104 "3e"'],
  ['a 3e x', 'CNN1104 "3e"'],
  ['a 1.', 'CNN1104 "1."'],
  ['a 1..2'],
  ['a 1.5.2', 'CNN1104 "1.5.2"'],
  ['a 32conv', 'CNN1104 "32conv"'],
  ['a 5µm', 'CNN1104 "5µm"'],
  ['a 1e999', 'CNN1104 "1e999"'],
  ['a 0x5', 'CNN1137 "0x5"'],
  ['a -5x5', 'CNN1137 "-5x5"'],
  ['a "b', 'CNN1105 "\\"b"'],
  ['a { b "c }', 'CNN1105 "\\"c"'],
  ['a "b\\', 'CNN1105 "\\"b\\\\"'],
  ['a "C:\\x"', 'CNN1106 "\\\\x"'],
  ['a "\\u{110000}"', 'CNN1106 "\\\\u{110000}"'],
  ["a 'b'", 'CNN1107 "\'b\'"'],
  ['a “b”', 'CNN1107 "“b”"'],
  ['a // b', 'CNN1108 "// b"'],
  ['a .5×1', 'CNN1103 "×"'],
  ['a @@@ b', 'CNN1103 "@@@"'],
  ['epochs: 5', 'CNN1103 ":"'],
  ['a \u202e', 'CNN1102 "\u202e"'],
  ['a # \u2066', 'CNN1102 "\u2066"'],
  ['a "\u200f"', 'CNN1102 "\u200f"'],
  ['batch_size=16', 'CNN1120 "batch_size=16"'],
  ['fit { a; batch_size = 16 }', 'CNN1120 "batch_size = 16"'],
  ['a x=', 'CNN1124 "x="'],
  ['a=', 'CNN1124 "a="'],
  ['Conv2D(32, (5, 5))', 'CNN1121 "Conv2D(32, (5, 5))"'],
  ['a < b > c', 'CNN1122 "c"'],
  ['32 a', 'CNN1123 "32"'],
  ['a; = 5 3; b', 'CNN1123 "= 5 3"'],
  ['{ a }', 'CNN1115 "{"'],
  ['a < < b > >', 'CNN1115 "<"'],
  ['a < b > 3', 'CNN1125 "3"'],
  ['metrics a, b, c', 'CNN1129 ","'],
  ['a [1 2]', 'CNN1127 "2"'],
  ['a [,1,,2]', 'CNN1128 ","'],
  ['a [b=1]', 'CNN1126 "b=1"'],
  ['a [1; 2]', 'CNN1126 ";"'],
  ['a [1 - 2]', 'CNN1134 "-"'],
  ['a size=(5, 5)', 'CNN1130 "(5, 5)"'],
  ['a (x, y)', 'CNN1126 "(x, y)"'],
  ['a (1 +)', 'CNN1131 "+"'],
  ['a (1 2)', 'CNN1131 "2"'],
  ['a (* 2)', 'CNN1131 "*"'],
  ['a ("b" + 1)', 'CNN1132 "\\"b\\""'],
  ['a (5x5 * 2)', 'CNN1132 "5x5"'],
  ['a ()', 'CNN1133 "()"'],
  ['a 32 * 2', 'CNN1134 "*"'],
  ['a 32-1', 'CNN1134 "-"'],
  ['a - 1', 'CNN1134 "-"'],
  ['"x" 3', 'CNN1136 "\\"x\\""'],
  ['a\n\n< b >', 'CNN1114 "<"'],
  ['a\n# c\n< b >', 'CNN1114 "<"'],
  ['a # c\n< b >'],
  ['a f({})', 'CNN1126 "{"'],
  // Brackets.
  ['data {\n  folder "x"\nfit { epochs 3 }', 'CNN1110 "{"'],
  ['data {\n  folder "x"\n>', 'CNN1111 ">"'],
  ['a { b }\n}', 'CNN1112 "}"'],
  ['a (1 + 2\nb', 'CNN1110 "("'],
  ['a [1, 2\nb', 'CNN1110 "["'],
  ['a [1, 2)', 'CNN1111 ")"'],
  ['a 1)', 'CNN1112 ")"'],
  ['a <<\n b\n>', 'CNN1115 "<"'],
  ['network\n  a 1\n  b\n>', 'CNN1138 "network"'],
  ['data folder "x"; image 5x5 }', 'CNN1138 "data"'],
  ['network < repeat 2 conv 3; pool 2 > >', 'CNN1138 "2"'],
  ['cell stage(a, b)\n  conv a\n>', 'CNN1138 ")"'],
  ['network <\n  branch < a >\n         b >\n>', 'CNN1138 "b"'],
  ['a x=1 + 2) y', 'CNN1138 "1"'],
  ['a 1, 2] y', 'CNN1138 "1"'],
  ['a x=min 1, 2) y', 'CNN1138 "min"'],
  ['a x=f(min 1 + 2, 2)) y', 'CNN1138 "min"'],
  ['data <\n  folder "x"\n}', 'CNN1139 "<"'],
  ['a x=[1 * 2) y', 'CNN1139 "["'],
  ['network >\n  conv 3\n>', 'CNN1139 ">"'],
  // One cause, one error.
  ['a { b 5x5x 1 2,, [ }', 'CNN1104 "5x5x"'],
  ['a 32 * 2, = 3', 'CNN1134 "*"'],
])('%j', (text, ...found) => {
  expect(brief(text, parseChecked(text).diagnostics)).toEqual(found);
});

it.each([
  ['batch_size=16', 'batch_size 16'],
  ['featurewise_center=True', 'featurewise_center'],
  ['shuffle=False', 'shuffle off'],
  ["Conv2D(32, (5, 5), activation='relu')", 'Conv2D 32 5x5 activation="relu"'],
  ['metrics a, b,c', 'metrics a b c'],
  ['a size=(5, 5)', 'a size=5x5'],
  ['a [1 2,,3]', 'a [1, 2,3]'],
  ['a 1_000 5X5 10Mb 2g', 'a 1000 5x5 10MB 2G'],
  ['a 5×5', 'a 5x5'],
  ['a 5×5×3', 'a 5x5x3'],
  ['a “b c”', 'a "b c"'],
  ['a // b', 'a # b'],
  ['a < b > c', 'a < b >; c'],
  ['data { x >', 'data { x }'],
  ['a [1; 2]', 'a [1, 2]'],
])('the fix of %j is %j, and that is how it was understood', (text, fixed) => {
  let now = text;
  for (let round = 0; round < 4; round++) now = applyFixes(now, 'test.cnn', parseChecked(now).diagnostics).text;
  expect(now).toBe(fixed);
  const right = parseChecked(fixed);
  expect(right.diagnostics).toEqual([]);
  const texts = (node: unknown) => JSON.stringify(withoutSpans(node)).replace(/"text":"[^"]*"/g, '');
  expect(texts(parseChecked(text).ast.statements)).toBe(texts(right.ast.statements));
});

it('points a missing closer at its opener and says where it is missing', () => {
  const text = 'network <\n  repeat 3 < conv 32; pool 2\n  flatten\n  dense 64\n>\nfit { epochs 3 }\n';
  const { ast, diagnostics } = parseChecked(text);
  expect(diagnostics).toMatchObject([{ code: 'CNN1110', span: { start: text.indexOf('< conv') }, help: ['`>` seems to be missing at the end of line 2'], fixes: [{ edits: [{ text: ' >' }] }] }]);
  expect(ast.statements.map((s) => s.word.text)).toEqual(['network', 'fit']);
  expect(ast.statements[0].blocks[0].statements.map((s) => s.word.text)).toEqual(['repeat', 'flatten', 'dense']);
});

it('ends what is open where a section begins', () => {
  const { ast } = parseChecked('data {\n  folder "x"\n\nnetwork <\n  repeat 2 <\n    conv 3\n\ncompile { optimizer adam }\nfit {\n');
  expect(ast.statements.map((s) => s.word.text)).toEqual(['data', 'network', 'compile', 'fit']);
});

it('lists about a hundred problems and counts the rest', () => {
  const { diagnostics } = parseChecked('@ '.repeat(500));
  expect(diagnostics).toHaveLength(101);
  expect(diagnostics[100]).toMatchObject({ code: 'CNN1199', severity: 'info', message: '400 more problems of this kind are not shown' });
});
