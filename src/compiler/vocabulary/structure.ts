/** Words that build a network of cells: `repeat`, `residual`, `branch`; and declarations: `let`, `cell`, `import`. */
import type { Word } from './types.ts';
import { param } from './params.ts';

export const repeat: Word = {
  word: 'repeat',
  group: 'structure',
  doc: 'Runs a cell several times, each time with weights of its own; several cells take turns.',
  details: '`repeat 3 as i < … >` names the iteration, counted from 0, for arithmetic in the cell.',
  params: [param('count', { kind: 'integer', min: 1, max: 10_000 }, 'How many times.', { position: 0, required: true })],
  in: ['network'],
  example: 'repeat 3 < conv 32; pool 2 >',
  blocks: 'cells',
  repeats: true,
};

export const residual: Word = {
  word: 'residual',
  group: 'structure',
  doc: 'Adds the input of a cell to its output.',
  details: 'Both must have one shape. With `project` the input goes through a 1x1 convolution and a batch_norm where they differ, as in ResNet; `project=conv` leaves the norm out, `bias=off` the bias of the convolution.',
  keras: ['Add', 'skip', 'shortcut'],
  params: [
    param('project', { kind: 'choice', of: ['norm', 'conv'] }, 'What brings the input to the shape of the output where they differ.', { default: 'nothing', flags: { project: 'norm' } }),
    param('bias', { kind: 'switch' }, 'Whether the 1x1 convolution of `project` has a bias.', { value: true }),
  ],
  in: ['network'],
  example: 'residual project < conv 32 same; batch_norm; relu; conv 32 same; batch_norm >',
  source: 'He et al. 2015, Deep Residual Learning for Image Recognition',
  blocks: 'cell',
  repeats: true,
};

export const branch: Word = {
  word: 'branch',
  group: 'structure',
  doc: 'Gives its input to several cells and brings their outputs together.',
  details: 'An empty cell is the identity. `concat` joins the channels of images of one size; the others work element by element on equal shapes.',
  keras: ['Concatenate', 'concatenate', 'parallel'],
  params: [param('merge', { kind: 'choice', of: ['concat', 'add', 'average', 'multiply', 'maximum'] }, 'How the outputs are brought together.', { value: 'concat' })],
  in: ['network'],
  example: 'branch < conv 16 1x1 > < conv 24 3x3 same > merge=concat',
  source: 'keras.layers.Concatenate, Add, Average, Multiply, Maximum',
  blocks: 'cells',
  repeats: true,
};

/** Bound by hand: names of the user's own follow them. */
export const declarations: readonly Word[] = [
  {
    word: 'let',
    group: 'structure',
    doc: 'Names a value, for use in its block and below: `let width=32 rate=.25`.',
    params: [],
    in: ['top', 'network'],
    example: 'let width=32',
    repeats: true,
  },
  {
    word: 'cell',
    group: 'structure',
    doc: 'Names a cell with parameters, to be used like a layer: `stage 64 rate=.4`.',
    params: [],
    in: ['top', 'network'],
    example: 'cell stage(filters, rate=.25) < conv filters 3x3 same; batch_norm; relu; pool 2; dropout rate >',
    blocks: 'cell',
    repeats: true,
  },
];

export const importWord: Word = {
  word: 'import',
  group: 'structure',
  doc: 'Brings the named cells of another file. The path is relative to the file that imports.',
  params: [param('path', { kind: 'string' }, 'The file.', { position: 0, required: true })],
  in: ['top'],
  example: 'import "cells/resnet.cnn"',
  repeats: true,
};

export const structure: readonly Word[] = [repeat, residual, branch, ...declarations, importWord];
