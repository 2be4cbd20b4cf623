/** Dropout. Source: Srivastava et al. 2014; Keras Dropout, with the mask drawn from few random bits (docs/language.md, randomness). */
import type { LayerArgsByWord } from '../../model/program.ts';
import type { LayerDefinition } from '../types.ts';
import { layerName, later, param } from '../params.ts';
import { free, none, unchanged } from './shapes.ts';

/** Bits, threshold and keep rate that realise `rate` (0 <= rate < 1): 8 bits where 256·rate is whole, else 16; something is always kept. */
export function dropoutArgs(rate: number): LayerArgsByWord['dropout'] {
  const bits = Number.isInteger(256 * rate) ? 8 : 16;
  const threshold = Math.min(Math.round(rate * 2 ** bits), 2 ** bits - 1);
  return { rate, bits, threshold, keep: 1 - threshold / 2 ** bits };
}

export const dropout: LayerDefinition<'dropout'> = {
  word: 'dropout',
  group: 'layer',
  doc: 'While training, sets a share of the values to zero and enlarges the others, so that no single value is relied on.',
  keras: ['Dropout', 'drop_out'],
  params: [
    param('rate', { kind: 'fraction', min: 0, max: 1, exclusiveMax: true }, 'Share of the values set to zero.', { position: 0, required: true, keras: ['p'] }),
    layerName,
    later('noise_shape', 'Shape of the mask.'),
    later('seed', 'Use `fit { seed }`: one seed decides every draw.'),
  ],
  in: ['network'],
  example: 'dropout .25',
  source: 'keras.layers.Dropout',
  args: (given) => dropoutArgs(given.number('rate')),
  shape: unchanged,
  variables: none,
  macs: free,
};
