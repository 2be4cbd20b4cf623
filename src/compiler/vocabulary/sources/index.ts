/** Where pictures come from: statements of `data`. Paths are relative to the program. */
import type { DataSource } from '../../model/program.ts';
import type { SourceDefinition } from '../types.ts';
import { param } from '../params.ts';
import { csv } from './csv.ts';

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

const npy: SourceDefinition = {
  word: 'npy',
  group: 'source',
  doc: 'Two NumPy arrays in files of their own: pictures (N, height, width[, channels]) and labels.',
  details: 'uint8 pictures are 0 to 255 and are resized where `image` says another size; float32 pictures stay as they are. What labels mean follows from their numbers, as for `npz`.',
  keras: ['load_npy'],
  params: [
    param('images', { kind: 'string' }, 'File of the pictures.', { position: 0, required: true }),
    param('labels', { kind: 'string' }, 'File of their labels.', { position: 1, required: true }),
    param('test_images', { kind: 'string' }, 'File of the test pictures.', { default: 'none: `split test=` decides' }),
    param('test_labels', { kind: 'string' }, 'File of their labels.', { default: 'none' }),
  ],
  in: ['data'],
  example: 'npy "x.npy" "y.npy"',
  source: 'numpy.save',
  build: (given, origin) => ({
    kind: 'npy',
    images: given.text('images'),
    labels: given.text('labels'),
    testImages: given.has('test_images') ? given.text('test_images') : null,
    testLabels: given.has('test_labels') ? given.text('test_labels') : null,
    origin,
  }),
  labels: null,
  pixels: null,
};

const cifar: SourceDefinition = {
  word: 'cifar',
  group: 'source',
  doc: 'The binary batches of CIFAR-10 or CIFAR-100, unpacked: 32x32 pictures with a test part of their own.',
  details: 'The folder is `cifar-10-batches-bin` or `cifar-100-binary` as the archive has it; names of classes come from its text files.',
  keras: ['cifar10', 'cifar100'],
  params: [path('The folder of the batches.', 0), param('labels', { kind: 'choice', of: ['fine', 'coarse'] }, 'Of CIFAR-100: its 100 classes or its 20 groups.', { position: 1, value: 'fine', flags: { fine: 'fine', coarse: 'coarse' }, keras: ['label_mode'] })],
  in: ['data'],
  example: 'cifar "cifar-10-batches-bin"',
  source: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  build: (given, origin) => ({ kind: 'cifar', path: given.text('path'), labels: given.text('labels') === 'coarse' ? 'coarse' : 'fine', origin }),
  labels: 'sparse',
  pixels: 'uint8',
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

export const sources: Readonly<Record<Exclude<DataSource['kind'], 'none'>, SourceDefinition>> = { folder, csv, idx, npz, npy, cifar, synthetic };

/** Pictures of sources that have a size without `image`: what `synthetic` draws, and CIFAR's. */
export const ownSize: Readonly<Record<string, readonly [number, number, number]>> = { synthetic: [32, 32, 3], cifar: [32, 32, 3] };
