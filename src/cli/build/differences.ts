/** What a network that predicts depends on, compared: layers, preprocessing, labels. How it is trained does not count. */
import type { Layer, Program } from '../../compiler/model/program.ts';
import { mergings } from '../../compiler/model/tree.ts';

/** One line for each difference, in the words of the program; none: the weights of one serve the other. */
export function differences(trained: Program, now: Program): readonly string[] {
  const found: string[] = [];
  const compare = (what: string, before: unknown, after: unknown): void => {
    const [a, b] = [show(before), show(after)];
    if (a !== b) found.push(`${what}: trained with ${a}, now ${b}`);
  };
  compare('input', trained.input.join('x'), now.input.join('x'));
  compare('labels', trained.labels.kind, now.labels.kind);
  compare('outputs', trained.labels.count, now.labels.count);
  const [before, after] = [trained.preprocess, now.preprocess];
  for (const key of Object.keys(before) as (keyof Program['preprocess'])[]) compare(spelled(key), before[key], after[key]);

  for (const name of new Set([...trained.layers, ...now.layers].map((layer) => layer.name))) {
    const [a, b] = [trained, now].map(({ layers }) => layers.find((layer) => layer.name === name));
    if (!a || !b) found.push(a ? `${name}: not in the program now` : `${name}: not in the trained network`);
    else if (a.word !== b.word) found.push(`${name}: trained as ${a.word}, now ${b.word}`);
    else for (const argument of Object.keys(a.args)) if (matters(argument)) compare(`${name} ${argument}`, valueOf(a, argument), valueOf(b, argument));
  }
  const [wired, rewired] = [trained, now].map((program) => new Map(mergings(program).map(({ what, wiring }) => [what, wiring])));
  for (const what of new Set([...wired.keys(), ...rewired.keys()])) compare(what, wired.get(what) ?? null, rewired.get(what) ?? null);
  if (found.length === 0) compare('layers', trained.layers.map(({ name }) => name), now.layers.map(({ name }) => name));
  return found;
}

/** Initial weights are gone by now, and dropout draws only in training. */
const matters = (argument: string): boolean => !argument.endsWith('_initializer') && !['rate', 'bits', 'threshold', 'keep', 'momentum'].includes(argument);

const valueOf = ({ args }: Layer, argument: string): unknown => (args as Readonly<Record<string, unknown>>)[argument];

const show = (value: unknown): string => {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** `featurewiseCenter` → `featurewise_center` */
const spelled = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
