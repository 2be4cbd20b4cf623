/** Figures of a test against scikit-learn's (scripts/goldens/figures.py), the table of predictions, and what is drawn. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../../src/compiler/model/program.ts';
import { decisionThreshold } from '../../../src/compiler/model/decision.ts';
import type { Answers, RowAnswers } from '../../../src/runtime/report/answers.ts';
import { figuresJson, figuresOf, type ClassFigures, type LabelFigures, type ValueFigures } from '../../../src/runtime/report/figures.ts';
import { figurePlots } from '../../../src/runtime/report/figure-plots.ts';
import { predictionsCsv } from '../../../src/runtime/report/predictions.ts';
import { countsAt, ratesOf, type Rates } from '../../../src/runtime/report/yes-or-no.ts';

interface Golden {
  readonly classes: { readonly actual: number[]; readonly predicted: number[]; readonly names: string[]; readonly accuracy: number; readonly confusion: number[][]; readonly rates: (number | null)[][]; readonly mean: number[] };
  readonly multilabel: { readonly actual: number[][]; readonly outputs: number[][]; readonly exact: number; readonly rates: (number | null)[][]; readonly together: number[]; readonly auc: number[]; readonly mean: number[]; readonly best: number[] };
  readonly values: { readonly actual: number[][]; readonly outputs: number[][]; readonly mae: number[]; readonly rmse: number[]; readonly r2: number[] };
}
const golden = JSON.parse(readFileSync(new URL('../../goldens/figures.json', import.meta.url), 'utf8')) as Golden;

const describePicture = (row: number): string => `x[${row}]`;
const rows = (kind: RowAnswers['kind'], names: readonly string[], actual: readonly (readonly number[])[], outputs: readonly (readonly number[])[]): RowAnswers => ({
  kind, names, count: actual.length, describe: describePicture, actual: Float32Array.from(actual.flat()), outputs: Float32Array.from(outputs.flat()),
});
const close = (found: number | null, want: number | null): void => (want === null || found === null ? expect(found).toBe(want) : expect(found).toBeCloseTo(want, 6));
const closeRates = (found: Rates, want: readonly (number | null)[]): void => [found.precision, found.recall, found.f1].forEach((rate, i) => close(rate, want[i]));

const { classes, multilabel, values } = golden;
const classAnswers: Answers = {
  kind: 'classes', names: classes.names, count: classes.actual.length, describe: describePicture, actual: Int32Array.from(classes.actual), predicted: Int32Array.from(classes.predicted),
  probability: Float32Array.from(classes.actual, () => 0.75), ofActual: Float32Array.from(classes.actual, () => 0.25),
};
const labelAnswers = rows('multilabel', ['a', 'b', 'c', 'never'], multilabel.actual, multilabel.outputs);
const valueAnswers = rows('values', ['size', 'angle', 'same'], values.actual, values.outputs);

describe('figures', () => {
  it('of classes are scikit-learn’s', () => {
    const found = figuresOf(classAnswers, null, 0.5) as ClassFigures;
    expect(found.accuracy).toBeCloseTo(classes.accuracy, 9);
    expect(found.confusion).toEqual(classes.confusion);
    found.classes.slice(0, 5).forEach((one, k) => closeRates(one, classes.rates.map((rate) => rate[k])));
    expect(found.classes[5]).toEqual({ class: 'f', count: 0, predicted: 0, precision: null, recall: null, f1: null });
    closeRates(found.mean, classes.mean);
    const [most] = found.confused;
    expect(most.count).toBe(Math.max(...classes.confusion.flatMap((row, is) => row.filter((_, said) => said !== is))));
    expect(most.of).toBe(classes.confusion[classes.names.indexOf(most.actual)].reduce((a, b) => a + b, 0));
  });

  it('have no matrix of very many classes, but the pairs', () => {
    const found = figuresOf({ ...classAnswers, names: Array.from({ length: 50_000 }, (_, k) => `c${k}`) }, null, 0.5) as ClassFigures;
    expect(found.confusion).toBeNull();
    expect(found.confused.length).toBeGreaterThan(3);
    expect(figurePlots({ ...classAnswers }, found).confusion('light')).toBeNull();
  });

  it('of several labels are scikit-learn’s; thresholds come from the validation part', () => {
    const found = figuresOf(labelAnswers, labelAnswers, 0.5) as LabelFigures;
    expect(found.exact).toBeCloseTo(multilabel.exact, 9);
    found.labels.forEach((one, k) => {
      closeRates(one, multilabel.rates.map((rate) => rate[k]));
      close(one.auc, multilabel.auc[k] ?? null);
      close(one.tuned?.f1 ?? null, multilabel.best[k] ?? null);
    });
    closeRates(found.together, multilabel.together);
    closeRates(found.mean, multilabel.mean);
    expect((figuresOf(labelAnswers, null, 0.5) as LabelFigures).labels.every((one) => one.tuned === null)).toBe(true);
  });

  it('of a yes or no are the label’s, with a matrix at the threshold', () => {
    const one = rows('binary', ['no', 'yes'], multilabel.actual.map((row) => [row[0]]), multilabel.outputs.map((row) => [row[0]]));
    const found = figuresOf(one, one, 0.5) as ClassFigures;
    closeRates(found.classes[1], multilabel.rates.map((rate) => rate[0]));
    expect(found.binary).toMatchObject({ yes: 'yes', threshold: 0.5 });
    close(found.binary?.auc ?? null, multilabel.auc[0]);
    close(found.binary?.tuned?.f1 ?? null, multilabel.best[0]);
    const strict = figuresOf(one, null, 0.9) as ClassFigures;
    expect(strict.confusion?.[1][1]).toBe(countsAt({ actual: one.actual, outputs: one.outputs, width: 1, at: 0 }, 0.9).truePositives);
    expect(strict.binary?.tuned).toBeNull();
  });

  it('of values are scikit-learn’s, without an r2 where all are equal', () => {
    const found = figuresOf(valueAnswers, null, 0.5) as ValueFigures;
    found.values.forEach((one, k) => {
      close(one.mae, values.mae[k]);
      close(one.rmse, values.rmse[k]);
      close(one.r2, values.r2[k] ?? null);
    });
    const { farthest } = found.values[0];
    const miss = values.actual.map((row, i) => Math.abs(row[0] - values.outputs[i][0]));
    expect(farthest.picture).toBe(`x[${miss.indexOf(Math.max(...miss))}]`);
  });

  it('are JSON with a line for each row', () => {
    const figures = figuresOf(labelAnswers, null, 0.5);
    const text = figuresJson(figures);
    expect(JSON.parse(text)).toEqual(figures);
    expect(text.split('\n').filter((line) => line.startsWith('  {"label":'))).toHaveLength(4);
  });
});

describe('rates', () => {
  it.each([
    [{ truePositives: 0, falsePositives: 0, falseNegatives: 0 }, { precision: null, recall: null, f1: null }],
    [{ truePositives: 0, falsePositives: 0, falseNegatives: 3 }, { precision: null, recall: 0, f1: 0 }],
    [{ truePositives: 1, falsePositives: 1, falseNegatives: 0 }, { precision: 0.5, recall: 1, f1: 2 / 3 }],
  ])('of %j', (counts, want) => expect(ratesOf(counts)).toEqual(want));
});

describe('predictions.csv', () => {
  const lines = (answers: Answers, threshold = 0.5): string[] => [...predictionsCsv(answers, threshold)].map((line) => line.trimEnd());
  it('of classes: the answer and the probability of the right one', () => {
    expect(lines(classAnswers).slice(0, 2)).toEqual(['picture,actual,predicted,probability,actual_probability', `x[0],${classes.names[classes.actual[0]]},${classes.names[classes.predicted[0]]},0.75,0.25`]);
    expect(lines(classAnswers)).toHaveLength(classes.actual.length + 1);
  });
  it('of a yes or no: by the threshold', () => {
    const one = rows('binary', ['no', 'yes'], [[1], [0]], [[0.25], [0.75]]);
    expect(lines(one).slice(1)).toEqual(['x[0],yes,no,0.75,0.25', 'x[1],no,yes,0.75,0.25']);
    expect(lines(one, 0.125).slice(1, 2)).toEqual(['x[0],yes,yes,0.25,0.25']);
  });
  it('of values: shortest decimals, names that hurt nobody', () => {
    const one = rows('values', ['a,b', '=1'], [[24.71, 1]], [[0.1, -2]]);
    expect(lines(one)).toEqual(['picture,"actual_a,b",actual_=1,"predicted_a,b",predicted_=1', 'x[0],24.71,1,0.1,-2']);
  });
});

describe('pictures', () => {
  const binary = rows('binary', ['no <b>', 'yes'], multilabel.actual.map((row) => [row[0]]), multilabel.outputs.map((row) => [row[0]]));
  const many = rows('multilabel', Array.from({ length: 70 }, (_, k) => `label ${k}`), [Array(70).fill(1), Array(70).fill(0)], [Array(70).fill(0.9), Array(70).fill(0.2)]);
  it.each<[string, Answers, readonly string[]]>([
    ['classes', classAnswers, ['confusion']],
    ['a yes or no', binary, ['confusion', 'roc']],
    ['labels', labelAnswers, ['labels', 'thresholds']],
    ['70 labels', many, ['labels', 'thresholds']],
    ['values', valueAnswers, ['predicted']],
    ['values that are no numbers', rows('values', ['v'], [[1], [2]], [[NaN], [Infinity]]), ['predicted']],
  ])('of %s are whole numbers of pixels, the same in all colours', (_, answers, names) => {
    const plots = figurePlots(answers, figuresOf(answers, answers, 0.5));
    expect(Object.keys(plots)).toEqual(names);
    for (const draw of Object.values(plots)) {
      const svg = draw('auto') ?? '';
      expect(svg).toMatch(/^<svg [^]*<title>Test: [^]*<\/svg>\n$/);
      expect(svg).not.toMatch(/="[^"]*(NaN|Infinity|undefined)|<b>/);
      expect(svg).toContain('prefers-color-scheme:dark');
      expect((draw('light') ?? '').replace(/<style>.*<\/style>/, '')).toBe(svg.replace(/<style>.*<\/style>/, ''));
    }
  });
});

describe('the threshold in use', () => {
  const of = (loss: object, ...metrics: object[]): number => decisionThreshold({ compile: { loss, metrics } } as unknown as Pick<Program, 'compile'>);
  const accuracy = (threshold: number): object => ({ kind: 'accuracy', form: 'binary', threshold });
  it.each([
    [of({ kind: 'binary_crossentropy', from_logits: false }), 0.5],
    [of({ kind: 'binary_crossentropy', from_logits: false }, { kind: 'precision', threshold: 0.25, top_k: null, class_id: null }, accuracy(0.3)), 0.3],
    [of({ kind: 'binary_crossentropy', from_logits: false }, { kind: 'precision', threshold: 0.25, top_k: null, class_id: null }), 0.25],
    [of({ kind: 'binary_crossentropy', from_logits: true }, accuracy(0)), 0.5],
    [of({ kind: 'hinge' }, accuracy(0)), 0.5],
  ])('%d', (found, want) => expect(found).toBe(want));
});
