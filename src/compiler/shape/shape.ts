/** Shapes without the batch dimension: `[height, width, channels]` or `[units]`. */
import type { Shape } from '../model/program.ts';

export const isImage = (shape: Shape): shape is readonly [number, number, number] => shape.length === 3;
export const isVector = (shape: Shape): shape is readonly [number] => shape.length === 1;

/** Number of elements. */
export const elements = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

/** As the language and the messages write it: `28x18x32`. */
export const showShape = (shape: Shape): string => shape.join('x');

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);
