/** What counts and sizes of the data say: classes with few pictures, classes out of proportion, sizes that do not suit the program's. */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { DataFacts, DataPlan } from '../../compiler/model/program.ts';
import { spanOf } from './find.ts';
import type { Found } from './found.ts';
import type { Training } from './survey.ts';

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** Of a class with fewer, the parts together hold almost nothing. */
const fewPictures = 10;
/** From here on answering the largest class alone looks like success. */
const outOfProportion = 10;

export function classCounts({ classes, perClass, labelKind }: DataFacts, plan: DataPlan, training: Training | null): Diagnostic[] {
  if (labelKind === 'values') return [];
  const span = spanOf(plan.source);
  const counts = classes.map((name, i) => ({ name, count: perClass[i] })).filter(({ count }) => count > 0);
  const few = counts.filter(({ count }) => count < fewPictures).sort((a, b) => a.count - b.count);
  const said = few.length > 0 ? [diagnostic('CNN4094', span, { classes: few.slice(0, 5), total: few.length, least: fewPictures, label: labelKind === 'multilabel' })] : [];
  if (labelKind === 'multilabel' || training?.balanced || counts.length < 2) return said;
  const [least, most] = [counts.reduce((a, b) => (b.count < a.count ? b : a)), counts.reduce((a, b) => (b.count > a.count ? b : a))];
  return most.count >= outOfProportion * least.count ? [...said, diagnostic('CNN4095', span, { most, least, share: most.count / counts.reduce((sum, { count }) => sum + count, 0) })] : said;
}

export function sizesOf(pairs: readonly (readonly [number, number])[]): { readonly smallest: Size; readonly largest: Size } | null {
  const known = pairs.filter(([width]) => width > 0);
  if (known.length === 0) return null;
  const area = ([width, height]: readonly [number, number]): number => width * height;
  const size = ([width, height]: readonly [number, number]): Size => ({ height, width });
  return { smallest: size(known.reduce((a, b) => (area(b) < area(a) ? b : a))), largest: size(known.reduce((a, b) => (area(b) > area(a) ? b : a))) };
}

/** CNN4097: many are stretched more than twofold; CNN4098: most are enlarged more than twofold. @param turned CNN4074 says it already */
export function unsuitedSizes(found: Found, sizes: readonly (readonly [number, number])[], { image, source }: DataPlan, turned: boolean): Diagnostic[] {
  const known = sizes.flatMap(([width, height], i) => (width > 0 ? [{ i, width, height }] : []));
  if (known.length === 0) return [];
  const span = spanOf(source);
  const report = (code: 'CNN4097' | 'CNN4098', which: typeof known): Diagnostic =>
    diagnostic(code, span, { height: image.height, width: image.width, share: which.length / known.length, count: which.length, example: found.describe(which[0].i), exampleHeight: which[0].height, exampleWidth: which[0].width });
  const proportion = image.width / image.height;
  const stretched = known.filter(({ width, height }) => Math.max(width / height / proportion, (proportion * height) / width) > 2);
  const small = known.filter(({ width, height }) => width * 2 < image.width && height * 2 < image.height);
  return [
    ...(image.resize === 'stretch' && !turned && stretched.length >= known.length * 0.1 ? [report('CNN4097', stretched)] : []),
    ...(small.length >= known.length * 0.5 ? [report('CNN4098', small)] : []),
  ];
}
