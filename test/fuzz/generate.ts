/**
 * Random programs that compile, as text, after NNSmith (Liu et al. 2023): the specification that checks also generates. Each
 * wish is added to a program that compiles and kept if it still does, so what fits is asked of the compiler's own rules:
 * a window that is too large is tried with `same`, and left out if that does not help either (network.ts).
 */
import fc from 'fast-check';
import { compile } from '../../src/compiler/compile.ts';
import type { DataFacts, Program } from '../../src/compiler/model/program.ts';
import { growing } from './network.ts';
import { wishes, type Wishes } from './wishes.ts';

export interface FuzzCase {
  readonly text: string;
  readonly facts: DataFacts;
  readonly program: Program;
  readonly seed: number;
  /** Pictures in the last step of an epoch; the others have `program.fit.batch`. */
  readonly last: number;
  /** Wishes that did not fit and why, for the generator's own test: `CNN3004 pool 4`, `large conv 6`. */
  readonly refused: readonly string[];
  readonly [fc.toStringMethod]: () => string;
}

/** Limits of a program that the interpreter runs at once. */
const most = { macs: 150_000, elements: 1500, layers: 24 };

/** Lines of each section. */
interface Draft {
  readonly preprocess: readonly string[];
  readonly augment: readonly string[];
  readonly network: readonly string[];
  readonly head: readonly string[];
  readonly loss: readonly string[];
  readonly optimizer: readonly string[];
  readonly metrics: readonly string[];
  readonly fit: readonly string[];
}

/** Programs with data, weights and batches to come from `seed`. @param options.warps with augmentation */
export const fuzzCase = (options: { readonly warps?: boolean } = {}): fc.Arbitrary<FuzzCase> => wishes(options).map(assemble);

/** Throws where even the plainest program of these labels does not compile: a fault of the compiler. */
export function assemble(wish: Wishes): FuzzCase {
  const facts = factsOf(wish);
  const refused: string[] = [];
  const attempt = (draft: Draft): { readonly program: Program | null; readonly codes: readonly string[] } => {
    const { program, diagnostics } = compile(textOf(draft, wish), { path: 'fuzz.cnn', facts });
    if (program) return isSmall(program) ? { program, codes: [] } : { program: null, codes: ['large'] };
    return { program, codes: diagnostics.filter((d) => d.severity === 'error').map((d) => d.code) };
  };

  const output = wish.labels === 'binary' ? 'dense 1' : 'dense classes';
  let draft: Draft = { preprocess: [], augment: [], network: [], head: ['flatten', output], loss: [], optimizer: [], metrics: [], fit: [] };
  const plainest = attempt(draft);
  if (!plainest.program) throw new Error(`the plainest program does not compile (${plainest.codes.join(', ')}):\n${textOf(draft, wish)}`);
  let program = plainest.program;

  /** Keeps the first change that compiles. @param what the wish, where it is reported as refused */
  const keep = (what: string | null, ...changes: readonly Partial<Draft>[]): boolean => {
    const codes = new Set<string>();
    for (const change of changes) {
      const tried = { ...draft, ...change };
      const made = attempt(tried);
      if (made.program) {
        draft = tried;
        program = made.program;
        return true;
      }
      made.codes.forEach((code) => codes.add(code));
    }
    if (what !== null) refused.push(...[...codes].map((code) => `${code} ${what}`));
    return false;
  };

  for (const setting of wish.preprocess) keep(setting, { preprocess: [...draft.preprocess, setting] });
  for (const setting of wish.augment) keep(setting, { augment: [...draft.augment, setting] });
  const declared = wish.values.length > 0 ? [`let ${wish.values.map((name, i) => `${name}=${2 + i}`).join(' ')}`] : [];
  const problems = (lines: readonly string[]): readonly string[] => {
    const tried = { ...draft, network: [...declared, ...lines] };
    const made = attempt(tried);
    if (!made.program) return made.codes;
    draft = tried;
    program = made.program;
    return [];
  };
  const network = growing(wish.cells, wish.values, problems, (what, codes) => refused.push(...codes.map((code) => `${code} ${what}`)));
  for (const node of wish.network) network.grow(node);
  const endings = headsOf(wish, output).map((head) => ({ head }));
  const loss = wish.loss === null ? null : [`loss ${wish.loss}`];
  if (!loss || !keep(`loss ${wish.loss}`, ...endings.map((end) => ({ ...end, loss })))) keep(null, ...endings);
  if (wish.optimizer !== null) keep(wish.optimizer, { optimizer: [`optimizer ${wish.optimizer}`] });
  if (wish.weighted) keep('class_weight', { fit: ['class_weight balanced'] });
  for (const metric of wish.metrics) keep(metric, { metrics: [...draft.metrics, metric] });

  const text = textOf(draft, wish);
  const last = Math.min(wish.last, wish.batch);
  const shown = (): string => `\n${text}\n${JSON.stringify(facts)}\nseed ${wish.seed}, last batch ${last}\n`;
  return { text, facts, program, seed: wish.seed, last, refused, [fc.toStringMethod]: shown };
}

/** The wished end first, then those that the loss may ask for instead; a bridge that needs feature maps gives way to `flatten`. */
function headsOf({ head: { bridge, options, activation, asOption } }: Wishes, output: string): readonly (readonly string[])[] {
  const end = (word: string): readonly string[] => (word === '' ? [output + options] : asOption ? [`${output}${options} activation=${word}`] : [output + options, word]);
  return [activation, 'softmax', 'sigmoid', ''].flatMap((word) => [[...bridge, ...end(word)], ['flatten', ...end(word)]]);
}

function textOf({ preprocess, augment, network, head, loss, optimizer, metrics, fit }: Draft, { labels, stated, batch, seed }: Wishes): string {
  const section = (word: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [`${word} {`, ...lines.map((line) => `  ${line}`), '}']);
  return [
    'model Fuzz',
    ...section('data', ['npz "fuzz.npz"', ...(stated ? [`labels ${labels}`] : [])]),
    ...section('preprocess', preprocess),
    ...section('augment', augment),
    'network <',
    ...[...network, ...head].map((line) => `  ${line}`),
    '>',
    ...section('compile', [...optimizer, ...loss, ...(metrics.length > 0 ? [`metrics ${metrics.join(' ')}`] : [])]),
    ...section('fit', [`batch ${batch}`, `seed ${seed}`, ...fit]),
    '',
  ].join('\n');
}

const factsOf = ({ input, pixels, labels, count }: Wishes): DataFacts => ({
  labelKind: labels,
  classes: labels === 'binary' ? ['no', 'yes'] : Array.from({ length: count }, (_, i) => `c${i}`),
  sampleShape: input,
  pixelType: pixels,
  count: 100,
  perClass: [],
  parts: { test: false, validation: false },
});

const isSmall = ({ layers }: Program): boolean =>
  layers.length <= most.layers &&
  layers.reduce((sum, layer) => sum + layer.macs, 0) <= most.macs &&
  layers.every((layer) => layer.output.reduce((a, b) => a * b, 1) <= most.elements);
