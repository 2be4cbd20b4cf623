/** CNN1280-1299: options of layers, losses, optimizers and metrics that do not go with a shape or with each other. */
import type { Shape } from '../../model/program.ts';
import { entry } from './entry.ts';

const show = (shape: readonly number[]): string => shape.join('x');

export const optionCodes = {
  CNN1280: entry('error', 'mask of another shape', (f: { noiseShape: readonly number[]; input: Shape }) => ({
    message: `a mask of [${f.noiseShape.join(', ')}] does not lie over ${f.input.length === 1 ? `${f.input[0]} numbers` : show(f.input)}`,
    label: `receives ${show(f.input)}`,
    notes: ['it has as many dimensions as the input, without the batch; each is 1, where one draw serves along all of it, or the size of the input, which -1 stands for'],
    help: [`for example: noise_shape=[${f.input.map((_, i) => (i === f.input.length - 1 ? -1 : 1)).join(', ')}]`],
  })),
  CNN1281: entry('error', 'penalty for a matrix', (f: { shape: Shape | null }) => ({
    message: f.shape === null ? 'orthogonal_regularizer is about weights, not about what a layer gives' : `orthogonal_regularizer is about the rows of a matrix, but this weight is ${show(f.shape)}`,
    label: 'for weights of two dimensions',
    help: ['use it for the kernel of a dense layer; elsewhere l1 or l2'],
  })),
  CNN1282: entry('warning', 'weights that never change', (f: { every: number; steps: number }) => ({
    message: `weights change every ${f.every} steps, but training has ${f.steps === 1 ? 'one' : `only ${f.steps}`}`,
    label: `more than ${f.steps} step${f.steps === 1 ? '' : 's'}`,
    help: ['gather the gradients of fewer steps, or train for more epochs'],
  })),
  CNN1283: entry('error', 'no class of that number', (f: { option: string; value: number; outputs: number }) => ({
    message: `\`${f.option}\` is ${f.value}, but classes are numbered 0 to ${f.outputs - 1}`,
    label: `at most ${f.outputs - 1}`,
  })),
  CNN1284: entry('error', 'variance below 0', (f: { initializer: string }) => ({
    message: `a moving variance that begins with ${f.initializer} may be below 0, and its root is no number`,
    label: 'gives numbers below 0',
    help: ['a variance begins with ones, zeros, a constant(…) from 0 up or random_uniform between numbers from 0 up'],
  })),
};
