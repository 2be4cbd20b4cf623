/** Settings of `fit`. Source: Keras Model.fit and its callbacks. */
import type { Word } from '../types.ts';
import { later, param } from '../params.ts';
import { switchSetting } from './switch.ts';

const monitor = (doc: string) => param('monitor', { kind: 'name' }, doc, { value: 'val_loss' });
const mode = param('mode', { kind: 'choice', of: ['auto', 'min', 'max'] }, 'Whether smaller or larger is better; `auto` knows it for every metric.', { value: 'auto' });

export const fitSettings: readonly Word[] = [
  {
    word: 'validation',
    group: 'fit',
    doc: 'Share of the pictures left by the test part that is not trained on but watched.',
    keras: ['validation_split'],
    params: [param('share', { kind: 'fraction', min: 0, max: 1, exclusiveMax: true }, 'The share.', { position: 0, required: true, default: '25%' })],
    in: ['fit'],
    example: 'validation 25%',
    source: 'keras.Model.fit(validation_split)',
  },
  {
    word: 'epochs',
    group: 'fit',
    doc: 'How often every picture is trained on.',
    keras: ['epoch', 'nb_epoch', 'num_epochs'],
    params: [param('count', { kind: 'integer', min: 1, max: 1_000_000 }, 'Number of epochs.', { position: 0, required: true, default: '10' })],
    in: ['fit'],
    example: 'epochs 50',
    source: 'keras.Model.fit',
  },
  {
    word: 'batch',
    group: 'fit',
    doc: 'How many pictures make one step.',
    keras: ['batch_size'],
    params: [param('size', { kind: 'integer', min: 1, max: 65536 }, 'Pictures in a batch.', { position: 0, required: true, default: '32' })],
    in: ['fit'],
    example: 'batch 32',
    source: 'keras.Model.fit',
  },
  {
    word: 'seed',
    group: 'fit',
    doc: 'Decides every random draw of training: the same seed gives the same weights.',
    keras: ['random_seed', 'random_state'],
    params: [param('value', { kind: 'integer', min: 0, max: Number.MAX_SAFE_INTEGER }, 'The seed.', { position: 0, required: true, default: '0' })],
    in: ['fit'],
    example: 'seed 7',
  },
  switchSetting('fit', 'fit', 'shuffle', 'Trains on the pictures in another order each epoch.', { source: 'keras.Model.fit' }),
  {
    word: 'early_stopping',
    group: 'fit',
    doc: 'Stops when a value has not improved for some epochs.',
    keras: ['EarlyStopping'],
    params: [
      param('patience', { kind: 'integer', min: 0 }, 'Epochs without improvement.', { value: 0 }),
      monitor('The value watched.'),
      mode,
      param('min_delta', { kind: 'number', min: 0 }, 'What counts as an improvement.', { value: 0 }),
      param('restore_best', { kind: 'switch' }, 'Keeps the weights of the best epoch.', { value: false, keras: ['restore_best_weights'] }),
      param('start_from_epoch', { kind: 'integer', min: 0 }, 'Epochs that do not count.', { value: 0 }),
      later('baseline', 'A value to reach.'),
    ],
    in: ['fit'],
    example: 'early_stopping patience=5 restore_best',
    source: 'keras.callbacks.EarlyStopping',
  },
  {
    word: 'checkpoint',
    group: 'fit',
    doc: 'Keeps copies of the weights beside those for resuming.',
    keras: ['ModelCheckpoint'],
    params: [
      param('every', { kind: 'integer', min: 1 }, 'Epochs between copies.', { value: 1, keras: ['save_freq'] }),
      param('best', { kind: 'switch' }, 'Only when the value watched has improved.', { value: false, keras: ['save_best_only'] }),
      monitor('The value watched with `best`.'),
      mode,
    ],
    in: ['fit'],
    example: 'checkpoint every=5',
    source: 'keras.callbacks.ModelCheckpoint',
  },
  switchSetting('fit', 'fit', 'stop_on_nan', 'Stops when the loss is no longer a number.', { source: 'keras.callbacks.TerminateOnNaN', keras: ['TerminateOnNaN'] }),
];
