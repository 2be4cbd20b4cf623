/** All words of the language, by spelling, and the old spellings that are understood. */
import type { Word } from './types.ts';
import { constraints } from './constraints.ts';
import { initializers } from './initializers.ts';
import { laterWords } from './later.ts';
import { layers } from './layers/index.ts';
import { losses } from './losses/index.ts';
import { metrics } from './metrics/index.ts';
import { optimizers } from './optimizers/index.ts';
import { regularizers } from './regularizers.ts';
import { schedules } from './schedules/index.ts';
import { sections } from './sections.ts';
import { structure } from './structure.ts';
import { augmentSettings } from './settings/augment.ts';
import { budgetSettings } from './settings/budget.ts';
import { compileSettings } from './settings/compile.ts';
import { dataSettings } from './settings/data.ts';
import { fitSettings } from './settings/fit.ts';
import { plotSettings } from './settings/plot.ts';
import { preprocessSettings } from './settings/preprocess.ts';
import { sources } from './sources/index.ts';

export { constraints } from './constraints.ts';
export { initializers } from './initializers.ts';
export { layers } from './layers/index.ts';
export { losses } from './losses/index.ts';
export { metrics } from './metrics/index.ts';
export { optimizers } from './optimizers/index.ts';
export { regularizers } from './regularizers.ts';
export { schedules } from './schedules/index.ts';
export { sources } from './sources/index.ts';

export const allWords: readonly Word[] = [
  ...sections,
  ...Object.values(sources),
  ...dataSettings,
  ...preprocessSettings,
  ...augmentSettings,
  ...structure,
  ...(Object.values(layers) as readonly Word[]),
  ...compileSettings,
  ...Object.values(optimizers),
  ...Object.values(schedules),
  ...Object.values(losses),
  ...Object.values(metrics),
  ...fitSettings,
  ...budgetSettings,
  ...plotSettings,
  ...Object.values(initializers),
  ...Object.values(regularizers),
  ...Object.values(constraints),
  ...laterWords,
];

const collect = (key: (word: Word) => readonly string[]): ReadonlyMap<string, readonly Word[]> => {
  const map = new Map<string, Word[]>();
  for (const word of allWords)
    for (const spelling of key(word)) {
      const list = map.get(spelling);
      if (!list) map.set(spelling, [word]);
      else if (!list.includes(word)) list.push(word);
    }
  return map;
};

/** Words by spelling: one spelling may mean something in several places (`mse` is a loss and a metric). */
export const words: ReadonlyMap<string, readonly Word[]> = collect((word) => [word.word]);

/** Case, underscores and hyphens do not tell old spellings apart. */
export const plainSpelling = (text: string): string => text.toLowerCase().replace(/[_-]/g, '');

/** Words by Keras's and other habitual spellings, plain (`plainSpelling`). */
export const aliases: ReadonlyMap<string, readonly Word[]> = collect((word) => [word.word, ...(word.keras ?? [])].map(plainSpelling));

/** Words that may stand in a place: `top`, `data`, `network`, `optimizer`, … */
export const wordsIn = (place: string): readonly Word[] => byPlace.get(place) ?? [];
const byPlace: ReadonlyMap<string, readonly Word[]> = collect((word) => word.in);
