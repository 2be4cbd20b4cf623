/** The page of a diagram: title, totals, the colours' meaning, and the network in as many columns as make a page that is neither a ribbon nor a belt. */
import type { Program } from '../../model/program.ts';
import { summarise } from '../../model/summary.ts';
import { outputsInWords } from '../../model/table.ts';
import { bytes, count } from '../../model/units.ts';
import { showShape } from '../../shape/shape.ts';
import { clipText, textWidth } from '../svg/text.ts';
import { flatten } from './geometry.ts';
import type { Piece, Point, Rect, Shape } from './geometry.ts';
import { blocksOf, foldForDiagram, networkSteps } from './network.ts';
import { below, columns } from './sequence.ts';
import type { Step } from './sequence.ts';
import { families } from './words.ts';
import type { Family } from './words.ts';

export interface Word extends Point {
  readonly text: string;
  readonly style: 'title' | 'totals' | 'legend';
}

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly name: string;
  /** What a reader who does not see it is told. */
  readonly description: string;
  readonly words: readonly Word[];
  readonly swatches: readonly (Rect & { readonly family: Family })[];
  /** Everything of the network, back to front within its kind. */
  readonly shapes: readonly Shape[];
}

const margin = 32;
const leastWidth = 640;
/** A column this high needs no second one. */
const highEnough = 1100;
/** Width to height that several columns come close to. */
const aspect = 1.3;

/** More blocks than this make no picture. */
export const mostBlocks = 1500;

/** null: it would have more than `mostBlocks` blocks, even folded. */
export function pageOf(program: Program): Page | null {
  const folded = foldForDiagram(program);
  if (blocksOf(folded) > mostBlocks) return null;
  const answer = outputsInWords(program);
  const network = arranged(networkSteps(program, folded, answer));
  const width = Math.ceil(Math.max(leastWidth, network.width + 2 * margin));

  const { params, macs, memory } = summarise(program);
  const totals = [
    `${showShape(program.input)} → ${answer}`,
    `${count(params.total)} parameters`,
    `${count(macs)} multiply-adds`,
    `${bytes(memory.weights)} of weights`,
  ];
  const title = clipText(program.name, width - 2 * margin, 22, 'bold');
  const words: Word[] = [{ style: 'title', text: title, x: margin, y: 46 }];
  let y = 70;
  for (const text of rows(totals, width - 2 * margin, (part) => textWidth(part, 13), textWidth('  ·  ', 13))) {
    words.push({ style: 'totals', text: text.join('  ·  '), x: margin, y });
    y += 20;
  }
  const shapes = flatten(network, { x: Math.round((width - network.width) / 2), y: 0 });
  const present = families.filter((family) => shapes.some((shape) => shape.kind === 'block' && shape.family === family));
  const swatches: (Rect & { family: Family })[] = [];
  for (const row of rows(present, width - 2 * margin, (family) => 18 + textWidth(family, 11), 16)) {
    let x = margin;
    for (const family of row) {
      swatches.push({ family, x, y, width: 12, height: 12 });
      words.push({ style: 'legend', text: family, x: x + 18, y: y + 10 });
      x += 34 + textWidth(family, 11);
    }
    y += 20;
  }
  const top = y + 20;
  return {
    width,
    height: Math.ceil(top + network.height + margin),
    name: program.name,
    description: `A network from ${totals.join(', ')}: ${program.layers.length} layers.`,
    words,
    swatches,
    shapes: flatten(network, { x: Math.round((width - network.width) / 2), y: top }),
  };
}

function arranged(steps: readonly Step[]): Piece {
  const one = below(steps);
  if (one.height <= highEnough) return one;
  let best = one;
  const off = ({ width, height }: Piece): number => Math.abs(Math.log(width / height / aspect));
  for (let n = 2; n <= 24; n++) {
    const made = columns(steps, (one.height / n) * 1.15);
    if (off(made) < off(best)) best = made;
    // More columns only make it wider.
    if (made.width / made.height > aspect) break;
  }
  return best;
}

/** Parts in rows no wider than `most`. */
function rows<T>(parts: readonly T[], most: number, widthOf: (part: T) => number, gap: number): readonly (readonly T[])[] {
  const made: T[][] = [];
  let width = Infinity;
  for (const part of parts) {
    const more = widthOf(part) + gap;
    if (width + more > most) {
      made.push([]);
      width = 0;
    }
    made[made.length - 1].push(part);
    width += more;
  }
  return made;
}
