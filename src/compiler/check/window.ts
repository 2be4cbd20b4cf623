/** The facts of CNN3004: the chain of shapes by iteration, and ways out, each tried before it is named. */
import type { Shape } from '../model/program.ts';
import type { WindowFacts } from '../diagnostics/catalogue/shapes.ts';
import type { TraceRow } from '../diagnostics/catalogue/trace.ts';
import { sameShape } from '../shape/shape.ts';
import type { BoundCell } from '../bind/bound.ts';
import type { CheckedData } from './data.ts';
import type { Context } from './context.ts';
import { hasWindow, isConvolution, turnsOf, walk } from './walk.ts';
import type { Failure, Turn, Variation, Walk } from './walk.ts';

const largestImage = 4096;

/** `turn`: the iteration that the facts speak of. */
export function windowFacts(failure: Failure, result: Walk, cell: BoundCell, data: CheckedData, context: Context): { readonly facts: WindowFacts; readonly turn: Turn | null } {
  const { use, input, problem } = failure;
  const start = data.input ?? input;
  const fitsWith = (variation: Variation, from: Shape = start): boolean => {
    const tried = walk(cell, from, data.count ?? 1, variation);
    return tried.failure === null && tried.mismatch === null && tried.tooMany === null;
  };
  const turns = turnsOf(failure);
  const counts = [...turns].reverse().map((turn) => ({ turn, fits: largestCount(turn.index, (count) => fitsWith({ counts: new Map([[turn.node, count]]) })) }));
  // Of nested repeats the innermost one that helps; it is also the one whose iterations are shown.
  const { turn, fits } = counts.find((one) => one.fits !== null) ?? { turn: turns.at(-1) ?? null, fits: null };
  const facts: WindowFacts = {
    word: use.word.word,
    window: problem.kind === 'window' ? problem.window : [1, 1],
    input,
    iteration: turn && { index: turn.index, count: turn.count },
    rows: rowsOf(result, start, turn),
    fits,
    same: keepSize(failure, turn, fitsWith, context),
    image: smallestImage(start, data, context, fitsWith),
  };
  return { facts, turn };
}

/** Largest count from 1 to `most` that fits; fewer iterations fit better. */
function largestCount(most: number, fits: (count: number) => boolean): number | null {
  if (most < 1 || !fits(1)) return null;
  let low = 1;
  let high = most;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** `same` on the layer itself, or on each convolution; together with fewer iterations where it is not enough. */
function keepSize(failure: Failure, turn: Turn | null, fitsWith: (variation: Variation) => boolean, context: Context): WindowFacts['same'] {
  const { use, args } = failure;
  if (!hasWindow(args) || args.padding === 'same') return null;
  const text = `${context.text(use.span).replace(/\s+(valid|padding\s*=\s*"?valid"?)(?=\s|$)/, '')} same`;
  const isConv = isConvolution(use.word.word);
  if (!(isConv && turn) && fitsWith({ same: use })) return { text, fits: null, each: false };
  if (!isConv) return null;
  const same = 'convolutions' as const;
  if (fitsWith({ same })) return { text, fits: null, each: true };
  if (!turn) return null;
  const fewer = largestCount(turn.count - 1, (count) => fitsWith({ same, counts: new Map([[turn.node, count]]) }));
  // Only if it allows more than leaving the padding as it is.
  return fewer !== null && fewer > turn.index ? { text, fits: fewer, each: true } : null;
}

/** The smallest image that works: each side on its own, never smaller than it is, then tried together. */
function smallestImage(start: Shape, data: CheckedData, context: Context, fitsWith: (variation: Variation, from: Shape) => boolean): WindowFacts['image'] {
  const [height, width, channels] = start;
  const least = (now: number, shape: (side: number) => Shape): number | null => {
    if (!fitsWith({}, shape(largestImage))) return null;
    let low = now;
    let high = largestImage;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fitsWith({}, shape(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const h = least(height, (side) => [side, largestImage, channels]);
  const w = least(width, (side) => [largestImage, side, channels]);
  if (h === null || w === null || !fitsWith({}, [h, w, channels])) return null;
  const size = `${h}x${w}`;
  const written = data.inputUse?.args.get('size');
  const word = data.inputUse?.word.word ?? 'image';
  const depth = written && Array.isArray(written.value) && written.value.length > 2 ? `x${channels}` : '';
  return { size, text: `${word} ${size}${depth}` };
}

/** Shapes that change on the way, one row an iteration of the innermost repeat. */
function rowsOf(result: Walk, start: Shape, turn: Turn | null): readonly TraceRow[] {
  const rows: { shapes: Shape[]; label: string | null }[] = [{ shapes: [start], label: null }];
  let last = start;
  for (const step of result.steps) {
    if (sameShape(step.output, last)) continue;
    last = step.output;
    const index = turn && turnsOf(step).find((t) => t.node === turn.node)?.index;
    const label = typeof index === 'number' ? `iteration ${index + 1}` : null;
    const row = rows[rows.length - 1];
    if (row.label === label && (label !== null || row.shapes.length < 4)) row.shapes.push(step.output);
    else if (row.label === null && label !== null && rows.length === 1 && row.shapes.length === 1) rows[0] = { shapes: [...row.shapes, step.output], label };
    else rows.push({ shapes: [step.output], label });
  }
  return result.steps.length === 0 ? [] : rows;
}
