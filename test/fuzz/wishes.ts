/** What a random program would like to contain, before it is known what fits: drawn freely, shrunk freely (generate.ts drops the rest). */
import fc from 'fast-check';
import { isActivation } from '../../src/compiler/check/tail.ts';
import type { LabelKind, Merge } from '../../src/compiler/model/program.ts';
import { layers, losses, metrics, optimizers } from '../../src/compiler/vocabulary/index.ts';
import { augmentSettings } from '../../src/compiler/vocabulary/settings/augment.ts';
import { preprocessSettings } from '../../src/compiler/vocabulary/settings/preprocess.ts';
import type { LossDefinition, MetricDefinition, Word } from '../../src/compiler/vocabulary/types.ts';
import { callOf, useOf } from './values.ts';

export type NodeWish =
  | { readonly kind: 'layer'; readonly text: string; /** of filters and units */ readonly number: NumberWish }
  | { readonly kind: 'repeat'; readonly count: number; readonly counter: boolean; readonly cells: readonly (readonly NodeWish[])[] }
  | { readonly kind: 'residual'; readonly project: '' | ' project' | ' project=conv'; readonly cells: readonly (readonly NodeWish[])[] }
  | { readonly kind: 'branch'; readonly merge: Merge; readonly cells: readonly (readonly NodeWish[])[] }
  /** `full`: arguments that have a default are given, too. */
  | { readonly kind: 'use'; readonly cell: number; readonly args: readonly string[]; readonly full: boolean; readonly number: NumberWish };

/** How a whole number is written, and by which of the names in sight. */
export type NumberWish = { readonly kind: 'plain' | 'name' | 'sum' | 'product'; readonly name: number };

export interface CellWish {
  /** value: its default; null: none. */
  readonly params: readonly { readonly name: string; readonly value: string | null }[];
  readonly nodes: readonly NodeWish[];
}

export interface Wishes {
  readonly input: readonly [number, number, number];
  readonly pixels: 'uint8' | 'float32';
  readonly labels: LabelKind;
  /** `labels KIND` is written; otherwise the data tells. */
  readonly stated: boolean;
  readonly count: number;
  readonly preprocess: readonly string[];
  readonly augment: readonly string[];
  /** Named numbers. */
  readonly values: readonly string[];
  readonly cells: readonly CellWish[];
  readonly network: readonly NodeWish[];
  /** From feature maps to a vector, then the layer with an output for each class; activations to try, in order. */
  readonly head: { readonly bridge: readonly string[]; readonly options: string; readonly activation: string; readonly asOption: boolean };
  readonly optimizer: string | null;
  readonly loss: string | null;
  readonly metrics: readonly string[];
  /** Each picture has a weight in the loss. */
  readonly weighted: boolean;
  /** Pictures a step, and in the last step of an epoch. */
  readonly batch: number;
  readonly last: number;
  /** Of weights, pictures, labels and dropout. */
  readonly seed: number;
}

/** How often a layer is drawn beside others; a word not named here counts as a new one. */
const weights: Readonly<Record<string, number>> = { conv: 9, dense: 5, pool: 3, avg_pool: 3, batch_norm: 4, dropout: 2, flatten: 2, global_pool: 1, global_avg_pool: 1 };
const newWord = 4;

const now = <W extends Word>(words: readonly W[]): readonly W[] => words.filter((word) => !word.later);

const layer: fc.Arbitrary<string> = fc.oneof(
  ...now(Object.values(layers) as readonly Word[]).map((word) => ({ weight: weights[word.word] ?? (isActivation(word.word) ? 1 : newWord), arbitrary: useOf(word) })),
);

const number: fc.Arbitrary<NumberWish> = fc.record({ kind: fc.constantFrom('plain', 'plain', 'name', 'sum', 'product'), name: fc.nat({ max: 5 }) });
const merges: readonly Merge[] = ['concat', 'add', 'average', 'multiply', 'maximum'];

/** Cells inside cells, ever fewer of them. */
const { node } = fc.letrec<{ node: NodeWish; repeat: NodeWish; residual: NodeWish; branch: NodeWish }>((tie) => {
  const cell = (maxLength: number) => fc.array(tie('node'), { minLength: 1, maxLength, size: 'max' });
  return {
    node: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 9, arbitrary: fc.record({ kind: fc.constant('layer' as const), text: layer, number }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('use' as const), cell: fc.nat({ max: 2 }), args: fc.array(fc.integer({ min: 1, max: 5 }).map(String), { minLength: 2, maxLength: 2 }), full: fc.boolean(), number }) },
      { weight: 1, arbitrary: tie('repeat') },
      { weight: 1, arbitrary: tie('residual') },
      { weight: 1, arbitrary: tie('branch') },
    ),
    repeat: fc.record({ kind: fc.constant('repeat'), count: fc.integer({ min: 1, max: 4 }), counter: fc.boolean(), cells: fc.array(cell(4), { minLength: 1, maxLength: 3 }) }),
    residual: fc.record({ kind: fc.constant('residual'), project: fc.constantFrom('', ' project', ' project=conv'), cells: fc.tuple(cell(4)) }),
    branch: fc.record({ kind: fc.constant('branch'), merge: fc.constantFrom(...merges), cells: fc.array(fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: cell(3) }), { minLength: 2, maxLength: 4, size: 'max' }) }),
  };
});

const cell: fc.Arbitrary<CellWish> = fc.record({
  params: fc.constantFrom([], ['f'], ['f', 'g']).chain((names) => fc.tuple(...names.map((name) => fc.record({ name: fc.constant(name), value: fc.option(fc.constantFrom('1', '2', '4')) })))),
  nodes: fc.array(node, { minLength: 1, maxLength: 4, size: 'max' }),
});

const bridges = [['flatten'], ['global_pool'], ['global_avg_pool'], ['flatten', 'dense 5'], ['global_avg_pool', 'relu']] as const;

const head: fc.Arbitrary<Wishes['head']> = fc.record({
  bridge: fc.constantFrom(...bridges),
  options: fc.constantFrom('', '', '', ' bias=off', ' kernel_initializer=he_normal bias_initializer=constant(.1)'),
  activation: fc.constantFrom('', 'softmax', 'sigmoid', 'softmax', 'sigmoid', 'tanh'),
  asOption: fc.boolean(),
});

const kinds: readonly LabelKind[] = ['categorical', 'sparse', 'binary', 'multilabel', 'values'];

const some = <T>(item: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<readonly T[]> => fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(item, { minLength: 1, maxLength }) });
const oneOf = (words: readonly Word[], as: (word: Word) => fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(...now(words).map(as));

/** @param warps with augmentation */
export const wishes = ({ warps = true } = {}): fc.Arbitrary<Wishes> =>
  fc.constantFrom(...kinds).chain((labels) => {
    const agreeing = <D extends LossDefinition | MetricDefinition>(table: Readonly<Record<string, D>>): readonly D[] => Object.values(table).filter((word) => word.labels.includes(labels));
    const side = fc.integer({ min: 5, max: 12 });
    return fc.record({
      input: fc.tuple(side, side, fc.constantFrom(1, 3)),
      pixels: fc.constantFrom('uint8' as const, 'uint8' as const, 'float32' as const),
      labels: fc.constant(labels),
      stated: fc.boolean(),
      count: labels === 'binary' ? fc.constant(2) : fc.integer({ min: labels === 'values' ? 1 : 2, max: 5 }),
      preprocess: some(oneOf(preprocessSettings, useOf), 3),
      augment: warps ? some(oneOf(augmentSettings, useOf), 4) : fc.constant([]),
      values: fc.subarray(['w', 'v']),
      cells: fc.array(cell, { maxLength: 3 }),
      network: fc.array(node, { maxLength: 8, size: 'max' }),
      head,
      optimizer: fc.option(oneOf(Object.values(optimizers), useOf), { freq: 8 }),
      loss: fc.option(oneOf(agreeing(losses), useOf), { freq: 8 }),
      metrics: some(oneOf(agreeing(metrics), callOf), 3),
      weighted: labels === 'values' || labels === 'multilabel' ? fc.constant(false) : fc.boolean(),
      batch: fc.integer({ min: 2, max: 6 }),
      last: fc.integer({ min: 1, max: 6 }),
      seed: fc.nat({ max: 1_000_000 }),
    });
  });
