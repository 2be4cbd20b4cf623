/** The end of a network as written: its last layer and the activation it ends in, known even where shapes are not. */
import type { ActivationWord } from '../model/program.ts';
import type { Related } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source/source.ts';
import { activationLayers } from '../vocabulary/layers/activations.ts';
import type { BoundCell, BoundNode, Use } from '../bind/bound.ts';

export interface Tail {
  /** The last layer that is neither activation nor dropout. */
  readonly head: Use | null;
  /** The activation the network ends in, as a layer or as an option of the head; `merged`: each cell of a last branch ends in it. */
  readonly activation: { readonly word: ActivationWord; readonly span: Span; readonly as: 'layer' | 'option' | 'merged' } | null;
  /** What the width of the network's output is blamed on, and where it is written. `isDense`: a number there would change it. */
  readonly width: { readonly use: Use; readonly span: Span; readonly isDense: boolean } | null;
  /** Uses of named cells around the head or the width, from the inside out. */
  readonly calls: readonly Related[];
}

export const isActivation = (word: string): word is ActivationWord => Object.hasOwn(activationLayers, word);

/** null: something near the end was not understood. */
export function tailOf(cell: BoundCell): Tail | null {
  const { found, merge, broken } = lastUses(cell, 64);
  if (broken && !found.some(({ use }) => use.word.word === 'dense')) return null;
  let activation: Tail['activation'] = null;
  let head: Found<Use> | null = null;
  for (const one of found) {
    const word = one.use.word.word;
    if (isActivation(word)) {
      activation ??= { word, span: one.use.span, as: 'layer' };
      continue;
    }
    if (word.endsWith('dropout') || word === 'gaussian_noise') continue;
    head = one;
    break;
  }
  const option = head?.use.args.get('activation');
  if (!activation && option && typeof option.value === 'object' && 'activation' in option.value && option.value.activation) activation = { word: option.value.activation, span: option.span, as: 'option' };
  if (!activation && !head && merge) activation = activationOf(merge.use);
  const wide = found.find(({ use }) => use.word.params.some(({ name }) => name === 'units' || name === 'filters')) ?? null;
  // Without a layer behind it, a residual or a branch gives the width itself.
  const merged = merge && { use: merge.use.use, span: merge.use.use.statement.word.span, isDense: false };
  const width = wide ? { use: wide.use, span: (wide.use.args.get('units') ?? wide.use.args.get('filters'))?.span ?? wide.use.span, isDense: wide.use.word.word === 'dense' } : merged;
  return { head: head?.use ?? null, activation, width, calls: (wide ?? merge ?? head)?.calls ?? [] };
}

type Merging = Extract<BoundNode, { kind: 'residual' | 'branch' }>;

interface Found<T> {
  readonly use: T;
  readonly calls: readonly Related[];
}

/** Of several softmaxes only the average is one again; of sigmoids all but the sum lies between 0 and 1. */
function activationOf(node: Merging): Tail['activation'] {
  if (node.kind === 'residual') return null;
  const words = node.cells.map((cell) => tailOf(cell)?.activation?.word ?? null);
  const [word] = words;
  if (word === null || words.some((other) => other !== word)) return null;
  const keeps = word === 'softmax' ? node.merge === 'average' : word === 'sigmoid' && node.merge !== 'add';
  return keeps ? { word, span: node.use.statement.word.span, as: 'merged' } : null;
}

interface Last {
  /** Latest first. */
  readonly found: readonly Found<Use>[];
  /** Where they end, because what a residual or a branch gives is no one layer's. */
  readonly merge: Found<Merging> | null;
  readonly broken: boolean;
}

/** The last uses; of a repeat, those of its last iterations. */
function lastUses(cell: BoundCell, most: number): Last {
  const found: Found<Use>[] = [];
  let merge: Found<Merging> | null = null;
  let broken = false;
  /** Bodies without layers, which uses of cells share. */
  const dry = new Set<BoundCell>();
  /** False where nothing before matters any more. */
  const add = (inner: BoundCell, calls: readonly Related[]): boolean => {
    if (dry.has(inner)) return true;
    const before = found.length;
    const goesOn = [...inner.nodes].reverse().every((node) => {
      if (found.length >= most) return false;
      switch (node.kind) {
        case 'broken':
          broken = true;
          return false;
        case 'residual':
        case 'branch':
          merge = { use: node, calls };
          return false;
        case 'layer':
          found.push({ use: node.use, calls });
          return true;
        case 'call':
          return add(node.cell, [{ span: node.span, label: `in \`${node.text}\`, called here`, via: 'call' }, ...calls]);
        case 'repeat':
          return lastTurns(node).every((turn) => add(turn, calls));
      }
    });
    if (goesOn && found.length === before) dry.add(inner);
    return goesOn;
  };
  add(cell, []);
  return { found, merge, broken };
}

/** The cells of a repeat's last round, latest first. */
const lastTurns = ({ cells, count }: Extract<BoundNode, { kind: 'repeat' }>): readonly BoundCell[] =>
  Array.from({ length: Math.min(count, cells.length) }, (_, i) => cells[(count - 1 - i) % cells.length]);
