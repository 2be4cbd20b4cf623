/**
 * What makes two runs the same run: the meaning of the program without what may change while it trains. Left out are the
 * number of epochs (it may grow), logs, plots and names, and where things stand (spans, the data's path): the data has a hash of its own.
 */
import type { Program } from '../../compiler/model/program.ts';
import { mergings } from '../../compiler/model/tree.ts';
import { sha256 } from '../files/hash.ts';

/** Facts in the words of the program to their values as JSON: `fit batch` → `32`, `conv_1 filters` → `16`. */
export type Meaning = Readonly<Record<string, string>>;

export function meaningOf(program: Program): Meaning {
  const { input, data, labels, preprocess, augment, layers, compile, fit } = program;
  const { source: _source, cache: _cache, ...plan } = data;
  const { epochs: _epochs, csvLog: _csvLog, tensorboard: _tensorboard, ...rest } = fit;
  const facts: Record<string, string> = { input: JSON.stringify(input), layers: layers.map((l) => l.name).join(' ') };
  collect(facts, 'data', { ...plan, labels: undefined });
  collect(facts, 'labels', labels);
  collect(facts, 'preprocess', preprocess);
  collect(facts, 'augment', augment);
  for (const layer of layers) {
    facts[layer.name] = layer.word;
    collect(facts, layer.name, layer.args);
    for (const v of layer.variables) facts[v.name] = JSON.stringify([v.shape, v.trainable]);
  }
  for (const { what, wiring } of mergings(program)) facts[what] = JSON.stringify(wiring);
  collect(facts, 'optimizer', compile.optimizer);
  collect(facts, 'optimizer', compile.around);
  facts.precision = JSON.stringify(compile.precision);
  collect(facts, 'loss', compile.loss);
  facts.metrics = JSON.stringify(compile.metrics);
  collect(facts, 'fit', rest);
  return facts;
}

/** Nested records become words in a row; lists stay whole. `origin` says where, not what. */
function collect(facts: Record<string, string>, path: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (value !== undefined) facts[path] = JSON.stringify(value);
    return;
  }
  for (const [key, inner] of Object.entries(value)) if (key !== 'origin') collect(facts, `${path} ${key}`, inner);
}

/** The same for the same facts in any order. */
export const hashOf = (meaning: Meaning): string => sha256(JSON.stringify(Object.entries(meaning).sort(([a], [b]) => (a < b ? -1 : 1))));

export interface Difference {
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

/** In the order of the program; `absent` where one side has no such fact. */
export function differences(before: Meaning, now: Meaning): readonly Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const of = (meaning: Meaning, name: string): string => (Object.hasOwn(meaning, name) ? meaning[name] : 'absent');
  return names.map((what) => ({ what, before: of(before, what), now: of(now, what) })).filter((d) => d.before !== d.now);
}
