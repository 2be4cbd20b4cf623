/** The numbers of each training picture for the changes of colour (graph/colours.ts says what they do). */
import { draws, Purpose } from '../../compiler/graph/philox.ts';
import type { Draws } from '../../compiler/graph/philox.ts';
import { colourNumbers, colourWidth } from '../../compiler/model/program.ts';
import type { Augment, ColourStep, ColourWord } from '../../compiler/model/program.ts';

/** Every word has its place in the sequence of draws, so that turning one on does not change the others. Part of the meaning of a seed. */
const sequence: readonly ColourWord[] = ['channel_shift', 'brightness', 'contrast', 'saturation', 'hue', 'blur', 'noise', 'erase'];
/** Uniform numbers that a word takes, its chance included. */
const taken: Readonly<Record<ColourWord, number>> = { channel_shift: 2, brightness: 2, contrast: 2, saturation: 2, hue: 2, blur: 2, noise: 2, erase: 5 };

/** Sides of an erased rectangle: as 3:10 to 10:3. */
const longest = Math.log(10 / 3);

/**
 * float32 [N, colourWidth] row-major into `out`: a function of (seed, epoch, sample) alone.
 * @param shape [height, width, channels] @param samples indices in the data set @param epoch from 0
 */
export function drawColours(augment: Augment, shape: readonly [number, number, number], seed: number, epoch: number, samples: ArrayLike<number>, out: Float32Array): void {
  const width = colourWidth(augment);
  const steps = new Map(augment.colours.map((step) => [step.kind, step]));
  const places = new Map<ColourWord, number>();
  augment.colours.reduce((at, { kind }) => (places.set(kind, at), at + colourNumbers[kind]), 0);
  for (let n = 0; n < samples.length; n++) {
    const random = draws(seed, Purpose.colour, epoch, samples[n]);
    for (const word of sequence) {
      const step = steps.get(word);
      if (step) write(step, random, shape, out, n * width + (places.get(word) as number));
      else for (let i = 0; i < taken[word]; i++) random.uniform();
    }
  }
}

function write(step: ColourStep, random: Draws, [height, width]: readonly [number, number, number], out: Float32Array, at: number): void {
  const happens = random.uniform() < step.chance;
  const u = random.uniform();
  const within = (range: number): number => (happens ? (2 * u - 1) * range : 0);
  switch (step.kind) {
    case 'channel_shift':
      out[at] = within(step.amount);
      return;
    case 'brightness':
    case 'contrast':
    case 'saturation':
      out[at] = happens ? step.range[0] + (step.range[1] - step.range[0]) * u : 1;
      return;
    case 'hue': {
      const angle = (within(step.degrees) * Math.PI) / 180;
      out[at] = Math.cos(angle);
      out[at + 1] = Math.sin(angle);
      return;
    }
    case 'blur':
      out[at] = happens ? lerpOf(u * step.sigma) : 0;
      return;
    case 'noise':
      out[at] = happens ? u * step.std : 0;
      return;
    case 'erase': {
      const [form, x, y] = [random.uniform(), random.uniform(), random.uniform()];
      const area = (step.least + (step.most - step.least) * u) * height * width;
      const ratio = Math.exp((2 * form - 1) * longest);
      const rows = Math.min(height, Math.max(1, Math.round(Math.sqrt(area * ratio))));
      const columns = Math.min(width, Math.max(1, Math.round(area / rows)));
      const [top, left] = [Math.floor(y * (height - rows + 1)), Math.floor(x * (width - columns + 1))];
      out.set(happens ? [top, top + rows, left, left + columns] : [0, 0, 0, 0], at);
    }
  }
}

/** How far towards the mean of 3 a Gaussian over 3 pixels lies: its side weights w are t / 3. */
export function lerpOf(sigma: number): number {
  if (sigma === 0) return 0;
  const side = Math.exp(-1 / (2 * sigma * sigma));
  return (3 * side) / (1 + 2 * side);
}
