import { describe, expect, it } from 'vitest';
import pc from 'picocolors';
import { bar, fit, liveArea, sparkline, spread, thinned, widthOf } from '../../src/cli/render-parts.ts';
import { jsonView } from '../../src/cli/render-json.ts';
import { closingLines, headLines, quoted, type Start } from '../../src/cli/render-run.ts';
import { plainView, terminalView } from '../../src/cli/render-terminal.ts';
import type { Figures } from '../../src/runtime/report/figures.ts';
import type { RunResult } from '../../src/runtime/train/run.ts';
import { tinyProgram } from '../support/tiny-program.ts';

const plain = pc.createColors(false);
const colours = pc.createColors(true);

const start: Start = {
  cnnc: '0.1.0',
  path: 'pictures/flowers.cnn',
  program: { ...tinyProgram({ fit: { epochs: 50, batch: 16 } }), name: 'Flowers' },
  folder: '/data/runs/flowers/1',
  classes: ['rose', 'tulip'],
  parts: { train: 2202, validation: 734, test: 734 },
  engine: { kind: 'tensorflow', version: '2.21.0', threads: 2 },
  memory: { engine: 'tensorflow', batch: 16, total: 640e6, own: 140e6, child: 500e6, parts: { processes: 500e6, weights: 60e6, tensors: 70e6, data: 10e6 } },
  resumed: null,
};
const figures: Figures = {
  schema: 1, kind: 'classes', count: 734, accuracy: 0.829, classes: [], mean: { precision: 0, recall: 0, f1: 0 }, confusion: null,
  confused: [{ actual: 'rose', predicted: 'tulip', count: 31, of: 150 }],
};
const result: RunResult = {
  status: 'finished',
  epochs: 12,
  stoppedEarly: true,
  history: { epoch: [0, 1], values: { loss: [1, 0.5], val_loss: [0.4, 0.6] } },
  kept: { epoch: 0, logs: { loss: 1, val_loss: 0.4, learning_rate: 0.001 }, restored: true },
  test: { metrics: { loss: 0.512, accuracy: 0.829 }, count: 734, figures },
  lettering: true,
  seconds: 12,
};
const values = (logs: Readonly<Record<string, number>>): string => Object.keys(logs).join(' ');

describe('pieces', () => {
  it('draws a bar to half a column', () => {
    expect(bar(0.5, 4, plain)).toBe('━━──');
    expect(colours.cyan('')).not.toBe('');
    expect(bar(0.375, 4, { cyan: (s) => `[${s}]`, dim: (s) => `(${s})` } as typeof plain)).toBe('[━╸](━━)');
    expect(widthOf(bar(2, 10, colours))).toBe(10);
  });

  it('draws two values a braille cell', () => {
    expect(sparkline([])).toBe('');
    expect(sparkline([0, 0, 1, 1, 2, 2, 3, 3])).toBe('⣀⣤⣶⣿');
    expect(sparkline([5])).toBe('⡀');
    expect(sparkline([NaN, 1])).toBe('⢀');
  });

  it('thins a long sequence to means', () => {
    const t = thinned(4);
    for (let i = 0; i < 8; i++) t.add(i);
    expect(t.values()).toEqual([0.5, 2.5, 4.5, 6.5]);
    t.add(8);
    expect(t.values()).toEqual([1.5, 5.5, 8]);
  });

  it('cuts to the width of the screen, colours not counted', () => {
    expect(fit(colours.red('abcdef'), 3)).toBe(colours.red('abc'));
    expect(fit('abc', 3)).toBe('abc');
    expect(spread('a', 'b', 6)).toBe('a    b');
    expect(spread('aaaa', 'b', 3)).toBe('aaaa  b');
  });

  it('redraws at most ten times a second and never wraps', () => {
    let [time, written] = [0, ''];
    const live = liveArea({ write: (t) => void (written += t), columns: () => 8 }, () => time);
    live.draw(() => ['one two three', 'four']);
    time = 50;
    live.draw(() => ['never']);
    time = 120;
    live.draw(() => ['x']);
    live.print('kept');
    expect(written).toBe('one t\nfour\r\x1b[1A\x1b[0Jx\r\x1b[0Jkept\n');
  });

  it.each([['a/b-1.cnn', 'a/b-1.cnn'], ['my pictures', '"my pictures"'], ['a"$b', '"a\\"\\$b"']])('quotes %s for a shell', (word, expected) => expect(quoted(word)).toBe(expected));
});

describe('the words of a run', () => {
  it('has three lines at the top', () => {
    const [first, second, third] = headLines(start, 100);
    expect(first).toBe('flowers.cnn  Flowers  2 classes, 3,670 pictures → 2,202 train · 734 validation · 734 test');
    expect(second).toMatch(/^network {6}6 layers, 38 parameters, 88 multiply-adds, about 640 MB of memory$/);
    expect(third).toBe('engine       tensorflow 2.21 (2 threads)'.padEnd(74) + 'seed 7');
  });

  it('has five lines at the end', () => {
    expect(closingLines({ start, result, resumeCommand: 'again' }, 'runs/flowers/1', values)).toEqual([
      'best         epoch 1, its weights kept  loss val_loss learning_rate, stopped early after 2 epochs',
      'test         loss accuracy  on 734 pictures',
      'confused     most: rose taken for tulip, 31 of 150',
      'files        runs/flowers/1: weights.npz, history.json, figures.json, plots/, model/',
      'next         cnnc predict runs/flowers/1 picture.jpg',
    ]);
  });

  it('says where the test went worst, by the kind of labels', () => {
    const line = (of: Figures): string => closingLines({ start, result: { ...result, test: { metrics: {}, count: 120, figures: of } }, resumeCommand: '' }, 'r', values)[2];
    const label = { precision: 1, recall: 1 / 3, f1: 0.5, auc: null, tuned: null };
    const labels: Figures = { schema: 1, kind: 'multilabel', count: 120, threshold: 0.5, exact: 0.4, labels: [{ ...label, label: 'ring', count: 45, predicted: 26, f1: 0.6 }, { ...label, label: 'cross', count: 36, predicted: 12 }, { ...label, label: 'never', count: 0, predicted: 0, f1: null }], mean: figures.mean, together: label };
    expect(line(labels)).toBe('weakest      cross: 12 of 36 found, none said wrongly; every label right on 48 of 120');
    expect(line({ ...labels, labels: [{ ...labels.labels[0], predicted: 26 }] })).toContain('ring: 15 of 45 found, 11 said wrongly; ');
    expect(line({ ...labels, exact: 1 })).toBe('weakest      none: every label of all test pictures is right');
    const value = { value: 'width', least: 0, most: 1, mae: 0.25, rmse: 0.3, r2: 0.9, bias: 0, farthest: { picture: 'a/1.png', actual: 7.33, predicted: 12.56 } };
    expect(line({ schema: 1, kind: 'values', count: 120, values: [value] })).toBe('farthest     12.6 instead of 7.33: a/1.png');
    expect(line({ schema: 1, kind: 'values', count: 120, values: [value, { ...value, value: 'angle', r2: -0.1 }] })).toBe('farthest     angle, off by .25 on average; 12.6 instead of 7.33: a/1.png');
    expect(line({ ...figures, confused: [] } as Figures)).toBe('confused     nothing: all test pictures were recognised');
  });

  it('says when the best epoch is not the one that is kept', () => {
    const last = { ...result, stoppedEarly: false, kept: { epoch: 1, logs: {}, restored: false } };
    expect(closingLines({ start, result: last, resumeCommand: '' }, 'r', values)[0]).toBe('best         epoch 1, val_loss .4; the weights are those of the last epoch, val_loss .6 (early_stopping restore_best keeps the best)');
  });

  it('says what to type after an interruption', () => {
    const cut: RunResult = { ...result, status: 'interrupted', epochs: 1, test: null };
    expect(closingLines({ start, result: cut, resumeCommand: 'cnnc run f.cnn --resume' }, 'r', values)).toEqual(['interrupted  after 1 whole epoch; everything up to the last step is saved in r', 'next         cnnc run f.cnn --resume']);
  });
});

const step = (batch: number, samples: number) => ({ epoch: 11, batch, batches: 138, step: 1518 + batch, samples, batchLoss: 0.4, logs: { loss: 0.412, accuracy: 0.861 } });
const epoch = { epoch: 11, step: 1656, logs: { loss: 0.4, val_loss: NaN, learning_rate: 0.001 }, best: { monitor: 'val_loss', epoch: 10, improved: false }, stopping: true };

it('shows pace and time left in a terminal', () => {
  let [time, written] = [0, ''];
  const view = terminalView({ write: (t) => void (written += t), columns: () => 110 }, plain, (f) => f, () => time);
  view.start(start);
  view.step(step(1, 16));
  time = 1000;
  view.step(step(18, 287));
  expect(written).toContain('epoch 12/50  ');
  expect(written).toContain('  13 %  loss .412  accuracy .861  271 img/s  0:07 left');
  written = '';
  view.epoch(epoch);
  expect(written).toContain('epoch 12/50  loss .400  val_loss NaN  271 img/s  0:01  stopping early\n');
});

it('writes plain lines off a terminal: no control codes', () => {
  const lines: string[] = [];
  const view = plainView((line) => void lines.push(line), (f) => f, () => 0);
  view.start(start);
  view.step(step(1, 16));
  view.epoch(epoch);
  view.end({ start, result, resumeCommand: '' });
  expect(lines).toHaveLength(9);
  expect(lines.join('')).not.toMatch(/\x1b|\r/);
  expect(lines[3]).toBe('epoch 12/50  loss .400  val_loss NaN  0:00  stopping early');
});

it('writes one JSON event a line', () => {
  const events: Record<string, unknown>[] = [];
  const view = jsonView((line) => void events.push(JSON.parse(line) as Record<string, unknown>), () => 0);
  view.start(start);
  view.step(step(1, 16));
  view.epoch(epoch);
  view.saved('f.npz', 1656, 12, 'epoch');
  view.end({ start, result, resumeCommand: '' });
  view.diagnostics([{ code: 'CNN5001', severity: 'error', message: 'm', span: { file: '', start: 0, end: 0 }, related: [], notes: [], help: [], fixes: [] }]);
  expect(events.map((e) => e.event)).toEqual(['start', 'step', 'epoch', 'saved', 'end', 'error']);
  expect(events.every((e) => e.schema === 1)).toBe(true);
  expect(events[0]).toMatchObject({ program: 'pictures/flowers.cnn', model: 'Flowers', layers: 6, params: 38, macs: 88, seed: 7, batches: 138, parts: { train: 2202 } });
  expect(events[2]).toMatchObject({ epoch: 11, logs: { val_loss: null }, stopping: true });
  expect(events[4]).toMatchObject({ status: 'finished', test: { count: 734 } });
});
