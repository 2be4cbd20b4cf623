/** Dropout. Source: Srivastava et al. 2014; Keras Dropout, with the mask drawn from few random bits (docs/language.md, randomness). */
import type { Dropped, Shape } from '../../model/program.ts';
import type { Given, LayerDefinition } from '../types.ts';
import { layerName, param } from '../params.ts';
import { free, none, problem, unchanged } from './shapes.ts';

/** `seed=` of a layer that draws numbers. */
export const layerSeed = param('seed', { kind: 'integer', min: 0, max: Number.MAX_SAFE_INTEGER }, 'Draws by a seed of its own, whatever that of the run is.', { default: 'the seed of `fit`' });
export const readSeed = (given: Given) => ({ seed: given.maybe('seed') });

/** Bits, threshold and keep rate that realise `rate` (0 <= rate < 1): 8 bits where 256·rate is whole, else 16; something is always kept. */
export function dropoutArgs(rate: number): Omit<Dropped, 'seed'> {
  const bits = Number.isInteger(256 * rate) ? 8 : 16;
  const threshold = Math.min(Math.round(rate * 2 ** bits), 2 ** bits - 1);
  return { rate, bits, threshold, keep: 1 - threshold / 2 ** bits };
}

const fitsMask = (input: Shape, mask: readonly number[]): boolean => mask.length === input.length && mask.every((n, i) => n === 1 || n === -1 || n === input[i]);

export const dropout: LayerDefinition<'dropout'> = {
  word: 'dropout',
  group: 'layer',
  doc: 'While training, sets a share of the values to zero and enlarges the others, so that no single value is relied on.',
  keras: ['Dropout', 'drop_out'],
  params: [
    param('rate', { kind: 'fraction', min: 0, max: 1, exclusiveMax: true }, 'Share of the values set to zero.', { position: 0, required: true, keras: ['p'] }),
    param('noise_shape', { kind: 'integers', min: -1, like: '[1, 1, -1]' }, 'Shape of the mask, without the batch: where it is 1 one draw serves all along that dimension; -1 is the size of the input.', { default: 'that of the input' }),
    layerSeed,
    layerName,
  ],
  in: ['network'],
  example: 'dropout .25',
  source: 'keras.layers.Dropout',
  args: (given) => ({ ...dropoutArgs(given.number('rate')), noise_shape: given.has('noise_shape') ? given.numbers('noise_shape') : null, ...readSeed(given) }),
  shape: (input, { noise_shape: mask }) => (mask === null || fitsMask(input, mask) ? unchanged(input) : problem({ kind: 'noiseShape', noiseShape: mask, input })),
  variables: none,
  macs: free,
};
