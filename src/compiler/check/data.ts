/**
 * Where the data comes from, its image size and its parts: the DataPlan that the edge probes, and what is known of labels.
 * With facts the answer is complete; without, whatever only the data knows stays null.
 */
import { isOfFiles } from '../model/program.ts';
import type { DataPlan, DataSource, ImagePlan, LabelKind, Shape } from '../model/program.ts';
import type { Span } from '../source/source.ts';
import { showShape } from '../shape/shape.ts';
import { sources } from '../vocabulary/index.ts';
import { ownSize } from '../vocabulary/sources/index.ts';
import type { SourceDefinition } from '../vocabulary/types.ts';
import { read } from '../bind/bound.ts';
import { foundClasses } from '../bind/classes.ts';
import type { Bound, Use } from '../bind/bound.ts';
import type { Context } from './context.ts';
import { checkParts } from './parts.ts';

export interface CheckedData {
  /** null: nothing can be probed, because of errors. */
  readonly plan: DataPlan | null;
  readonly input: Shape | null;
  /** Where the input's size is written. */
  readonly inputUse: Use | null;
  readonly kind: LabelKind | null;
  /** The program says which kind its labels are. */
  readonly kindUse: Use | null;
  /** Classes, labels or values a picture. */
  readonly count: number | null;
  readonly names: readonly string[] | null;
  /** Where the classes come from, for messages. */
  readonly origin: Span | null;
  readonly pixels: 'uint8' | 'float32' | null;
  readonly validates: boolean;
}

export function checkData(bound: Bound, context: Context): CheckedData {
  const { report, facts } = context;
  const before = report.errors;
  const definition = bound.source ? sources[bound.source.word.word as keyof typeof sources] : null;
  const present = bound.source !== null;
  reportAbsence(bound, context);
  reportHalf(bound, context);
  const image = checkImage(bound, definition, context);
  const parts = checkParts(bound, context);
  const labels = checkLabels(bound, definition, context);
  const sound = report.errors === before && bound.data.sound && (present || (bound.input !== null && bound.classes !== null));
  const setting = (word: string): Use | undefined => bound.data.settings.get(word);
  const onCorrupt = setting('on_corrupt');
  const limit = setting('limit');
  const cache = setting('cache');
  const listed = setting('classes');
  const source: DataSource = bound.source && definition && bound.source.sound ? definition.build(read(bound.source), bound.source.span) : { kind: 'none' };
  const plan: DataPlan = {
    source,
    image: image.plan,
    classes: listed?.sound ? read(listed).texts('names') : null,
    labels: labels.kindUse ? (labels.kind ?? 'auto') : 'auto',
    split: parts.split,
    onCorrupt: onCorrupt?.sound && read(onCorrupt).text('action') === 'skip' ? 'skip' : 'error',
    limit: limit?.sound ? read(limit).number('count') : null,
    cache: cache?.sound ? read(cache).flag('on') : true,
  };
  return {
    plan: sound ? plan : null,
    input: image.input,
    inputUse: image.use,
    ...labels,
    origin: (!facts && listed?.span) || (bound.source?.span ?? bound.classes?.span ?? null),
    pixels: facts?.pixelType ?? (definition ? definition.pixels : 'uint8'),
    validates: parts.validates,
  };
}

/** No source, and no `input` and `classes` in its place. */
function reportAbsence(bound: Bound, { report }: Context): void {
  if (bound.source || !bound.data.sound || !bound.sound || bound.empty) return;
  if (bound.input && bound.classes) return;
  const span = bound.data.statement?.word.span ?? bound.input?.span ?? bound.classes?.span ?? { file: bound.file, start: 0, end: 0 };
  report.add('CNN1203', span, { hasInput: bound.input !== null, hasClasses: bound.classes !== null });
}

/** The test part of `idx` and `npy` is two files, as the other part is; the labels of `csv` are one column or several. */
function reportHalf({ source }: Bound, { report }: Context): void {
  if (!source?.sound) return;
  const [label, columns] = [source.args.get('label'), source.args.get('columns')];
  if (source.word.word === 'csv' && label && columns) report.add('CNN4012', columns.whole, {}, { related: [{ span: label.whole, label: 'one column here' }] });
  const [images, labels] = ['test_images', 'test_labels'].map((name) => source.args.get(name));
  const [there, missing] = images && !labels ? [images, 'test_labels'] : labels && !images ? [labels, 'test_images'] : [null, ''];
  if (!there) return;
  const param = source.word.params.find((p) => p.name === missing);
  report.add('CNN1010', there.whole, { owner: source.word.word, param: missing, only: false, doc: param?.doc ?? '', example: source.word.example });
}

interface CheckedImage {
  readonly plan: ImagePlan;
  readonly input: Shape | null;
  readonly use: Use | null;
}

function checkImage(bound: Bound, definition: SourceDefinition | null, context: Context): CheckedImage {
  const { report, facts } = context;
  const image = bound.data.settings.get('image');
  const use = image ?? bound.input;
  const given = image?.sound ? read(image) : null;
  const stated = given ? given.numbers('size') : null;
  const input = bound.input ? inputShape(bound.input, context) : null;
  const found = facts?.sampleShape ?? null;
  const colored = given?.has('color') || (stated?.length ?? 0) > 2;
  const own = definition ? (ownSize[definition.word] ?? null) : null;
  const files = isOfFiles(kindOf(definition));
  const channels = stated?.[2] ?? (colored ? (given?.text('color') === 'gray' ? 1 : 3) : (input?.[2] ?? found?.[2] ?? own?.[2] ?? (definition && !files ? null : 3)));
  const size = stated ?? input ?? found ?? own;
  const plan: ImagePlan = {
    height: size?.[0] ?? 0,
    width: size?.[1] ?? 0,
    channels: channels === 1 ? 1 : 3,
    resize: asResize(given?.text('resize')),
    interpolation: asInterpolation(given?.text('interpolation')),
    exif: given?.flag('exif') ?? false,
  };
  if (channels !== null && channels !== 1 && channels !== 3) {
    const at = stated?.[2] !== undefined ? image : bound.source;
    if (at && !(input && !stated)) report.add('CNN4006', at.args.get('size')?.span ?? at.span, { channels, where: stated?.[2] !== undefined ? 'input' : 'data' });
    return { plan, input: null, use: use ?? null };
  }
  if (size === null && definition && files && bound.source && !image && bound.data.sound) report.add('CNN1204', bound.source.span, { source: definition.word });
  const shape = size && channels !== null ? [size[0], size[1], channels] : null;
  if (shape && input && bound.input && bound.source && showShape(shape) !== showShape(input)) report.add('CNN1208', bound.input.span, { input: showShape(input), image: showShape(shape) }, image ? { related: [{ span: image.span, label: showShape(shape) }] } : {});
  return { plan, input: shape, use: use ?? null };
}

function inputShape(use: Use, { report }: Context): Shape | null {
  const size = read(use).numbers('size');
  const shape = [size[0], size[1], size[2] ?? 3];
  if (shape[2] === 1 || shape[2] === 3) return shape;
  report.add('CNN4006', use.args.get('size')?.span ?? use.span, { channels: shape[2], where: 'input' });
  return null;
}

const kindOf = (definition: SourceDefinition | null): DataSource['kind'] | null => (definition ? (definition.word as DataSource['kind']) : null);
const asResize = (text: string | undefined): ImagePlan['resize'] => (text === 'crop' || text === 'pad' ? text : 'stretch');
const asInterpolation = (text: string | undefined): ImagePlan['interpolation'] => (text === 'nearest' || text === 'bicubic' || text === 'lanczos' ? text : 'bilinear');
const asKind = (text: string): LabelKind => (text === 'sparse' || text === 'binary' || text === 'multilabel' || text === 'values' ? text : 'categorical');

type CheckedLabels = Pick<CheckedData, 'kind' | 'kindUse' | 'count' | 'names'>;

function checkLabels(bound: Bound, definition: SourceDefinition | null, context: Context): CheckedLabels {
  const { report, facts } = context;
  const setting = bound.data.settings.get('labels');
  const kindUse = setting?.sound ? setting : null;
  const asked = kindUse ? asKind(read(kindUse).text('kind')) : null;
  const shown = facts?.labelKind ?? (definition ? definition.labels : 'categorical');
  const kind = asked ?? shown;
  const isClasses = (k: LabelKind | null): boolean => k === 'categorical' || k === 'sparse' || k === 'binary';
  if (kindUse && asked && definition && !isClasses(asked) && isClasses(definition.labels)) report.add('CNN2102', kindUse.args.get('kind')?.span ?? kindUse.span, { kind: asked, source: definition.word });

  const listed = bound.data.settings.get('classes');
  const list = listed?.sound ? read(listed).texts('names') : null;
  const stated = bound.classes ? read(bound.classes).number('count') : null;
  const found = foundClasses({ facts, source: bound.source, listed: listed ?? null, classes: bound.classes });
  if (stated !== null && found !== null && stated !== found && bound.classes)
    report.add('CNN2104', bound.classes.args.get('count')?.span ?? bound.classes.span, { stated, found }, bound.source ? { related: [{ span: (facts ? bound.source : (listed ?? bound.source)).span, label: describeClasses(facts?.classes ?? list, found) }] } : {});
  const count = found ?? stated;
  if (kind === 'binary' && count !== null && count !== 2 && !(count < 2 && facts?.labelKind !== 'categorical'))
    report.add('CNN2105', kindUse?.args.get('kind')?.span ?? bound.source?.span ?? { file: bound.file, start: 0, end: 0 }, { count }, bound.source ? { related: [{ span: bound.source.span, label: describeClasses(facts?.classes ?? list, count) }] } : {});
  const names = facts ? (facts.classes.length > 0 ? facts.classes : null) : list;
  return { kind, kindUse, count: kind === 'binary' ? 2 : count, names };
}

/** "10 classes: 0, 1, 2" for the place where the data is named; long lists are cut. */
export function describeClasses(names: readonly string[] | null, count: number, thing = 'classes'): string {
  if (!names || names.length === 0) return `${count} ${thing}`;
  const shown = names.slice(0, 12).join(', ');
  const text = shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
  return `${count} ${thing}: ${text}${names.length > 12 && !text.endsWith('…') ? ', …' : ''}`;
}
