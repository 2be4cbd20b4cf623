/** Random networks for drawing: cells, repeats, residuals and branches in each other, with shapes that always fit. */
import fc from 'fast-check';
import { compile } from '../../../../src/compiler/compile.ts';
import type { Program } from '../../../../src/compiler/model/program.ts';

export function programOf(text: string): Program {
  const { program, diagnostics } = compile(text, { path: 'x.cnn' });
  if (!program) throw new Error(`${diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.message}`).join('\n')}\n${text}`);
  return program;
}

/** Of a random text; null where channels that were joined again and again became too many (CNN3006), or layers did (CNN1207). */
export function randomProgram(text: string): Program | null {
  const { program, diagnostics } = compile(text, { path: 'x.cnn' });
  const codes = diagnostics.filter((d) => d.severity === 'error').map((d) => d.code);
  return !program && codes.length > 0 && codes.every((code) => code === 'CNN3006' || code === 'CNN1207') ? null : programOf(text);
}

const filters = fc.constantFrom(1, 4, 32, 257);
const plain = fc.oneof(
  filters.map((n) => `conv ${n} same`),
  fc.constantFrom('conv 8 5x5 same activation=relu', 'relu', 'batch_norm', 'dropout .25', 'pool 3 stride=1 same', 'conv 16 same dilation=2'),
);

/** What keeps height and width; inside it arms and shortcuts fit. */
const { list } = fc.letrec<{ node: string; list: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 6, arbitrary: plain },
    { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 1, max: 9 }), tie('list')).map(([n, a]) => `repeat ${n} < ${a} >`) },
    { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 2, max: 5 }), tie('list'), tie('list')).map(([n, a, b]) => `repeat ${n} < ${a} > < ${b} >`) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 12 }).map((n) => `repeat ${n} as i < conv (i + 2) same >`) },
    { weight: 3, arbitrary: tie('list').map((a) => `residual project < ${a} >`) },
    { weight: 1, arbitrary: fc.constant('residual < relu >') },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.array(fc.oneof({ weight: 4, arbitrary: tie('list') }, { weight: 1, arbitrary: fc.constant('') }), { minLength: 2, maxLength: 5 }).filter((arms) => arms.some((arm) => arm !== '')), fc.constantFrom('concat', 'add', 'average', 'multiply', 'maximum'))
        .map(([arms, merge]) => `branch ${arms.map((a) => `< ${merge === 'concat' ? a : `${a === '' ? '' : `${a}; `}conv 8 1x1`} >`).join(' ')} merge=${merge}`),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('one', 'two', 'three_with_a_long_name'), filters, fc.integer({ min: 1, max: 3 })).map(([cell, n, times]) => Array(times).fill(`${cell} ${n}`).join('; ')) },
  ),
  list: fc.array(tie('node'), { minLength: 1, maxLength: 4 }).map((nodes) => nodes.join('; ')),
}));

export const networkText = fc
  .tuple(fc.array(fc.oneof({ weight: 4, arbitrary: list }, { weight: 1, arbitrary: fc.constant('pool 2') }), { minLength: 1, maxLength: 5 }), fc.constantFrom('a', 'A model <with> "a & name"', '模型'))
  .map(
    ([parts, name]) => `model "${name.replaceAll('"', '\\"')}"
input 256x192x3
classes 10
cell one(n) < conv n same name="a_rather_long_name_that_somebody_gave" >
cell two(n) < repeat 3 < one n; relu > >
cell three_with_a_long_name(n, rate=.1) < residual project < one n; dropout rate; one (n + 1) >; branch < one n > < > >
network < ${parts.join('; ')}; global_avg_pool; dense classes >
`,
  );
