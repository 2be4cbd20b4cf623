/** What generated code draws for a step of training, as the numbers that the graph is fed: each draw made again, in its order. */
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import type { NDArray } from '../../../src/compiler/graph/ndarray.ts';
import { hasWarp } from '../../../src/compiler/model/program.ts';
import type { ColourStep, ColourWord, Program } from '../../../src/compiler/model/program.ts';
import { lerpOf } from '../../../src/runtime/augment/colours.ts';

export interface Draws {
  number(): number;
}

/** The parts of generated code that draw. */
export interface DrawingCode {
  randomWarp?(random: Draws): unknown;
  matrixOf?(warp: unknown): number[];
  randomMix?(random: Draws): { share: number; top?: number; bottom?: number; left?: number; right?: number };
}

/** Feeds of the graph beside pictures and labels. Generated code draws mixtures, then the changes of its own pictures, then those of the others. */
export function drawnFeeds(program: Program, code: DrawingCode, random: Draws, count: number): Record<string, NDArray> {
  const { augment } = program;
  const each = <T>(draw: () => T): T[] => Array.from({ length: count }, draw);
  const mixes = augment.mix ? each(() => code.randomMix!(random)) : [];
  const changes = (suffix: string): Record<string, NDArray> => {
    const transforms = hasWarp(augment) ? { [`transforms${suffix}`]: ndarray([count, 8], each(() => code.matrixOf!(code.randomWarp!(random))).flat()) } : {};
    if (augment.colours.length === 0) return transforms;
    const steps = augment.colours.map((step) => each(() => numbersOf(step, random, program.input)));
    const rows = each(() => 0).map((_, i) => steps.flatMap((list) => list[i]));
    return { ...transforms, [`colours${suffix}`]: ndarray([count, rows[0].length], rows.flat()) };
  };
  const own = changes('');
  if (!augment.mix) return own;
  const numbers = mixes.map(({ share, top, bottom, left, right }) => (augment.mix!.kind === 'mixup' ? [share] : [share, top!, bottom!, left!, right!]));
  return { ...own, ...changes('2'), mix: ndarray([count, numbers[0].length], numbers.flat()) };
}

type Step<K extends ColourWord> = ColourStep & { readonly kind: K };

/** The numbers of one picture. */
function numbersOf(step: ColourStep, random: Draws, [height, width]: readonly number[]): number[] {
  const uniform = (low: number, high: number): number => low + (high - low) * random.number();
  const happens = step.chance === 1 || random.number() < step.chance;
  const factor = ({ range }: { readonly range: readonly [number, number] }): number[] => [happens ? uniform(...range) : 1];
  const drawn: { readonly [K in ColourWord]: (step: Step<K>) => number[] } = {
    channel_shift: ({ amount }) => [happens ? uniform(-amount, amount) : 0],
    brightness: factor,
    contrast: factor,
    saturation: factor,
    hue({ degrees }) {
      const angle = happens ? (uniform(-degrees, degrees) * Math.PI) / 180 : 0;
      return [Math.cos(angle), Math.sin(angle)];
    },
    blur: ({ sigma }) => [happens ? lerpOf(uniform(0, sigma)) : 0],
    noise: ({ std }) => [happens ? uniform(0, std) : 0],
    erase({ least, most }) {
      const area = happens ? uniform(least, most) * height * width : 0;
      if (area === 0) return [0, 0, 0, 0];
      const rows = Math.min(height, Math.max(1, Math.round(Math.sqrt(area * Math.exp(uniform(-1, 1) * Math.log(10 / 3))))));
      const columns = Math.min(width, Math.max(1, Math.round(area / rows)));
      const [top, left] = [Math.floor(random.number() * (height - rows + 1)), Math.floor(random.number() * (width - columns + 1))];
      return [top, top + rows, left, left + columns];
    },
  };
  return (drawn[step.kind] as (step: ColourStep) => number[])(step);
}
