/** Changes of colour as code for tfjs: the steps of graph/colours.ts, each with numbers of its own for every picture. */
import type { Augment, ColourStep } from '../../model/program.ts';
import { number } from './emit.ts';

/** `changeColours` and what it needs. */
export function coloursCode({ colours }: Augment): string {
  const has = (...kinds: ColourStep['kind'][]): boolean => colours.some(({ kind }) => kinds.includes(kind));
  return `
/** float32 pixels of 0 to 255 → the same, the colours of each picture changed at random. */
export function changeColours(images: tf.Tensor4D, random: Random): tf.Tensor4D {
  const count = images.shape[0];
${has('channel_shift', 'brightness', 'contrast', 'saturation', 'blur', 'noise') ? '  const each = (draw: () => number): tf.Tensor4D => tf.tensor4d(Array.from({ length: count }, draw), [count, 1, 1, 1]);\n' : ''}  const uniform = (low: number, high: number): number => low + (high - low) * random.number();
  let x = images;
  ${colours.map(stepCode).join('\n\n  ')}
  return x;
}
${has('brightness', 'contrast', 'saturation', 'hue', 'noise') ? '\nconst levels = (x: tf.Tensor4D): tf.Tensor4D => tf.clipByValue(x, 0, 255);\n' : ''}${
    has('saturation', 'hue') ? '\n/** As PIL: ITU-R 601. */\nconst gray = (x: tf.Tensor4D): tf.Tensor4D => tf.sum(tf.mul(x, [0.299, 0.587, 0.114]), 3, true);\n' : ''
  }${
    has('blur')
      ? `
/** How far a Gaussian over 3 pixels lies towards their mean. */
function towards(sigma: number): number {
  const side = Math.exp(-1 / (2 * sigma * sigma));
  return (3 * side) / (1 + 2 * side);
}
`
      : ''
  }`;
}

function stepCode(step: ColourStep): string {
  const drawn = (range: string, otherwise: string): string => (step.chance === 1 ? range : `(random.number() < ${number(step.chance)} ? ${range} : ${otherwise})`);
  switch (step.kind) {
    case 'channel_shift':
      return `// One number for all channels, within the least and largest value of the picture.
  const least = tf.min(x, [1, 2, 3], true);
  const most = tf.max(x, [1, 2, 3], true);
  x = tf.minimum(tf.maximum(tf.add(x, each(() => ${drawn(`uniform(${number(-step.amount)}, ${number(step.amount)})`, '0')})), least), most);`;
    case 'brightness':
      return `x = levels(tf.mul(x, each(() => ${drawn(rangeCode(step.range), '1')})));`;
    case 'contrast':
      return `// About the mean of each channel.
  const mean = tf.mean(x, [1, 2], true);
  x = levels(tf.add(tf.mul(tf.sub(x, mean), each(() => ${drawn(rangeCode(step.range), '1')})), mean));`;
    case 'saturation':
      return `const pale = gray(x);
  x = levels(tf.add(tf.mul(tf.sub(x, pale), each(() => ${drawn(rangeCode(step.range), '1')})), pale));`;
    case 'hue':
      return `// I and Q of YIQ are turned; gray stays.
  const angles = Array.from({ length: count }, () => ${drawn(`(uniform(${number(-step.degrees)}, ${number(step.degrees)}) * Math.PI) / 180`, '0')});
  const turn = (fn: (angle: number) => number): tf.Tensor4D => tf.tensor4d(angles.map(fn), [count, 1, 1, 1]);
  const centre = gray(x);
  const [inPhase, quadrature] = [[0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]].map((row) => tf.sum(tf.mul(x, row), 3, true));
  const across = tf.sub(tf.mul(inPhase, [0.619, -0.647, 1.703]), tf.mul(quadrature, [0.956, -0.272, -1.106]));
  x = levels(tf.add(centre, tf.add(tf.mul(tf.sub(x, centre), turn(Math.cos)), tf.mul(across, turn(Math.sin)))));`;
    case 'blur':
      return `// A Gaussian over 3 pixels, as a step towards their mean.
  const step = each(() => ${drawn(`towards(uniform(0, ${number(step.sigma)}))`, '0')});
  for (const size of [[1, 3], [3, 1]] as const) x = tf.add(x, tf.mul(tf.sub(tf.avgPool(x, [...size], 1, 'same'), x), step));`;
    case 'noise':
      return `// Box and Muller.
  const radius = tf.sqrt(tf.mul(tf.log(tf.sub(1, random.tensor(x.shape))), -2));
  const normal = tf.mul(radius, tf.cos(tf.mul(random.tensor(x.shape), 2 * Math.PI)));
  x = levels(tf.add(x, tf.mul(normal, each(() => ${drawn(`uniform(0, ${number(step.std)})`, '0')}))));`;
    case 'erase':
      return `// A rectangle of a random size, form and place.
  const covered = tf.stack(
    Array.from({ length: count }, () => {
      const area = ${drawn(`uniform(${number(step.least)}, ${number(step.most)})`, '0')} * HEIGHT * WIDTH;
      if (area === 0) return tf.zeros([HEIGHT, WIDTH, 1]);
      const rows = Math.min(HEIGHT, Math.max(1, Math.round(Math.sqrt(area * Math.exp(uniform(-1, 1) * Math.log(10 / 3))))));
      const columns = Math.min(WIDTH, Math.max(1, Math.round(area / rows)));
      const [top, left] = [Math.floor(random.number() * (HEIGHT - rows + 1)), Math.floor(random.number() * (WIDTH - columns + 1))];
      return tf.pad(tf.ones([rows, columns, 1]), [[top, HEIGHT - top - rows], [left, WIDTH - left - columns], [0, 0]]);
    }),
  );
  x = tf.add(x, tf.mul(tf.sub(${number(step.value)}, x), covered));`;
  }
}

const rangeCode = ([low, high]: readonly [number, number]): string => `uniform(${number(low)}, ${number(high)})`;
