/** What a random program would like to contain, before it is known what fits: drawn freely, shrunk freely (assemble.ts drops the rest). */
import fc from 'fast-check';
import { isActivation } from '../../src/compiler/check/tail.ts';
import type { LabelKind } from '../../src/compiler/model/program.ts';
import { layers, losses, metrics, optimizers } from '../../src/compiler/vocabulary/index.ts';
import { augmentSettings } from '../../src/compiler/vocabulary/settings/augment.ts';
import { preprocessSettings } from '../../src/compiler/vocabulary/settings/preprocess.ts';
import type { LossDefinition, MetricDefinition, Word } from '../../src/compiler/vocabulary/types.ts';
import { callOf, useOf } from './values.ts';

export type NodeWish = { readonly kind: 'layer'; readonly text: string } | { readonly kind: 'repeat'; readonly count: number; readonly cells: readonly (readonly string[])[] };

export interface Wishes {
  readonly input: readonly [number, number, number];
  readonly pixels: 'uint8' | 'float32';
  readonly labels: LabelKind;
  /** `labels KIND` is written; otherwise the data tells. */
  readonly stated: boolean;
  readonly count: number;
  readonly preprocess: readonly string[];
  readonly augment: readonly string[];
  readonly network: readonly NodeWish[];
  /** From feature maps to a vector, then the layer with an output for each class; activations to try, in order. */
  readonly head: { readonly bridge: readonly string[]; readonly options: string; readonly activation: string; readonly asOption: boolean };
  readonly optimizer: string | null;
  readonly loss: string | null;
  readonly metrics: readonly string[];
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

const node: fc.Arbitrary<NodeWish> = fc.oneof(
  { weight: 6, arbitrary: layer.map((text) => ({ kind: 'layer' as const, text })) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('repeat' as const), count: fc.integer({ min: 1, max: 4 }), cells: fc.array(fc.array(layer, { minLength: 1, maxLength: 4, size: 'max' }), { minLength: 1, maxLength: 3 }) }),
  },
);

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
      network: fc.array(node, { maxLength: 8, size: 'max' }),
      head,
      optimizer: fc.option(oneOf(Object.values(optimizers), useOf), { freq: 8 }),
      loss: fc.option(oneOf(agreeing(losses), useOf), { freq: 8 }),
      metrics: some(oneOf(agreeing(metrics), callOf), 3),
      batch: fc.integer({ min: 2, max: 6 }),
      last: fc.integer({ min: 1, max: 6 }),
      seed: fc.nat({ max: 1_000_000 }),
    });
  });
