/** A flip changes what pictures of digits, or of left and right, show. */
import type { Rule } from './rule.ts';

const sides: readonly (readonly [string, string])[] = [
  ['left', 'right'],
  ['up', 'down'],
];

export const mirroredLabels: Rule = ({ bound, data, augment }, { report }) => {
  const names = data.names ?? [];
  const digits = names.length >= 2 && names.every((name) => /^[0-9]$/.test(name));
  const has = (side: string): string | undefined => names.find((name) => name.toLowerCase().split(/[^a-z]+/).includes(side));
  for (const [flip, on, pair] of [
    ['horizontal_flip', augment.horizontalFlip, sides[0]],
    ['vertical_flip', augment.verticalFlip, sides[1]],
  ] as const) {
    const use = bound.augment.settings.get(flip);
    if (!on || !use) continue;
    const [first, second] = pair.map(has);
    if (digits) report.add('CNN4008', use.span, { flip, labels: 'digits' });
    else if (first && second) report.add('CNN4008', use.span, { flip, labels: `${first} and ${second}` });
  }
};
