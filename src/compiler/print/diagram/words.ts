/** The words of a diagram: what stands in a block, beside a line, in a hint. Sizes are written as in the language. */
import type { Layer, LayerWord, Merge, Shape } from '../../model/program.ts';
import { count, thousands } from '../../model/units.ts';
import { sameShape, showShape } from '../../shape/shape.ts';

/** Layers of one colour. */
export type Family = 'convolution' | 'dense' | 'pooling' | 'normalisation' | 'activation' | 'dropout' | 'shape';

export const families: readonly Family[] = ['convolution', 'dense', 'pooling', 'normalisation', 'activation', 'dropout', 'shape'];

const familyOf: Record<LayerWord, Family> = {
  conv: 'convolution',
  depthwise_conv: 'convolution',
  separable_conv: 'convolution',
  conv_transpose: 'convolution',
  dense: 'dense',
  pool: 'pooling',
  avg_pool: 'pooling',
  global_pool: 'pooling',
  global_avg_pool: 'pooling',
  batch_norm: 'normalisation',
  layer_norm: 'normalisation',
  group_norm: 'normalisation',
  dropout: 'dropout',
  spatial_dropout: 'dropout',
  gaussian_dropout: 'dropout',
  gaussian_noise: 'dropout',
  flatten: 'shape',
  reshape: 'shape',
  permute: 'shape',
  upsample: 'shape',
  zero_pad: 'shape',
  cropping: 'shape',
  rescale: 'normalisation',
  relu: 'activation',
  relu6: 'activation',
  leaky_relu: 'activation',
  prelu: 'activation',
  elu: 'activation',
  selu: 'activation',
  gelu: 'activation',
  silu: 'activation',
  mish: 'activation',
  hard_sigmoid: 'activation',
  hard_silu: 'activation',
  sigmoid: 'activation',
  tanh: 'activation',
  softplus: 'activation',
  softsign: 'activation',
  softmax: 'activation',
};

export const family = (word: LayerWord): Family => familyOf[word];

/** `conv 64 7x7 /2`: word, number, window, stride, and what else makes the layer what it is. */
export function layerText({ word, name, args, input }: Layer): string {
  const values: Readonly<Record<string, unknown>> = { ...args };
  const number = (key: string): number | null => (typeof values[key] === 'number' ? values[key] : null);
  const pair = (key: string): Shape | null => (Array.isArray(values[key]) ? (values[key] as Shape) : null);
  const side = (sizes: Shape): string => (sizes.every((n) => n === sizes[0]) ? String(sizes[0]) : showShape(sizes));
  const parts: string[] = [word];
  const main = number('filters') ?? number('units') ?? number('rate') ?? number('stddev');
  if (main !== null) parts.push(String(Number(main.toPrecision(4))));
  const size = pair('size');
  const stride = pair('stride');
  if (size) parts.push(word === 'upsample' ? `×${side(size)}` : showShape(size));
  // A window's stride is worth a word where it is not what one expects.
  if (size && stride && !sameShape(stride, family(word) === 'pooling' ? size : [1, 1])) parts.push(`/${side(stride)}`);
  const dilation = pair('dilation');
  if (dilation && !dilation.every((n) => n === 1)) parts.push(`dilation ${side(dilation)}`);
  const groups = number('groups');
  if (groups !== null && groups > 1) parts.push(groups === input.at(-1) ? 'a group each' : `${groups} groups`);
  if (typeof values.activation === 'string') parts.push(`+ ${values.activation}`);
  const text = parts.join(' ');
  // A name that the user gave says more than a counter.
  return new RegExp(`^${word}_\\d+$`).test(name) ? text : `${name}: ${text}`;
}

/** Names in hints: whole, unless they are no names to read. */
export const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

/** All copies of a layer in a sentence each. */
export function layerHint(layers: readonly Layer[], params: (layer: Layer) => number): string {
  const [first] = layers;
  const last = layers[layers.length - 1];
  const range = (of: (layer: Layer) => string): string => (of(first) === of(last) ? of(first) : `${of(first)} … ${of(last)}`);
  return [
    range((layer) => shortened(layer.name)) + (layers.length > 1 ? ` (${layers.length} layers)` : ''),
    `${range((layer) => showShape(layer.input))} → ${range((layer) => showShape(layer.output))}`,
    `parameters: ${range((layer) => thousands(params(layer)))}`,
    `multiply-adds: ${range((layer) => thousands(layer.macs))}`,
    ...(first.inferred ? ['follows from the labels'] : []),
  ].join('\n');
}

/** One shape, or those of several copies: `56x56x64 … 256`, `146x146x32, 69x69x32, 30x30x32`. */
export function shapesText(shapes: readonly Shape[]): string {
  const texts = shapes.map(showShape).filter((text, i, all) => i === 0 || text !== all[i - 1]);
  const [first] = shapes;
  const sameSides = shapes.every((shape) => shape.length === first.length && sameShape(shape.slice(0, -1), first.slice(0, -1)));
  if (texts.length > 1 && sameSides) {
    const channels = shapes.map((shape) => shape[shape.length - 1]).filter((n, i, all) => i === 0 || n !== all[i - 1]);
    const sides = first.slice(0, -1);
    return `${sides.map((n) => `${n}x`).join('')}${channels.length > 3 ? `${channels[0]} … ${channels[channels.length - 1]}` : channels.join(', ')}`;
  }
  return texts.length > 3 ? `${texts[0]} … ${texts[texts.length - 1]}` : texts.join(', ');
}

/** 36.9 k, or 35.1 k … 130 k for copies that differ. */
export function countsText(counts: readonly number[]): string {
  const least = counts.reduce((a, b) => Math.min(a, b), Infinity);
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  return count(least) === count(most) ? count(most) : `${count(least)} … ${count(most)}`;
}

export const mergeText: Record<Merge, string> = { concat: 'concat', add: '+', average: 'average', multiply: '×', maximum: 'max' };
