/** Labels, head, activation, loss and metrics: what agrees, what follows, what is refused. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import type { DataFacts } from '../../../src/compiler/model/program.ts';
import { arrayFacts } from '../facts.ts';

const facts: Readonly<Record<string, DataFacts>> = {
  categorical: arrayFacts([8, 8, 1], 4, { labelKind: 'categorical' }),
  sparse: arrayFacts([8, 8, 1], 4),
  binary: arrayFacts([8, 8, 1], 2, { labelKind: 'binary' }),
  multilabel: arrayFacts([8, 8, 1], 3, { labelKind: 'multilabel' }),
  values: arrayFacts([8, 8, 1], 2, { labelKind: 'values', classes: ['0', '1'] }),
};

const run = (kind: string, head: string, training = '', data = '') =>
  compile(`data { npz "x.npz"; ${data} }\nnetwork < flatten; ${head} >\ncompile { ${training} }`, { path: 'x.cnn', facts: facts[kind] });

describe('what follows from the labels', () => {
  it.each([
    ['categorical', 'dense classes', 'softmax', 'categorical_crossentropy', ['accuracy'], 'categorical'],
    ['sparse', 'dense classes', 'softmax', 'sparse_categorical_crossentropy', ['accuracy'], 'categorical'],
    ['binary', 'dense 1', 'sigmoid', 'binary_crossentropy', ['accuracy'], 'binary'],
    ['multilabel', 'dense classes', 'sigmoid', 'binary_crossentropy', ['accuracy'], 'binary'],
    ['values', 'dense 2', null, 'mse', ['mae'], null],
  ] as const)('%s', (kind, head, activation, loss, metrics, form) => {
    const { program, diagnostics } = run(kind, head);
    expect(diagnostics).toEqual([]);
    const last = program!.layers.at(-1)!;
    expect(last.inferred ? last.word : null).toBe(activation);
    expect(program!.compile.loss.kind).toBe(loss);
    expect(program!.compile.metrics.map((m) => m.name)).toEqual(metrics);
    const [metric] = program!.compile.metrics;
    expect(metric.kind === 'accuracy' ? metric.form : null).toBe(form);
    expect(program!.labels.kind).toBe(kind);
  });

  it('one-hot or numbers, as the loss takes them', () => {
    expect(run('categorical', 'dense classes', 'loss sparse_categorical_crossentropy').program?.labels.kind).toBe('sparse');
    expect(run('sparse', 'dense classes', 'loss categorical_crossentropy').program?.labels.kind).toBe('categorical');
  });

  it('no activation where the loss applies it', () => {
    const { program, diagnostics } = run('sparse', 'dense classes', 'loss sparse_categorical_crossentropy from_logits');
    expect(diagnostics).toEqual([]);
    expect(program?.layers.at(-1)?.word).toBe('dense');
    expect(program?.compile.loss).toMatchObject({ from_logits: true });
  });

  it('an activation given as an option is the head\'s', () => {
    const { program, diagnostics } = run('sparse', 'dense classes activation=softmax');
    expect(diagnostics).toEqual([]);
    expect(program?.layers.map((l) => l.word)).toEqual(['flatten', 'dense']);
  });
});

describe('what does not agree', () => {
  it.each([
    ['sparse', 'dense 3', '', '', ['CNN2107']],
    ['sparse', 'dense 3; softmax', '', '', ['CNN2107']],
    ['sparse', 'dense 1; softmax', '', '', ['CNN2107']],
    ['binary', 'dense 2; softmax', '', '', ['CNN2107']],
    ['binary', 'dense classes', '', '', ['CNN2107']],
    ['multilabel', 'dense 2', '', '', ['CNN2107']],
    ['values', 'dense 3', '', '', ['CNN2107']],
    ['sparse', 'dense classes; sigmoid', '', '', ['CNN2108']],
    ['sparse', 'dense classes activation=tanh', '', '', ['CNN2108']],
    ['binary', 'dense 1; softmax', '', '', ['CNN2108']],
    ['multilabel', 'dense classes; softmax', '', '', ['CNN2108']],
    ['values', 'dense 2; softmax', '', '', ['CNN2108']],
    ['sparse', 'dense classes; relu', 'loss categorical_crossentropy from_logits', '', []],
    ['sparse', 'dense classes; softmax', 'loss categorical_crossentropy from_logits', '', ['CNN2115']],
    ['sparse', 'dense classes', 'loss binary_crossentropy', '', ['CNN2111']],
    ['binary', 'dense 1', 'loss categorical_crossentropy', '', ['CNN2111']],
    ['values', 'dense 2', 'loss categorical_crossentropy', '', ['CNN2111']],
    ['sparse', 'dense classes', 'loss sparse_categorical_crossentropy', 'labels categorical', ['CNN2111']],
    ['values', 'dense 2', 'metrics accuracy', '', ['CNN2112']],
    ['binary', 'dense 1', 'metrics top_k(1)', '', ['CNN2112']],
    ['sparse', 'dense classes', 'metrics top_k(4)', '', ['CNN2113']],
  ] as const)('%s labels, %s %s %s', (kind, head, training, data, codes) => {
    expect(run(kind, head, training, data).diagnostics.map((d) => d.code)).toEqual(codes);
  });

  it.each([
    ['sparse', 'dense classes', 'loss mse; metrics mae mse'],
    ['sparse', 'dense classes; sigmoid', 'loss mse'],
    ['values', 'dense 2; sigmoid', ''],
    ['values', 'dense 2; relu', 'loss mse'],
    ['binary', 'dense 1; sigmoid', 'loss mse'],
    ['multilabel', 'dense 3', 'metrics accuracy threshold=.3 mae'],
  ])('%s labels, %s %s agree', (kind, head, training) => expect(run(kind, head, training).diagnostics).toEqual([]));
});

describe('heads of every shape', () => {
  it.each([
    ['conv classes 1x1; global_avg_pool', []],
    ['conv 3 1x1; global_avg_pool', ['CNN2107']],
    ['conv 8; global_pool; repeat 2 < dense 16; relu >; dense classes', []],
    ['conv 8; flatten; repeat 2 < dense 16; relu > < dense classes >', []],
    ['conv 8; flatten; repeat 2 < dense 16; relu > < dense 3 >', ['CNN2107']],
    ['conv 8', ['CNN2101']],
    ['conv 8; dense classes', ['CNN3002']],
  ] as const)('%s', (network, codes) => {
    expect(compile(`data { npz "x.npz" }\nnetwork < ${network} >`, { path: 'x.cnn', facts: facts.sparse }).diagnostics.map((d) => d.code)).toEqual(codes);
  });

  it('are checked by what is written where the size of the input is not known', () => {
    expect(compile('classes 10\ndata { npz "x.npz"; labels sparse }\nnetwork < conv 8; flatten; dense 9 >', { path: 'x.cnn' }).diagnostics.map((d) => d.code)).toEqual(['CNN2107']);
    expect(compile('data { npz "x.npz"; labels sparse }\nnetwork < conv 8; flatten; dense classes; relu >', { path: 'x.cnn' }).diagnostics.map((d) => d.code)).toEqual(['CNN2108']);
  });
});
