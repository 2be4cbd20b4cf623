/**
 * Folders of pictures: one sub-folder for each class, or such folders under train, test and validation. Only names are looked at.
 * Order is by code unit of the path, never the file system's. Names that begin with a dot are hidden; links may not lead out.
 */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import type { DataPlan, DataSource } from '../../../compiler/model/program.ts';
import type { Span } from '../../../compiler/source/source.ts';
import type { Found } from '../found.ts';
import { partNames } from '../found.ts';
import { namedGroups } from '../groups.ts';
import { asDiagnostic, locate } from '../locate.ts';
import { nearNames } from '../near.ts';

const read = /\.(png|jpe?g|webp)$/i;
const otherPictures = /\.(gif|bmp|tiff?|heic|heif|avif|svg|jp2|psd|ppm|raw|cr2|nef|dng)$/i;

/** What was passed over, for the warnings. */
interface LeftOut {
  readonly kind: string[];
  readonly link: string[];
  readonly outside: string[];
}

interface Walk {
  readonly root: string;
  readonly path: string;
  readonly span: Span;
  readonly leftOut: LeftOut;
}

/** Throws DiagnosticError: CNN4050 to CNN4056, CNN4062, CNN4076. */
export function scanFolder(source: Extract<DataSource, { kind: 'folder' }>, plan: DataPlan, base: string): Found {
  const span = source.origin;
  const located = locate(source.path, base, 'folder', span);
  const walk: Walk = { root: realpathSync(located), path: source.path, span, leftOut: { kind: [], link: [], outside: [] } };
  const asked = plan.labels;
  if (asked === 'multilabel' || asked === 'values') throw new DiagnosticError([diagnostic('CNN4082', span, { asked })]);

  const top = list(walk, '');
  const parts = partNames.filter((name) => top.folders.includes(name));
  const hasParts = top.folders.length > 0 && parts.length === top.folders.length;
  if (hasParts && !parts.includes('train')) throw new DiagnosticError([diagnostic('CNN4053', span, { path: source.path, pictures: 0, parts })]);
  const warnings: Diagnostic[] = [];
  const stated = { ...plan, classes: plan.classes?.map((name) => name.normalize('NFC')) ?? null };
  const { classes, paths, labels, part } = hasParts ? scanParts(walk, parts, stated) : scanClasses(walk, '', top, stated, warnings);
  refuseFewClasses(classes, labels, part, walk, asked);
  for (const reason of ['kind', 'link', 'outside'] as const) {
    const names = walk.leftOut[reason];
    if (names.length > 0) warnings.push(diagnostic('CNN4058', span, { reason, count: names.length, examples: names.slice(0, 3) }));
  }
  const binary = asked === 'binary';
  return {
    count: paths.length,
    labels: { kind: asked === 'auto' ? 'categorical' : asked, classes, values: binary ? Float32Array.from(labels) : Int32Array.from(labels), width: 1 },
    weights: null,
    ...groupsBelow(plan.split.group, paths, hasParts ? 2 : 1, span),
    part: Uint8Array.from(part),
    brings: { test: hasParts && parts.includes('test'), validation: hasParts && parts.includes('validation') },
    pixels: { kind: 'files', root: walk.root, paths },
    orderPerClass: true,
    describe: (index) => paths[index],
    warnings,
  };
}

/** Groups by the paths below a class's folder, which is `depth` folders down. Throws CNN4123. */
function groupsBelow(pattern: string | undefined, paths: readonly string[], depth: number, span: Span): Pick<Found, 'groups'> {
  if (pattern === undefined) return {};
  return { groups: namedGroups(paths.map((path) => path.split('/').slice(depth).join('/')), paths, pattern, span) };
}

interface Scanned {
  readonly classes: readonly string[];
  readonly paths: readonly string[];
  readonly labels: readonly number[];
  readonly part: readonly number[];
}

function scanParts(walk: Walk, parts: readonly string[], plan: DataPlan): Scanned {
  const train = list(walk, 'train');
  const classes = plan.classes ?? train.folders;
  const scanned = parts.map((name) => {
    const here = name === 'train' ? train : list(walk, name);
    const extra = here.folders.filter((folder) => !classes.includes(folder));
    if (extra.length > 0 && !plan.classes) throw new DiagnosticError([diagnostic('CNN4076', walk.span, { part: name, extra: extra.slice(0, 5), total: extra.length })]);
    // A test part may lack a class, the training part may not.
    const one = scanClasses(walk, name, here, { ...plan, classes: name === 'train' ? classes : classes.filter((c) => here.folders.includes(c)) }, []);
    if (one.paths.length === 0) throw new DiagnosticError([diagnostic('CNN4062', walk.span, { part: name, fraction: null, count: 0 })]);
    return { ...one, labels: one.labels.map((label) => classes.indexOf(one.classes[label])), part: one.paths.map(() => partNames.indexOf(name as 'train')) };
  });
  return { classes, paths: scanned.flatMap((s) => s.paths), labels: scanned.flatMap((s) => s.labels), part: scanned.flatMap((s) => s.part) };
}

function scanClasses(walk: Walk, prefix: string, top: Listing, plan: DataPlan, warnings: Diagnostic[]): Scanned {
  const { span } = walk;
  const path = prefix === '' ? walk.path : join(walk.path, prefix);
  if (top.folders.length === 0) throw new DiagnosticError([diagnostic('CNN4053', span, { path, pictures: top.pictures.length, parts: [] })]);
  for (const picture of top.pictures) walk.leftOut.outside.push(picture);
  const missing = (plan.classes ?? []).filter((name) => !top.folders.includes(name));
  if (missing.length > 0) throw new DiagnosticError([diagnostic('CNN4056', span, { missing, there: top.folders, near: nearNames(missing[0], top.folders) })]);
  const classes = plan.classes ?? top.folders;
  const spare = top.folders.filter((name) => plan.classes && !classes.includes(name));
  if (spare.length > 0) warnings.push(diagnostic('CNN4057', span, { names: spare.slice(0, 5), total: spare.length }));
  const paths: string[] = [];
  const labels: number[] = [];
  classes.forEach((name, label) => {
    for (const picture of picturesUnder(walk, joined(prefix, top.onDisk.get(name) ?? name), new Set()).sort()) {
      paths.push(picture);
      labels.push(label);
    }
  });
  return { classes, paths, labels, part: paths.map(() => 0) };
}

function refuseFewClasses(classes: readonly string[], labels: readonly number[], part: readonly number[], walk: Walk, asked: DataPlan['labels']): void {
  const seen = new Set(labels.filter((_, i) => part[i] === 0));
  const { span } = walk;
  if (seen.size === 0) throw new DiagnosticError([diagnostic('CNN4053', span, { path: walk.path, pictures: 0, parts: [] })]);
  const empty = classes.filter((_, label) => !seen.has(label));
  if (empty.length > 0) throw new DiagnosticError([diagnostic('CNN4055', span, { names: empty.slice(0, 5), total: empty.length })]);
  if (classes.length === 1) throw new DiagnosticError([diagnostic('CNN4054', span, { name: classes[0], beside: basename(walk.root) + sep + classes[0] })]);
  if (asked === 'binary' && classes.length !== 2) throw new DiagnosticError([diagnostic('CNN4081', span, { classes: classes.length })]);
}

interface Listing {
  /** NFC names by code unit. */
  readonly folders: readonly string[];
  /** The names as the disk has them. */
  readonly onDisk: ReadonlyMap<string, string>;
  readonly pictures: readonly string[];
}

const joined = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}/${name}`);

/** One folder's sub-folders and pictures, links followed where they stay inside. */
function list(walk: Walk, prefix: string): Listing {
  const onDisk = new Map<string, string>();
  const pictures: string[] = [];
  for (const item of entriesOf(walk, prefix)) {
    if (item.name.startsWith('.') || item.name === '__MACOSX') continue;
    const path = joined(prefix, item.name);
    const kind = kindOf(walk, path, item);
    if (kind === 'folder') onDisk.set(item.name.normalize('NFC'), item.name);
    else if (kind === 'file' && read.test(item.name)) pictures.push(path);
    else if (kind === 'file' && otherPictures.test(item.name)) walk.leftOut.kind.push(path);
    else if (kind === 'outside') walk.leftOut.link.push(path);
  }
  return { folders: [...onDisk.keys()].sort(), onDisk, pictures };
}

function entriesOf(walk: Walk, prefix: string): readonly Dirent[] {
  const folder = join(walk.root, prefix);
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw asDiagnostic(error, prefix === '' ? walk.path : join(walk.path, prefix), folder, 'folder', walk.span);
  }
}

function kindOf(walk: Walk, path: string, item: Dirent): 'folder' | 'file' | 'outside' | 'other' {
  if (item.isDirectory()) return 'folder';
  if (item.isFile()) return 'file';
  if (!item.isSymbolicLink()) return 'other';
  try {
    const target = realpathSync(join(walk.root, path));
    if (!target.startsWith(walk.root + sep)) return 'outside';
    return statSync(target).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'outside';
  }
}

/** Pictures below a class's folder, as in Keras. Links may lead in circles: a folder is entered once. */
function picturesUnder(walk: Walk, prefix: string, entered: Set<string>): string[] {
  const real = realpathSync(join(walk.root, prefix));
  if (entered.has(real)) return [];
  entered.add(real);
  const { folders, onDisk, pictures } = list(walk, prefix);
  return [...pictures, ...folders.flatMap((name) => picturesUnder(walk, joined(prefix, onDisk.get(name) ?? name), entered))];
}
