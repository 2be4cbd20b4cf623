/** Settings of `data` beside the sources. */
import type { Word } from '../types.ts';
import { param } from '../params.ts';

export const dataSettings: readonly Word[] = [
  {
    word: 'image',
    group: 'data',
    doc: 'The size every picture is brought to, height x width, and whether it keeps its colours.',
    details: 'Arrays (`idx`, `npz`) bring their own size; if `image` says another, they are resized.',
    keras: ['target_size', 'image_size', 'img_size'],
    params: [
      param('size', { kind: 'imageSize' }, 'Height x width.', { position: 0, required: true }),
      param('color', { kind: 'choice', of: ['rgb', 'gray'] }, 'Three channels or one.', { position: 1, value: 'rgb', flags: { rgb: 'rgb', gray: 'gray', grey: 'gray', grayscale: 'gray' }, keras: ['color_mode'] }),
      param('resize', { kind: 'choice', of: ['stretch', 'crop', 'pad'] }, 'What happens to pictures of another proportion.', { value: 'stretch' }),
      param('interpolation', { kind: 'choice', of: ['bilinear', 'nearest', 'bicubic', 'lanczos'] }, 'How pixels between pixels are found.', { value: 'bilinear' }),
      param('exif', { kind: 'switch' }, "Whether a photo's own note which side is up is followed; Keras does not.", { value: false }),
    ],
    in: ['data'],
    example: 'image 150x150 rgb',
    source: 'keras.utils.image_dataset_from_directory',
  },
  {
    word: 'classes',
    group: 'data',
    doc: 'The names of the classes in the order of the outputs.',
    keras: ['class_names'],
    params: [param('names', { kind: 'words' }, 'Names in order.', { position: 0, required: true })],
    in: ['data'],
    example: 'classes [cat, dog]',
  },
  {
    word: 'labels',
    group: 'data',
    doc: 'What a label is: one class of several (one-hot `categorical` or as numbers `sparse`), `binary`, `multilabel` or `values`.',
    keras: ['class_mode', 'label_mode'],
    params: [
      param('kind', { kind: 'choice', of: ['categorical', 'sparse', 'binary', 'multilabel', 'values'] }, 'The kind of label.', { position: 0, required: true, default: 'what the data shows' }),
    ],
    in: ['data'],
    example: 'labels binary',
  },
  {
    word: 'split',
    group: 'data',
    doc: 'Which share of the pictures tests and validates. The test part is taken first, validation from what remains.',
    keras: ['train_test_split', 'test_size', 'test_split'],
    params: [
      param('test', { kind: 'fraction', min: 0, max: 1, exclusiveMax: true }, 'Share of all pictures.', { value: 0.2, keras: ['test_size'] }),
      param('validation', { kind: 'fraction', min: 0, max: 1, exclusiveMax: true }, 'Share of what remains after the test part.', { default: '25%', keras: ['validation_split', 'val'] }),
      param('by', { kind: 'choice', of: ['stratified', 'random', 'order'] }, 'How pictures are chosen.', { value: 'stratified' }),
      param('seed', { kind: 'integer', min: 0, max: Number.MAX_SAFE_INTEGER }, 'Another seed chooses other pictures; the seed of `fit` does not.', { value: 0, keras: ['random_state'] }),
      param('duplicates', { kind: 'choice', of: ['together', 'allow'] }, 'Whether exact copies stay in one part.', { value: 'together' }),
      param('group', { kind: 'string' }, 'Groups that stay in one part: a column of the table, or the part of the path (below the class) that stars stand for; `"*_"` is all up to the first `_`.', { default: 'none', keras: ['groups'] }),
    ],
    in: ['data'],
    example: 'split test=20% validation=25%',
  },
  {
    word: 'on_corrupt',
    group: 'data',
    doc: 'What happens to a picture that cannot be read.',
    params: [param('action', { kind: 'choice', of: ['error', 'skip'] }, 'Stop, or go on without it.', { position: 0, value: 'error' })],
    in: ['data'],
    example: 'on_corrupt skip',
  },
  {
    word: 'limit',
    group: 'data',
    doc: 'Uses at most this many pictures, evenly from all classes.',
    params: [param('count', { kind: 'integer', min: 1 }, 'Number of pictures.', { position: 0, required: true, default: 'all' })],
    in: ['data'],
    example: 'limit 1000',
  },
  {
    word: 'cache',
    group: 'data',
    doc: 'Keeps decoded pictures on disk, so that only the first epoch decodes.',
    params: [param('on', { kind: 'switch' }, 'Whether it is on.', { position: 0, value: true })],
    in: ['data'],
    example: 'cache off',
  },
];
