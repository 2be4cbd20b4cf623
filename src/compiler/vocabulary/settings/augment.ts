/** Settings of `augment`: applied to training batches only. Source: Keras ImageDataGenerator, names without `_range`. */
import type { Word } from '../types.ts';
import { later, param } from '../params.ts';
import { switchSetting } from './switch.ts';

const source = 'keras ImageDataGenerator';
const chance = later('p', 'Share of the pictures it is applied to.');

export const augmentSettings: readonly Word[] = [
  {
    word: 'rotation',
    group: 'augment',
    doc: 'Turns each picture by an angle between minus and plus so many degrees.',
    keras: ['rotation_range', 'RandomRotation', 'rotate'],
    params: [param('degrees', { kind: 'number', min: 0, max: 180 }, 'Largest angle in degrees.', { position: 0, required: true, default: '0' }), chance],
    in: ['augment'],
    example: 'rotation 20',
    source,
  },
  {
    word: 'width_shift',
    group: 'augment',
    doc: 'Moves each picture sideways by up to this fraction of its width, or so many pixels.',
    keras: ['width_shift_range'],
    params: [param('amount', { kind: 'shift' }, 'Fraction of the width, or `10px`.', { position: 0, required: true, default: '0' }), chance],
    in: ['augment'],
    example: 'width_shift .2',
    source,
  },
  {
    word: 'height_shift',
    group: 'augment',
    doc: 'Moves each picture up or down by up to this fraction of its height, or so many pixels.',
    keras: ['height_shift_range'],
    params: [param('amount', { kind: 'shift' }, 'Fraction of the height, or `10px`.', { position: 0, required: true, default: '0' }), chance],
    in: ['augment'],
    example: 'height_shift .2',
    source,
  },
  {
    word: 'zoom',
    group: 'augment',
    doc: 'Scales each picture, height and width apart: `.2` draws from .8 to 1.2; below 1 magnifies.',
    keras: ['zoom_range', 'RandomZoom'],
    params: [param('amount', { kind: 'range' }, 'A range of factors, or a fraction around 1.', { position: 0, required: true, default: '1..1' }), chance],
    in: ['augment'],
    example: 'zoom .8..1.2',
    source,
  },
  switchSetting('augment', 'augment', 'horizontal_flip', 'Mirrors half of the pictures left to right.', { source, default: 'off', keras: ['flip', 'RandomFlip', 'hflip'] }),
  switchSetting('augment', 'augment', 'vertical_flip', 'Mirrors half of the pictures top to bottom.', { source, default: 'off', keras: ['vflip'] }),
  {
    word: 'fill',
    group: 'augment',
    doc: 'What stands where a moved picture leaves a gap.',
    keras: ['fill_mode'],
    params: [
      param('mode', { kind: 'choice', of: ['nearest', 'constant', 'reflect', 'wrap'] }, 'nearest repeats the edge, reflect mirrors, wrap starts again, constant takes `cval`.', { position: 0, value: 'nearest' }),
      param('cval', { kind: 'number', min: 0, max: 255 }, 'Value of the gap with `constant`, 0 to 255.', { value: 0, keras: ['value', 'fill_value'] }),
    ],
    in: ['augment'],
    example: 'fill constant cval=255',
    source,
  },
];
