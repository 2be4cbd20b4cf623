/** `augment.ts` of the generated code: one warp, then colours, with the formulas of runtime/augment and graph/colours. */
import { changesPictures, hasWarp } from '../../model/program.ts';
import type { Augment, Program, WarpStep } from '../../model/program.ts';
import { coloursCode } from './colours.ts';
import { number, shape } from './emit.ts';
import { header, importLine, lines, tfjs } from './module.ts';

/** null: the program changes no training pictures. */
export function augmentModule(program: Program): string | null {
  const { augment, input } = program;
  if (!changesPictures(augment)) return null;
  const [height, width] = input;
  const warps = hasWarp(augment);
  const coloured = augment.colours.length > 0;
  const erases = augment.colours.some((step) => step.kind === 'erase');
  const warped = 'warp(images, Array.from({ length: images.shape[0] }, () => matrixOf(randomWarp(random))))';
  return lines(
    header(`Random changes of training pictures: ${[...(warps ? [`${warpWords(augment)} as one warp`] : []), ...(coloured ? ['colours'] : [])].join(', then ')}.`),
    tfjs,
    importLine('./random.ts', [], ['Random']),
    (warps || erases) && `\nconst HEIGHT = ${height};\nconst WIDTH = ${width};\n`,
    warps && warpCode(augment),
    `
/** Pixels ${shape(input)} → the same shape, each picture changed at random. */
export function augment(images: tf.Tensor4D, random: Random): tf.Tensor4D {
  return ${coloured ? `changeColours(${warps ? warped : "tf.cast(images, 'float32')"}, random)` : warped};
}
`,
    warps &&
      `
/** Warps each picture by its matrix. What comes from outside: ${fillDoc(augment)}. */
export function warp(images: tf.Tensor4D, matrices: readonly number[][]): tf.Tensor4D {
  // One by one: the cpu backend of tfjs 4.22 transforms only the first picture of a batch.
  const pictures: tf.Tensor4D[] = tf.split(tf.cast(images, 'float32'), images.shape[0]);
  return tf.concat(pictures.map((picture, i) => tf.image.transform(picture, [matrices[i]], 'bilinear', '${augment.fill.mode}', ${number(augment.fill.value)})));
}
`,
    coloured && coloursCode(augment),
  );
}

function warpWords({ shear, crop }: Augment): string {
  const words = ['rotation', 'shifts', ...(shear > 0 ? ['slant'] : []), 'zoom', ...(crop < 1 ? ['crop'] : [])];
  return `${words.join(', ')} and flips`;
}

function warpCode(augment: Augment): string {
  const slants = augment.shear > 0;
  const crops = augment.crop < 1;
  /** What is drawn, or `otherwise` for pictures that it is not made to. */
  const perhaps = (step: WarpStep, code: string, otherwise: string): string => (augment.chances[step] === 1 || code === otherwise ? code : `random.number() < ${number(augment.chances[step])} ? ${code} : ${otherwise}`);
  const angle = (degrees: number): string => (degrees > 0 ? `(uniform(${number(-degrees)}, ${number(degrees)}) * Math.PI) / 180` : '0');
  const flip = (on: boolean, step: 'horizontalFlip' | 'verticalFlip'): string => (on ? `random.number() < ${number(augment.chances[step])}` : 'false');
  return withoutNothing(`
/** How one picture is changed. */
export interface Warp {
  /** Radians, counter-clockwise. */
  readonly angle: number;
  /** Pixels to the side and down. */
  readonly shift: readonly [x: number, y: number];
  ${slants ? '/** Radians: rows move sideways. */\n  readonly slant: number;' : nothing}
  /** Below 1 magnifies. */
  readonly zoom: readonly [x: number, y: number];
  ${crops ? '/** The share of height and width that is shown, and where: -1 (left, top) to 1. */\n  readonly crop: { readonly share: number; readonly x: number; readonly y: number };' : nothing}
  readonly flip: { readonly horizontal: boolean; readonly vertical: boolean };
}

export function randomWarp(random: Random): Warp {
  ${usesUniform(augment) ? 'const uniform = (low: number, high: number): number => low + (high - low) * random.number();' : nothing}
  return {
    angle: ${perhaps('rotation', angle(augment.rotation), '0')},
    shift: [${perhaps('widthShift', shiftCode(augment.widthShift, 'WIDTH'), '0')}, ${perhaps('heightShift', shiftCode(augment.heightShift, 'HEIGHT'), '0')}],
    ${slants ? `slant: ${perhaps('shear', angle(augment.shear), '0')},` : nothing}
    zoom: ${perhaps('zoom', zooms(augment) ? `[${Array(2).fill(`uniform(${number(augment.zoom[0])}, ${number(augment.zoom[1])})`).join(', ')}]` : '[1, 1]', '[1, 1]')},
    ${crops ? `crop: ${perhaps('crop', `{ share: uniform(${number(augment.crop)}, 1), x: uniform(-1, 1), y: uniform(-1, 1) }`, '{ share: 1, x: 0, y: 0 }')},` : nothing}
    flip: { horizontal: ${flip(augment.horizontalFlip, 'horizontalFlip')}, vertical: ${flip(augment.verticalFlip, 'verticalFlip')} },
  };
}

/**
 * The warp as tf.image.transform takes it: eight numbers of the projection from a pixel of the result to the one it shows.
 * Rotation and zoom are about the centre of the picture.
 */
export function matrixOf({ angle, shift, ${slants ? 'slant, ' : ''}zoom, ${crops ? 'crop, ' : ''}flip }: Warp): number[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const across = (flip.horizontal ? -zoom[0] : zoom[0])${crops ? ' * crop.share' : ''};
  const down = (flip.vertical ? -zoom[1] : zoom[1])${crops ? ' * crop.share' : ''};
  const [cx, cy] = [(WIDTH - 1) / 2, (HEIGHT - 1) / 2];
  ${slants ? 'const [slantX, slantY] = [-Math.sin(slant), Math.cos(slant)];' : nothing}
  const [a, b] = [cos * across, ${slants ? '(cos * slantX + sin * slantY)' : 'sin'} * down];
  const [c, d] = [-sin * across, ${slants ? '(cos * slantY - sin * slantX)' : 'cos'} * down];
  ${crops ? '// How far the part that is shown lies from the middle.\n  const [x, y] = [((1 / crop.share - 1) * WIDTH * crop.x) / 2, ((1 / crop.share - 1) * HEIGHT * crop.y) / 2];' : nothing}
  const dx = cx - a * cx - b * cy + cos * shift[0] + sin * shift[1]${crops ? ' + a * x + b * y' : ''};
  const dy = cy - c * cx - d * cy - sin * shift[0] + cos * shift[1]${crops ? ' + c * x + d * y' : ''};
  return [a, b, dx, c, d, dy, 0, 0];
}
`);
}

/** A line of a template that some programs do not have. */
const nothing = '\0';
const withoutNothing = (code: string): string => code.replace(/^ *\0\n/gm, '');

const zooms = ({ zoom }: Augment): boolean => zoom[0] !== 1 || zoom[1] !== 1;

const usesUniform = (augment: Augment): boolean => augment.rotation > 0 || augment.shear > 0 || augment.crop < 1 || augment.widthShift.amount > 0 || augment.heightShift.amount > 0 || zooms(augment);

function shiftCode({ amount, unit }: Augment['widthShift'], size: string): string {
  if (amount === 0) return '0';
  const range = `uniform(${number(-amount)}, ${number(amount)})`;
  return unit === 'fraction' ? `${range} * ${size}` : range;
}

const fillDoc = ({ fill }: Augment): string =>
  ({ nearest: 'the nearest pixel', constant: `the value ${number(fill.value)}`, reflect: 'the picture mirrored', wrap: 'the picture repeated' })[fill.mode];
