/** Changes of training pictures: the settings with their defaults. */
import type { Augment } from '../model/program.ts';
import { read } from '../bind/bound.ts';
import type { Bound, Use } from '../bind/bound.ts';

export function checkAugment(bound: Bound): Augment {
  const setting = (word: string): Use | null => {
    const use = bound.augment.settings.get(word);
    return use?.sound ? use : null;
  };
  const isOn = (word: string): boolean => {
    const use = setting(word);
    return use !== null && read(use).flag('on');
  };
  const shift = (word: string): Augment['widthShift'] => {
    const use = setting(word);
    return use ? read(use).shift('amount') : { amount: 0, unit: 'fraction' };
  };
  const rotation = setting('rotation');
  const zoom = setting('zoom');
  const fill = setting('fill');
  const [low, high] = zoom ? read(zoom).numbers('amount') : [1, 1];
  const mode = fill ? read(fill).text('mode') : 'nearest';
  return {
    rotation: rotation ? read(rotation).number('degrees') : 0,
    widthShift: shift('width_shift'),
    heightShift: shift('height_shift'),
    zoom: [low, high],
    horizontalFlip: isOn('horizontal_flip'),
    verticalFlip: isOn('vertical_flip'),
    fill: { mode: mode === 'constant' || mode === 'reflect' || mode === 'wrap' ? mode : 'nearest', value: fill ? read(fill).number('cval') : 0 },
  };
}
