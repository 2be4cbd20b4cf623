/** `--set`: checked like the program, with a place of its own in messages. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { renderText } from '../../../src/compiler/diagnostics/render/text.ts';

const text = `data { synthetic shapes 600 classes=4 }
network < conv 8; flatten; dense classes >
compile { optimizer adam lr=.01 beta_1=.8 }
fit { epochs 5; early_stopping patience=2 }`;

const run = (set: Readonly<Record<string, string>>) => compile(text, { path: 'x.cnn', set });

describe('what can be set', () => {
  it('a setting, an option, a setting that was not there, a section that was not there', () => {
    const { program, diagnostics } = run({
      'fit.epochs': '7',
      'fit.early_stopping.patience': '3',
      'fit.batch': '16',
      'augment.rotation': '10',
      'compile.optimizer.lr': '.04',
      'data.split.test': '30%',
      model: 'Other',
    });
    expect(diagnostics).toEqual([]);
    expect(program).toMatchObject({ name: 'Other', fit: { epochs: 7, batch: 16, earlyStopping: { patience: 3 } }, augment: { rotation: 10 }, compile: { optimizer: { lr: 0.04, beta_1: 0.8 } }, data: { split: { test: 0.3 } } });
  });

  it('an optimizer whole, which forgets the options of the old one', () => {
    expect(run({ 'compile.optimizer': 'sgd momentum=.9' }).program?.compile.optimizer).toEqual({ kind: 'sgd', lr: 0.01, momentum: 0.9, nesterov: false });
  });

  it('an option of the default optimizer', () => {
    const { program } = compile('data { synthetic }\nnetwork < flatten; dense classes >', { path: 'x.cnn', set: { 'compile.optimizer.lr': '.1' } });
    expect(program?.compile.optimizer).toMatchObject({ kind: 'adam', lr: 0.1 });
  });
});

it.each([
  ['fit.bacth', '16', 'CNN1001'],
  ['fit.batch', 'many', 'CNN1008'],
  ['fit.batch', '0', 'CNN1009'],
  ['fit.batch', '16; epochs 3', 'CNN1020'],
  ['fit.early_stopping.patiense', '3', 'CNN1006'],
  ['batch', '16', 'CNN1020'],
  ['network.conv', '16', 'CNN1020'],
  ['fit..batch', '16', 'CNN1020'],
  ['fit.rotation', '16', 'CNN1004'],
])('%s=%s is refused', (key, value, code) => {
  const { diagnostics, program } = run({ [key]: value });
  expect(diagnostics.map((d) => d.code)).toEqual([code]);
  expect(program).toBeNull();
});

it('shows the override, not the program', () => {
  const { diagnostics, sources } = run({ 'fit.batch': 'many' });
  expect(renderText(diagnostics, sources, { summary: false })).toBe(`error CNN1008: \`batch\` takes a whole number, not many
  --> --set fit.batch=many:1:7
   |
 1 | batch many
   |       ^^^^ this should be a whole number`);
  const wrong = run({ 'a.b.c': '1' });
  expect(renderText(wrong.diagnostics, wrong.sources)).toContain('--set does not know what `a.b.c` is');
});
