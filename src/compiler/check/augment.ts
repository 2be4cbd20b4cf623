/** Changes of training pictures: the settings with their defaults, and whether they suit the pictures. */
import { noAugment } from '../model/program.ts';
import type { Augment, ColourStep, ColourWord } from '../model/program.ts';
import { read } from '../bind/bound.ts';
import type { Bound, Use } from '../bind/bound.ts';
import type { Given } from '../vocabulary/types.ts';
import type { CheckedData } from './data.ts';
import type { Context } from './context.ts';

/** The order in which they are made: as ImageDataGenerator where it has them, then from whole pictures to single pixels. */
const order: readonly ColourWord[] = ['channel_shift', 'brightness', 'contrast', 'saturation', 'hue', 'blur', 'noise', 'erase'];

export function checkAugment(bound: Bound, data: CheckedData, context: Context): Augment {
  const setting = (word: string): Use | null => {
    const use = bound.augment.settings.get(word);
    return use?.sound ? use : null;
  };
  /** What a setting says; `otherwise` where it does not stand. */
  const of = <T>(word: string, from: (given: Given) => T, otherwise: T): T => {
    const use = setting(word);
    return use ? from(read(use)) : otherwise;
  };
  const chance = (word: string, otherwise: number): number => of(word, (given) => given.number('p'), otherwise);
  const isOn = (word: string): boolean => of(word, (given) => given.flag('on'), false);
  const shift = (word: string): Augment['widthShift'] => of(word, (given) => given.shift('amount'), noAugment.widthShift);
  const [low, high] = of('zoom', (given) => given.numbers('amount'), noAugment.zoom);
  const mode = of('fill', (given) => given.text('mode'), 'nearest');
  const { chances } = noAugment;
  checkColours(bound, setting, data, context);
  return {
    rotation: of('rotation', (given) => given.number('degrees'), 0),
    widthShift: shift('width_shift'),
    heightShift: shift('height_shift'),
    shear: of('shear', (given) => given.number('degrees'), 0),
    zoom: [low, high],
    crop: of('random_crop', (given) => given.number('least'), 1),
    horizontalFlip: isOn('horizontal_flip'),
    verticalFlip: isOn('vertical_flip'),
    chances: {
      rotation: chance('rotation', chances.rotation),
      widthShift: chance('width_shift', chances.widthShift),
      heightShift: chance('height_shift', chances.heightShift),
      shear: chance('shear', chances.shear),
      zoom: chance('zoom', chances.zoom),
      crop: chance('random_crop', chances.crop),
      horizontalFlip: chance('horizontal_flip', chances.horizontalFlip),
      verticalFlip: chance('vertical_flip', chances.verticalFlip),
    },
    fill: { mode: mode === 'constant' || mode === 'reflect' || mode === 'wrap' ? mode : 'nearest', value: of('fill', (given) => given.number('cval'), 0) },
    colours: order.flatMap((kind) => of(kind, (given): readonly ColourStep[] => [stepOf(kind, given)], [])),
    mix: mixOf(setting, context),
  };
}

function mixOf(setting: (word: string) => Use | null, { report }: Context): Augment['mix'] {
  const [mixup, cutmix] = [setting('mixup'), setting('cutmix')];
  if (mixup && cutmix) report.add('CNN4016', cutmix.span, {}, { related: [{ span: mixup.span, label: 'one mixture here' }] });
  const use = mixup ?? cutmix;
  return use && { kind: mixup ? 'mixup' : 'cutmix', alpha: read(use).number('alpha'), chance: read(use).number('p') };
}

function stepOf(kind: ColourWord, given: Given): ColourStep {
  const chance = given.number('p');
  switch (kind) {
    case 'channel_shift':
      return { kind, chance, amount: given.number('amount') };
    case 'brightness':
    case 'contrast':
    case 'saturation': {
      const [low, high] = given.numbers('factor');
      return { kind, chance, range: [low, high] };
    }
    case 'hue':
      return { kind, chance, degrees: given.number('degrees') };
    case 'blur':
      return { kind, chance, sigma: given.number('sigma') };
    case 'noise':
      return { kind, chance, std: given.number('std') };
    case 'erase':
      return { kind, chance, least: given.number('least'), most: given.number('most'), value: given.number('value') };
  }
}

function checkColours(bound: Bound, setting: (word: string) => Use | null, data: CheckedData, { report }: Context): void {
  for (const kind of order) {
    const use = setting(kind);
    if (!use) continue;
    // Colours come before scaling, in 0..255; numbers of another range would be cut off there.
    if (data.pixels === 'float32') report.add('CNN4099', use.span, { word: kind }, bound.source ? { related: [{ span: bound.source.span, label: 'gives numbers as they are' }] } : {});
    if ((kind === 'saturation' || kind === 'hue') && data.input?.[2] === 1) report.add('CNN4014', use.span, { word: kind }, data.inputUse ? { related: [{ span: data.inputUse.span, label: 'one channel' }] } : {});
  }
  const erase = setting('erase');
  const given = erase && read(erase);
  if (erase && given && given.number('least') > given.number('most')) report.add('CNN4015', erase.span, { least: given.number('least'), most: given.number('most') });
}
