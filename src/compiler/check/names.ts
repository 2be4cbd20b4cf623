/** Names of layers: the user's, with a counter where the layer runs several times; otherwise the word with a counter, in network order. */
import type { Use } from '../bind/bound.ts';
import type { Context } from './context.ts';
import type { Placed } from './walk.ts';

export function nameLayers(layers: readonly Placed[], { report }: Context): readonly string[] {
  // By the place of the name and what it is: a cell that is used twice has it twice, unless it is made of a parameter.
  const times = new Map<string, number>();
  for (const { use } of layers) times.set(placeOf(use), (times.get(placeOf(use)) ?? 0) + 1);
  const taken = new Map<string, Use>();
  const turn = new Map<string, number>();
  const reported = new Set<string>();
  const own = layers.map(({ use }) => {
    const written = use.args.get('name');
    if (!written || typeof written.value !== 'string') return null;
    const place = placeOf(use);
    const n = (turn.get(place) ?? 0) + 1;
    turn.set(place, n);
    const name = (times.get(place) ?? 1) > 1 ? `${written.value}_${n}` : written.value;
    const earlier = taken.get(name);
    if (earlier && placeOf(earlier) !== place && !reported.has(place)) {
      reported.add(place);
      report.add('CNN1017', written.span, { what: 'layer', name }, { related: [{ span: earlier.args.get('name')?.whole ?? earlier.span, label: 'first here' }] });
    }
    taken.set(name, use);
    return name;
  });
  const counters = new Map<string, number>();
  return layers.map(({ word }, i) => own[i] ?? freeName(word, taken, counters));
}

const placeOf = ({ args, span }: Use): string => {
  const name = args.get('name');
  const at = name?.span ?? span;
  return `${at.file} ${at.start} ${String(name?.value)}`;
};

/** The next `conv_3` that no layer has been given by the user. */
export function freeName(word: string, taken: ReadonlyMap<string, unknown>, counters: Map<string, number>): string {
  let n = counters.get(word) ?? 0;
  do n++;
  while (taken.has(`${word}_${n}`));
  counters.set(word, n);
  return `${word}_${n}`;
}
