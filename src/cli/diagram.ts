/** The picture of `cnnc summary --diagram`: which kind a name asks for, and the file itself, whole or not at all. */
import { extname } from 'node:path';
import { diagnostic } from '../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import type { Program } from '../compiler/model/program.ts';
import { diagramSvg, mostBlocks } from '../compiler/print/diagram/index.ts';
import { fileSpan } from '../compiler/source/source.ts';
import { writeFileAtomic } from '../runtime/files/atomic.ts';
import { reasonOf } from '../runtime/train/reason.ts';

/** Throws DiagnosticError CNN6105: a file of another kind. */
export function kindOf(path: string): 'svg' | 'png' {
  const ending = extname(path).toLowerCase();
  if (ending === '.svg' || ending === '.png') return ending === '.svg' ? 'svg' : 'png';
  throw new DiagnosticError([diagnostic('CNN6105', fileSpan(''), { path })]);
}

/** Pixels of a PNG that is made at twice the size; larger ones are made at their own. */
const mostPixels = 40e6;

/** Rejects with DiagnosticError: CNN6105, CNN6106 too many blocks, CNN6107 the file cannot be written. */
export async function writeDiagram(program: Program, path: string): Promise<void> {
  const kind = kindOf(path);
  // A PNG has fixed colours: light ones.
  const svg = diagramSvg(program, kind === 'svg' ? 'auto' : 'light');
  if (svg === null) throw new DiagnosticError([diagnostic('CNN6106', fileSpan(''), { layers: program.layers.length, most: mostBlocks })]);
  const data = kind === 'svg' ? svg : await pngFrom(svg);
  try {
    await writeFileAtomic(path, data);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    throw new DiagnosticError([diagnostic('CNN6107', fileSpan(''), { path, reason: reasonOf(error) })]);
  }
}

async function pngFrom(svg: string): Promise<Uint8Array> {
  const { pngOf } = await import('../runtime/report/png.ts');
  const [, width, height] = /^<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return pngOf(svg, Number(width) * Number(height) * 4 > mostPixels ? 1 : 2);
}
