/** The parts of prettier the plugin needs. Only the edge imports this folder: `compile` never formats. */
import * as standalone from 'prettier/standalone';
import type { Doc } from 'prettier';
import { builders, printer, utils } from 'prettier/doc';

export const doc = { builders };
export const { willBreak } = utils;
/** `prettier/standalone` has it, its typings lack it. */
export const { util } = standalone as unknown as Pick<typeof import('prettier'), 'util'>;
/** Columns of a doc on one line; infinite where it must have several. Printing marks a doc, so a copy is printed. */
export function flatWidth(part: Doc): number {
  const copy = utils.mapDoc(part, (d) => d);
  const { formatted } = printer.printDocToString(copy, { printWidth: Infinity, tabWidth: 2, useTabs: false });
  return formatted.includes('\n') ? Infinity : util.getStringWidth(formatted);
}

export const formatWith = standalone.format;
