/** A Program as a picture of its network: `cnnc summary --diagram`. */
import type { Program } from '../../model/program.ts';
import { pageOf } from './page.ts';
import { svgOf } from './svg.ts';
import type { Scheme } from './svg.ts';

export { mostBlocks } from './page.ts';
export type { Scheme } from './svg.ts';

/** SVG text; null: the network would have more than `mostBlocks` blocks, even with everything folded that is alike. */
export function diagramSvg(program: Program, scheme: Scheme = 'auto'): string | null {
  const page = pageOf(program);
  return page && svgOf(page, scheme);
}
