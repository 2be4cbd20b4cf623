/** Programs of named cells, residuals and branches, small enough to run. */
import { compile } from '../../../src/compiler/compile.ts';
import type { Program } from '../../../src/compiler/model/program.ts';

export function compiled(text: string): Program {
  const { program, diagnostics } = compile(text, { path: 'composed.cnn' });
  if (!program) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return program;
}

// No Adam behind batch norm: the gradient of a bias before it is exactly zero, and Adam would turn rounding noise into steps.
const sgd = 'compile { optimizer sgd lr=.05 momentum=.9 }';

/** A first block that projects, and others that do not: two functions, loops over the second. */
export const resnet = (size: number, filters: number): Program =>
  compiled(`
model "Little ResNet"
input ${size}x${size}x3
classes 3
cell basic(filters, stride=1) <
  residual project < conv filters 3x3 same stride=stride bias=off; batch_norm; relu; conv filters 3x3 same bias=off; batch_norm >
  relu
>
network <
  conv ${filters} 3x3 same bias=off; batch_norm; relu
  repeat 2 < basic ${filters} >
  basic ${2 * filters} stride=2
  repeat 2 < basic ${2 * filters} >
  global_avg_pool
  dense classes; softmax
>
${sgd}`);

/** A cell that uses another one, its code the same every time. */
export const inception = (size: number): Program =>
  compiled(`
model Inception
input ${size}x${size}x1
classes 3
cell unit(filters, size) < conv filters size same activation=relu >
cell inception(a, b, c, d) < branch < unit a 1 > < unit b 1; unit b 3 > < unit c 1; unit c 5 > < pool 3 stride=1 same; unit d 1 > >
network <
  unit 3 3
  inception 2 3 2 2
  pool 2
  repeat 2 < inception 3 2 1 1 >
  dropout .25
  branch < flatten; dense 4; relu > < global_avg_pool > < global_pool; dense 5 > merge=concat
  dense classes; softmax
>`);

export const composed: Readonly<Record<string, Program>> = {
  'ResNet-like': resnet(8, 3),
  'Inception-like': inception(8),
  'cells in repeats in cells in branches, every merge': compiled(`
input 6x6x3
classes 3
cell twice(f) < repeat 2 < conv f same; tanh > ; dropout .5 >
cell both(f) < twice f; residual < twice f > >
network <
  conv 3 same; silu
  branch < repeat 2 < both 3 > > < both 3 > merge=add
  branch < > < conv 3 same > < conv 3 1x1; elu > merge=average
  branch < repeat 4 < twice 3 > < residual < conv 3 same > > > < branch < conv 3 same; relu > < > merge=maximum > merge=multiply
  branch < > < > < branch < conv 2 1x1 > < conv 2 1x1 > merge=maximum > merge=concat
  branch < > < relu > < > merge=add
  residual < residual < conv 8 same > >
  residual project < pool 2; conv 4 1x1 >
  residual project=conv < conv 3 same; relu >
  flatten
  residual < repeat 2 < dense 27; relu > ; residual < dense 9; tanh; dense 27 > >
  branch < dense 3 > < residual < dense 27 > ; dense 3 > merge=average
  softmax
>
compile { optimizer sgd lr=.02 }`),
  'a repeat whose first iteration projects': compiled(`
input 6x6x1
classes 3
network <
  repeat 3 < residual project < conv 4 same; relu > >
  repeat 3 < branch < conv 2 same > < > merge=concat >
  global_avg_pool; dense classes
>
compile { optimizer sgd lr=.1 }`),
  'stages of different depth': compiled(`
input 8x8x1
classes 3
cell stage(filters, times) < conv filters same; repeat times < residual < conv filters same; tanh > > ; repeat (times + 1) < relu; conv filters 1 > < elu > >
network < stage 2 2; stage 3 3; pool 2; stage 2 4; flatten; dense classes >
compile { optimizer sgd lr=.01 }`),
  'the head inside a cell, inside a repeat': compiled(`
input 6x6x1
classes 3
cell head(n) < dense n; softmax >
network < flatten; dense 3; repeat 2 < head 3 > >
compile { optimizer sgd lr=.1 }`),
  'a branch of heads': compiled(`
input 6x6x1
classes 3
network < flatten; branch < dense 3; softmax > < dense 8; relu; dense 3; softmax > merge=average >
compile { optimizer sgd lr=.1; metrics accuracy mae }`),
  'names that mean something else': compiled(`
input 6x6x1
classes 3
cell block(f) < conv f same; relu >
cell error(f) < conv f same activation=tanh >
cell delete(f) < residual < block f > >
cell a(f) < branch < conv f same; relu > < conv f 1; elu > merge=maximum >
cell iteration(f) < repeat 3 < conv f same; selu > ; dropout .5 >
cell x(f) < iteration f; iteration f >
cell forward(f) < repeat 2 < x f > >
cell y(f) < residual < conv f same; relu > >
cell y2(f) < residual < residual < conv f same; relu > > >
cell batches(f) < y f; y2 f; y f >
cell stage(f, last=0) < conv f same >
cell stage2(f) < relu; conv f same >
cell map < repeat 2 < stage 2 > >
cell Model < map >
cell optimizer_ < Model >
cell runBlock < conv 2 1 >
cell runIteration < repeat 2 < runBlock > < relu > >
cell features < flatten >
cell mode < features; dense 4 >
cell constructor < dense 4; relu >
cell class < repeat 2 < constructor > >
cell statistics < class; dropout .5 >
network <
  block 4
  error 5
  delete 5
  a 3
  repeat 4 < iteration 3 > < block 3 >
  forward 3
  batches 3
  stage2 2; stage 2; optimizer_; runIteration
  mode
  statistics
  dense classes
>
compile { optimizer sgd lr=.01 }`),
};
