/** Statements of the file itself. */
import type { Word } from './types.ts';
import { param } from './params.ts';

const section = (word: string, doc: string, example: string, keras: readonly string[] = []): Word => ({ word, group: 'section', doc, keras, params: [], in: ['top'], example, blocks: 'settings' });

export const sections: readonly Word[] = [
  {
    word: 'model',
    group: 'section',
    doc: 'The name of the model, used for the folder of its runs.',
    params: [param('name', { kind: 'name' }, 'The name.', { position: 0, required: true, default: 'the name of the file' })],
    in: ['top'],
    example: 'model Flowers',
  },
  section('data', 'Where the pictures come from and how they are brought to one size.', 'data { folder "flowers"; image 64x64 }', ['dataset']),
  section('preprocess', 'What is done to every picture: in training, validation, test and prediction alike.', 'preprocess { scale 1/255 }', ['preprocessing']),
  section('augment', 'Random changes of training pictures.', 'augment { rotation 20; horizontal_flip }', ['augmentation', 'ImageDataGenerator']),
  {
    word: 'network',
    group: 'section',
    doc: 'The layers in the order they run.',
    keras: ['layers', 'Sequential'],
    params: [],
    in: ['top'],
    example: 'network < conv 16; pool 2; flatten; dense classes >',
    blocks: 'cell',
  },
  section('compile', 'Optimizer, loss and metrics.', 'compile { optimizer adam }'),
  section('fit', 'How long and on what is trained.', 'fit { epochs 50; batch 16 }', ['train', 'training']),
  section('budget', 'Limits that are checked before anything trains.', 'budget { params 1M; macs 500M }'),
  {
    word: 'plot',
    group: 'section',
    doc: 'A picture of metrics over the epochs, written to the folder of the run.',
    details: 'Without any `plot`, the loss and each metric are drawn.',
    params: [param('metrics', { kind: 'name' }, '`loss` or a metric of the program; several are drawn together.', { position: 0, rest: true, required: true })],
    in: ['top'],
    example: 'plot loss { title "Model Loss" }',
    source: 'matplotlib.pyplot.plot',
    blocks: 'settings',
    blockOptional: true,
    repeats: true,
  },
  {
    word: 'input',
    group: 'section',
    doc: 'The size of the input, height x width x channels, where there is no data.',
    keras: ['Input', 'InputLayer', 'input_shape'],
    params: [param('size', { kind: 'imageSize' }, 'Height x width x channels.', { position: 0, required: true })],
    in: ['top'],
    example: 'input 150x150x3',
    source: 'keras.Input',
  },
  {
    word: 'classes',
    group: 'section',
    doc: 'The number of classes, where there is no data.',
    keras: ['num_classes', 'n_classes', 'nb_classes'],
    params: [param('count', { kind: 'integer', min: 1, max: 1_000_000 }, 'Number of classes.', { position: 0, required: true })],
    in: ['top'],
    example: 'classes 10',
  },
];
