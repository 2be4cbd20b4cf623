/** What is written into blocks and frames of one Program: texts, counts of parameters where they matter, hints. */
import type { Program } from '../../model/program.ts';
import { count, thousands } from '../../model/units.ts';
import { elements } from '../../shape/shape.ts';
import type { Frame } from './geometry.ts';
import type { LayerBlock } from './pieces.ts';
import { countsText, family, layerHint, layerText, shortened } from './words.ts';

export interface Describe {
  /** Of the copies of one layer. */
  readonly block: (layers: readonly number[]) => LayerBlock;
  /** Of a frame that holds these layers. */
  readonly frame: (title: string, times: number, layers: readonly number[]) => Pick<Frame, 'title' | 'note' | 'hint' | 'times'>;
}

export function describeOf({ layers }: Program): Describe {
  const params = layers.map((layer) => layer.variables.reduce((sum, v) => sum + elements(v.shape), 0));
  const paramsOf = (indices: readonly number[]): number => indices.reduce((sum, i) => sum + params[i], 0);
  const total = params.reduce((a, b) => a + b, 0);
  return {
    block(indices) {
      const copies = indices.map((i) => layers[i]);
      const [first] = copies;
      const of = family(first.word);
      // Written where they matter: a hundredth of all, or more.
      const matters = (of === 'convolution' || of === 'dense') && paramsOf(indices) >= total / 100;
      return {
        channels: copies.reduce((most, { output }) => Math.max(most, output[output.length - 1]), 1),
        side: copies.reduce((most, { output }) => Math.max(most, ...output.slice(0, -1)), 1),
        block: {
          family: of,
          text: layerText(first),
          note: matters ? countsText(indices.map((i) => params[i])) : '',
          hint: layerHint(copies, (layer) => params[layer.index]),
          layers: indices,
          inferred: first.inferred,
        },
      };
    },
    frame(title, times, indices) {
      const all = paramsOf(indices);
      const macs = indices.reduce((sum, i) => sum + layers[i].macs, 0);
      const hint = [`${shortened(title)}${times > 1 ? `, ${times} times` : ''}`, `parameters: ${thousands(all)}`, `multiply-adds: ${thousands(macs)}`].join('\n');
      return { title, times, hint, note: all > 0 ? count(all) : '' };
    },
  };
}
