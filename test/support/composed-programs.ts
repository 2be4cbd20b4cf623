/** Random programs of named cells, values, branches and arithmetic, in one line or many, short and long: for the formatter. */
import fc from 'fast-check';

const name = fc.constantFrom('stage', 'unit', 'a_long_name_of_a_cell', 'c');
const value = fc.constantFrom('32', '(width * 2)', '(filters*2^i)', '-1', '(min(a,b) + 1)', '3x3', 'size(2,(w+1))', '"text"', 'l2(.01)', 'cosine_decay(.1,steps=100,alpha=(r/2))', '[1, 2]');
const option = fc.tuple(fc.constantFrom('rate', 'stride', 'name'), value).map(([k, v]) => `${k}=${v}`);
const spaced = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');
const layer = fc.tuple(fc.constantFrom('conv', 'relu', 'batch_norm', 'stage', 'unit'), fc.array(value, { maxLength: 2 }), fc.array(option, { maxLength: 2 })).map(([w, v, o]) => spaced([w, ...v, ...o]));
const comment = fc.constantFrom('', '', '', '', ' # a comment', '  # another one');
/** Between the statements of a block of one line, or of many. */
const layout = fc.constantFrom('line', 'line', 'lines');

const { node } = fc.letrec<{ node: string; cell: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 4, arbitrary: layer },
    { weight: 1, arbitrary: tie('cell').map((cell) => `residual ${cell}`) },
    { weight: 1, arbitrary: tie('cell').map((cell) => `residual project=conv ${cell}`) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('repeat 3', 'repeat (n + 1) as i'), tie('cell'), fc.option(tie('cell'))).map(([head, a, b]) => spaced([head, a, b ?? ''])) },
    { weight: 2, arbitrary: fc.tuple(fc.array(tie('cell'), { minLength: 2, maxLength: 4 }), fc.constantFrom(' ', ' ', '\n       ', ' # gap\n'), fc.constantFrom('', ' merge=add', ' merge=concat name="m"')).map(([cells, gap, after]) => `branch ${cells.join(gap)}${after}`) },
  ),
  cell: fc.tuple(layout, fc.array(fc.tuple(tie('node'), comment), { maxLength: 4 })).map(([kind, nodes]) =>
    kind === 'line' && !nodes.some(([text]) => text.includes('\n')) ? `<${nodes.map(([text]) => text).join(';')}>` : `<\n${nodes.map(([text, c]) => text + c).join('\n')}\n>`,
  ),
}));

const declaration = fc.oneof(
  fc.array(fc.tuple(fc.constantFrom('width', 'rate', 'n'), value), { minLength: 1, maxLength: 3 }).map((list) => `let ${list.map(([k, v]) => `${k}=${v}`).join('  ')}`),
  fc.constantFrom('import "cells/resnet.cnn"', 'import   "x.cnn"'),
  fc.tuple(name, fc.constantFrom('', '(filters)', '(filters,rate=.25)', '(a,b,width=(2*3),act="relu")'), fc.array(fc.tuple(node, comment), { maxLength: 3 })).map(([n, params, nodes]) => `cell ${n}${params} <\n${nodes.map(([t, c]) => t + c).join('\n')}\n>`),
);

/** A program that the parser takes; its names need not mean anything. */
export const composedProgram: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.tuple(declaration, comment), { maxLength: 3 }), fc.array(fc.tuple(node, comment), { minLength: 1, maxLength: 5 }))
  .map(([declarations, nodes]) => `${declarations.map(([t, c]) => `${t}${c}\n`).join('\n')}\nnetwork <\n${nodes.map(([t, c]) => `${t}${c}`).join('\n')}\n>\n`);
