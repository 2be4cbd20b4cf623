/** The end of a network as written: its last layer and the activation it ends in, known even where shapes are not. */
import type { ActivationWord } from '../model/program.ts';
import type { Span } from '../source/source.ts';
import { plainActivations } from '../vocabulary/layers/activations.ts';
import type { BoundCell, BoundNode, Use } from '../bind/bound.ts';

export interface Tail {
  /** The last layer that is neither activation nor dropout. */
  readonly head: Use | null;
  /** The activation the network ends in, as a layer or as an option of the head. */
  readonly activation: { readonly word: ActivationWord; readonly span: Span; readonly isLayer: boolean } | null;
  /** The last layer with a width of its own (`dense`, `conv`), and where the width is written. */
  readonly wide: { readonly use: Use; readonly span: Span } | null;
}

export const isActivation = (word: string): word is ActivationWord => word === 'leaky_relu' || word === 'elu' || Object.hasOwn(plainActivations, word);

/** null: something near the end was not understood. */
export function tailOf(cell: BoundCell): Tail | null {
  const uses = lastUses(cell, 64);
  if (uses === null) return null;
  let activation: Tail['activation'] = null;
  let head: Use | null = null;
  for (const use of uses) {
    const word = use.word.word;
    if (isActivation(word)) {
      activation ??= { word, span: use.span, isLayer: true };
      continue;
    }
    if (word.endsWith('dropout') || word === 'gaussian_noise') continue;
    head = use;
    break;
  }
  const option = head?.args.get('activation');
  if (!activation && option && typeof option.value === 'object' && 'activation' in option.value && option.value.activation) activation = { word: option.value.activation, span: option.span, isLayer: false };
  const wide = uses.find((use) => use.word.word === 'dense' || use.word.word === 'conv') ?? null;
  return { head, activation, wide: wide && { use: wide, span: (wide.args.get('units') ?? wide.args.get('filters'))?.span ?? wide.span } };
}

/** The last uses, latest first; of a repeat, those of its last iterations. A residual or a branch ends them: what it gives is no one layer's. null: broken. */
function lastUses(cell: BoundCell, most: number): readonly Use[] | null {
  const found: Use[] = [];
  let broken = false;
  /** False where nothing before matters any more. */
  const add = (inner: BoundCell): boolean =>
    [...inner.nodes].reverse().every((node) => {
      if (found.length >= most) return false;
      switch (node.kind) {
        case 'broken':
          broken = true;
          return false;
        case 'residual':
        case 'branch':
          return false;
        case 'layer':
          found.push(node.use);
          return true;
        case 'call':
          return add(node.cell);
        case 'repeat':
          return lastTurns(node).every(add);
      }
    });
  add(cell);
  return broken && !found.some((use) => use.word.word === 'dense') ? null : found;
}

/** The cells of a repeat's last round, latest first. */
const lastTurns = ({ cells, count }: Extract<BoundNode, { kind: 'repeat' }>): readonly BoundCell[] =>
  Array.from({ length: Math.min(count, cells.length) }, (_, i) => cells[(count - 1 - i) % cells.length]);
