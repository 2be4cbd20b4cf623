/** What is done to every picture before the network, and whether the values that come out are in a usual range. */
import { isStandardised } from '../model/program.ts';
import type { Preprocess } from '../model/program.ts';
import { spellNumber } from '../vocabulary/params.ts';
import { replace } from '../bind/report.ts';
import { read } from '../bind/bound.ts';
import type { Bound, Use } from '../bind/bound.ts';
import type { CheckedData } from './data.ts';
import { showShape } from '../shape/shape.ts';
import type { Context } from './context.ts';

/** Values larger than this are not what networks are used to. */
const usual = 10;

export function checkPreprocess(bound: Bound, data: CheckedData, context: Context): Preprocess {
  const setting = (word: string): Use | null => {
    const use = bound.preprocess.settings.get(word);
    return use?.sound ? use : null;
  };
  const isOn = (word: string): boolean => {
    const use = setting(word);
    return use !== null && read(use).flag('on');
  };
  const scale = setting('scale');
  const offset = setting('offset');
  const statistics = setting('mean_std');
  const samplewiseStd = isOn('samplewise_std_normalization');
  const featurewiseStd = isOn('featurewise_std_normalization');
  const whitening = setting('zca_whitening');
  const zca = isOn('zca_whitening');
  const scales = scale !== null || bound.preprocess.settings.has('scale') || statistics !== null || samplewiseStd || featurewiseStd;
  const plan: Preprocess = {
    scale: scale ? read(scale).number('factor') : scales || data.pixels === 'float32' ? 1 : 1 / 255,
    offset: offset ? read(offset).number('value') : 0,
    samplewiseCenter: isOn('samplewise_center') || samplewiseStd,
    samplewiseStd,
    featurewiseCenter: isOn('featurewise_center') || featurewiseStd || (zca && statistics === null),
    featurewiseStd,
    meanStd: statistics ? { mean: read(statistics).numbers('mean'), std: read(statistics).numbers('std') } : null,
    ...(whitening && zca ? { zca: { epsilon: read(whitening).number('epsilon') } } : {}),
  };
  if (whitening && zca) checkWhitening(whitening, data, context);
  if (statistics) checkStatistics(statistics, plan, data, setting, context);
  if (data.pixels === 'uint8') checkRange(scale, offset, plan, context);
  return plan;
}

/** A matrix of this many rows, as pictures of 32x32 in colour need it, takes minutes to find and 38 MB to keep. */
const mostWhitened = 3072;

function checkWhitening(use: Use, { input, inputUse }: CheckedData, { report }: Context): void {
  const size = input?.reduce((product, n) => product * n, 1) ?? 0;
  if (!input || size <= mostWhitened) return;
  const side = Math.floor(Math.sqrt(mostWhitened / input[2]));
  report.add('CNN4129', use.span, { image: showShape(input), size, most: mostWhitened, side, colored: input[2] === 3 }, inputUse ? { related: [{ span: inputUse.span, label: showShape(input) }] } : {});
}

function checkStatistics(use: Use, plan: Preprocess, data: CheckedData, setting: (word: string) => Use | null, { report }: Context): void {
  const { mean, std } = plan.meanStd ?? { mean: [], std: [] };
  const channels = data.input?.[2] ?? null;
  for (const [which, list] of [['mean', mean], ['std', std]] as const) {
    const span = use.args.get(which)?.span ?? use.span;
    if (channels !== null && list.length !== channels) {
      report.add('CNN4005', span, { which, given: list.length, channels, zero: false });
      break;
    }
    if (which === 'std' && list.some((n) => !(n > 0))) report.add('CNN4005', span, { which, given: list.length, channels: list.length, zero: true });
  }
  const other = ['featurewise_center', 'featurewise_std_normalization'].map(setting).find((found) => found !== null && read(found).flag('on'));
  if (other) report.add('CNN4007', other.span, { other: other.word.word }, { related: [{ span: use.span, label: 'once here' }] });
  if (data.pixels !== 'uint8' || mean.length === 0) return;
  const high = plan.scale * 255 + plan.offset;
  const largest = mean.reduce((most, n) => Math.max(most, Math.abs(n)), 0);
  if (largest > 2 && high <= 2) report.add('CNN4001', use.span, { mean: largest, high: Number(high.toPrecision(3)) });
  const low = Math.min(plan.offset, high);
  if (largest <= 1 && largest > 0 && high > 100) report.add('CNN4004', use.span, { mean: largest, low: null, high: null });
  // Means of 0 to 1 lie within; after `offset` the middle is near 0.
  else if (mean.every((m) => m > 0.2 && m < 0.8) && low < -0.5 && high <= 2) report.add('CNN4004', use.span, { mean: mean[0], low: show(low), high: show(high) }, related(setting('offset') ?? setting('scale')));
}

const related = (use: Use | null) => (use ? { related: [{ span: use.span, label: 'brings them there' }] } : {});
const show = (n: number): string => (Number.isInteger(n) ? n.toLocaleString('en-US') : spellNumber(Number(n.toPrecision(3))));

/** A range narrower than this tells pictures hardly apart. */
const narrow = 0.05;

function checkRange(scale: Use | null, offset: Use | null, plan: Preprocess, { report }: Context): void {
  const normalised = isStandardised(plan);
  const at = scale ?? offset;
  if (!at) return;
  const ends = [plan.offset, plan.scale * 255 + plan.offset].sort((a, b) => a - b);
  if (scale && plan.scale > 1) {
    const factor = spellNumber(plan.scale);
    const span = scale.args.get('factor')?.span ?? scale.span;
    report.add('CNN4003', span, { factor, high: show(plan.scale * 255) }, { fixes: [replace(`write 1/${factor}`, span, `1/${factor}`)] });
  } else if (!normalised && Math.max(Math.abs(ends[0]), Math.abs(ends[1])) > usual) report.add('CNN4002', at.span, { low: show(ends[0]), high: show(ends[1]) });
  else if (!normalised && ends[1] - ends[0] < narrow) report.add('CNN4009', at.span, { low: show(ends[0]), high: show(ends[1]) });
  else if (!normalised && ends[1] <= 0) report.add('CNN4010', (offset ?? at).span, { low: show(ends[0]), high: show(ends[1]), scaled: scale !== null });
}
