/** Where pictures come from: statements of `data`. Paths are relative to the program. */
import type { DataSource } from '../../model/program.ts';
import type { SourceDefinition } from '../types.ts';
import { param } from '../params.ts';

const path = (what: string, position?: number) => param('path', { kind: 'string' }, what, { ...(position === undefined ? {} : { position }), required: true });

const folder: SourceDefinition = {
  word: 'folder',
  group: 'source',
  doc: 'Pictures in one sub-folder a class; or train, test and validation folders above those.',
  keras: ['directory', 'flow_from_directory', 'image_dataset_from_directory'],
  params: [path('The folder.', 0)],
  in: ['data'],
  example: 'folder "flowers"',
  source: 'keras.utils.image_dataset_from_directory',
  build: (given, origin) => ({ kind: 'folder', path: given.text('path'), origin }),
  labels: 'categorical',
  pixels: 'uint8',
};

const idx: SourceDefinition = {
  word: 'idx',
  group: 'source',
  doc: 'The files of MNIST and its relatives, gzip or not.',
  keras: ['mnist'],
  params: [
    param('images', { kind: 'string' }, 'File of the pictures.', { position: 0, required: true }),
    param('labels', { kind: 'string' }, 'File of their labels.', { position: 1, required: true }),
    param('test_images', { kind: 'string' }, 'File of the test pictures.', { default: 'none: `split test=` decides' }),
    param('test_labels', { kind: 'string' }, 'File of their labels.', { default: 'none' }),
  ],
  in: ['data'],
  example: 'idx "train-images" "train-labels" test_images="t10k-images" test_labels="t10k-labels"',
  source: 'the files of the MNIST database',
  build: (given, origin) => ({
    kind: 'idx',
    images: given.text('images'),
    labels: given.text('labels'),
    testImages: given.has('test_images') ? given.text('test_images') : null,
    testLabels: given.has('test_labels') ? given.text('test_labels') : null,
    origin,
  }),
  labels: 'sparse',
  pixels: 'uint8',
};

const npz: SourceDefinition = {
  word: 'npz',
  group: 'source',
  doc: 'NumPy arrays `x` (N, height, width[, channels]) and `y`, and if there are `x_test` and `y_test`.',
  keras: ['numpy', 'load_npz'],
  params: [path('The file.', 0)],
  in: ['data'],
  example: 'npz "digits.npz"',
  source: 'numpy.savez',
  build: (given, origin) => ({ kind: 'npz', path: given.text('path'), origin }),
  labels: null,
  pixels: null,
};

const synthetic: SourceDefinition = {
  word: 'synthetic',
  group: 'source',
  doc: 'Shapes drawn by the tool from a seed: circles, squares, triangles and so on, for examples and tests.',
  params: [
    param('kind', { kind: 'choice', of: ['shapes'] }, 'What is drawn.', { position: 0, value: 'shapes' }),
    param('count', { kind: 'integer', min: 1, max: 1_000_000 }, 'Number of pictures.', { position: 1, value: 600 }),
    param('classes', { kind: 'integer', min: 1, max: 8 }, 'Number of kinds of shapes.', { value: 4 }),
    param('seed', { kind: 'integer', min: 0, max: Number.MAX_SAFE_INTEGER }, 'Another seed draws other pictures.', { value: 0 }),
    param('noise', { kind: 'fraction', min: 0, max: 1 }, 'Strength of the noise over the picture.', { default: '.1', value: 0.1 }),
  ],
  in: ['data'],
  example: 'synthetic shapes 600 classes=4 noise=.1',
  build: (given, origin) => ({ kind: 'synthetic', count: given.number('count'), classes: given.number('classes'), seed: given.number('seed'), noise: given.number('noise'), origin }),
  labels: 'categorical',
  pixels: 'uint8',
};

export const sources: Readonly<Record<Exclude<DataSource['kind'], 'none'>, SourceDefinition>> = { folder, idx, npz, synthetic };

/** Pictures of a `synthetic` source without `image`. */
export const syntheticImage = { height: 32, width: 32, channels: 3 } as const;
