/**
 * A table of pictures: which columns are what, which rows count, where their files are. Labels stand in csv-labels.ts.
 * Paths come from outside: they stay below one folder, links included.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import type { CsvSource, DataPlan } from '../../../compiler/model/program.ts';
import type { Found } from '../found.ts';
import { isPattern, namedGroups } from '../groups.ts';
import { asDiagnostic, locate } from '../locate.ts';
import { nearNames } from '../near.ts';
import { decodeText, parseTable, TableError } from '../table.ts';
import type { Row, Table } from '../table.ts';
import { cellReader } from './csv-cells.ts';
import { labelsOfRows } from './csv-labels.ts';

const mostBytes = 256 * 2 ** 20;
const delimiters = { comma: ',', semicolon: ';', tab: '\t' } as const;
const usualPaths = ['path', 'file', 'filename', 'image'];
const usualLabels = ['label', 'labels', 'class'];

/** Throws DiagnosticError: CNN4050 to CNN4055, CNN4062, CNN4072, CNN4081, CNN4083 to CNN4091 but for warnings. */
export function scanCsv(source: CsvSource, plan: DataPlan, base: string): Found {
  const { origin: span, path } = source;
  const located = locate(path, base, 'file', span);
  const table = readTable(source, located);
  if (table.rows.length === 0) throw new DiagnosticError([diagnostic('CNN4084', span, { path, line: null, reason: 'it has no rows below the names of its columns', help: null })]);
  const columns = columnsOf(source, table, plan.split.group);
  const root = source.folder === null ? realpathSync(dirname(located)) : realpathSync(locate(source.folder, base, 'folder', span));

  const problems: Diagnostic[] = [];
  const files = filesOf(source, table, columns.path, root, plan.onCorrupt, problems);
  const once = withoutRepeats(source, files, columns, problems);
  const reader = cellReader(source, table, problems);
  const rows = once.map(({ row }) => row);
  const labels = labelsOfRows(source, plan, rows, columns.labels, reader, problems);
  const weights = columns.weight === null ? null : Float32Array.from(rows, (row) => reader.number(row, columns.weight as number, 'a number from 0', (n) => n >= 0));
  const part = Uint8Array.from(rows, (row) => (columns.part === null ? 0 : reader.part(row, columns.part)));
  reader.report();
  const errors = problems.filter((d) => d.severity === 'error');
  if (errors.length > 0 || labels === null) throw new DiagnosticError(errors);
  for (const [number, name] of [[0, 'train']] as const) if (!part.includes(number)) throw new DiagnosticError([diagnostic('CNN4062', span, { part: name, fraction: null, count: 0 })]);
  const paths = once.map((file) => file.path);
  const groups = groupsOfRows(source, plan, once, columns.group);
  return {
    count: rows.length,
    labels,
    weights,
    ...(groups ? { groups } : {}),
    part,
    brings: { test: part.includes(2), validation: part.includes(1) },
    pixels: { kind: 'files', root, paths },
    orderPerClass: false,
    describe: (index) => paths[index],
    warnings: problems,
  };
}

function readTable({ path, delimiter, origin }: CsvSource, located: string): Table {
  const refuse = (reason: string, line: number | null, help: string | null = null): DiagnosticError => new DiagnosticError([diagnostic('CNN4084', origin, { path, line, reason, help })]);
  let bytes: Uint8Array;
  try {
    const { size } = statSync(located);
    if (size > mostBytes) throw refuse(`it has ${(size / 2 ** 20).toFixed(0)} MB; tables of up to ${mostBytes / 2 ** 20} MB are read`, null);
    bytes = readFileSync(located);
  } catch (error) {
    throw asDiagnostic(error, path, located, 'file', origin);
  }
  try {
    const text = decodeText(bytes);
    const table = parseTable(text, delimiters[delimiter]);
    const other = (Object.keys(delimiters) as (keyof typeof delimiters)[]).find((name) => name !== delimiter && table.columns.length === 1 && table.columns[0].includes(delimiters[name]));
    if (other) throw refuse(`it has one column, "${table.columns[0]}"`, 1, `its cells seem to be parted otherwise: delimiter=${other}`);
    return table;
  } catch (error) {
    if (error instanceof TableError) throw refuse(error.message, error.line);
    throw error;
  }
}

export interface Columns {
  readonly path: number;
  readonly labels: readonly number[];
  readonly weight: number | null;
  readonly part: number | null;
  readonly group: number | null;
}

/** Throws CNN4083. */
function columnsOf(source: CsvSource, { columns }: Table, grouped: string | undefined): Columns {
  const missing = (option: string, name: string | null): DiagnosticError =>
    new DiagnosticError([diagnostic('CNN4083', source.origin, { path: source.path, option, name, columns, near: name === null ? [] : nearNames(name, columns) })]);
  const named = (option: string, name: string): number => {
    const at = columns.indexOf(name);
    if (at < 0) throw missing(option, name);
    return at;
  };
  const usual = (option: string, names: readonly string[]): number => {
    const found = names.map((name) => columns.findIndex((column) => column.toLowerCase() === name)).find((at) => at >= 0);
    if (found === undefined) throw missing(option, null);
    return found;
  };
  const path = source.pathColumn === null ? usual('file', usualPaths) : named('file', source.pathColumn);
  const weight = source.weightColumn === null ? null : named('weight', source.weightColumn);
  const part = source.partColumn === null ? null : named('part', source.partColumn);
  const group = grouped === undefined || isPattern(grouped) ? null : named('group', grouped);
  const left = columns.flatMap((_, at) => (at === path || at === weight || at === part || at === group ? [] : [at]));
  const labels = source.labelColumns ? source.labelColumns.map((name) => named(source.labelColumns?.length === 1 ? 'label' : 'columns', name)) : left.length === 1 ? left : [usual('label', usualLabels)];
  return { path, labels, weight, part, group };
}

/** A cell each, or a part of each path. Throws CNN4123. */
function groupsOfRows({ origin }: CsvSource, { split }: DataPlan, files: readonly File[], column: number | null): readonly string[] | null {
  if (split.group === undefined) return null;
  const paths = files.map(({ path }) => path);
  if (column === null) return namedGroups(paths, paths, split.group, origin);
  const cells = files.map(({ row }) => row.cells[column]);
  const empty = cells.flatMap((cell, i) => (cell === '' ? [i] : []));
  if (empty.length > 0) throw new DiagnosticError([diagnostic('CNN4123', origin, { group: split.group, count: empty.length, total: cells.length, example: paths[empty[0]] })]);
  return cells;
}

interface File {
  readonly row: Row;
  /** Relative to the root, with slashes. */
  readonly path: string;
}

/** The rows whose files are there; the others are reported. */
function filesOf(source: CsvSource, table: Table, column: number, root: string, onCorrupt: DataPlan['onCorrupt'], problems: Diagnostic[]): File[] {
  const { origin: span, path } = source;
  const look = looker(root);
  const missing: { readonly line: number; readonly name: string }[] = [];
  const outside: { readonly line: number; readonly name: string }[] = [];
  const files: File[] = [];
  for (const row of table.rows) {
    const name = row.cells[column] + (row.cells[column] === '' ? '' : source.ending);
    const full = isAbsolute(name) ? resolve(name) : join(root, name.replaceAll('\\', '/'));
    const inside = relative(root, full);
    const seen = name === '' ? 'missing' : inside.startsWith('..') || isAbsolute(inside) ? 'outside' : look(inside.split(sep).join('/'));
    if (seen === 'file') files.push({ row, path: inside.split(sep).join('/') });
    else (seen === 'missing' ? missing : outside).push({ line: row.line, name });
  }
  if (outside.length > 0) problems.push(diagnostic('CNN4091', span, { path, count: outside.length, rows: outside.slice(0, 5), folder: source.folder }));
  if (missing.length > 0) {
    const [first] = missing;
    const neighbours = first.name === '' ? [] : look.names(dirname(first.name));
    const ending = neighbours.find((name) => name.startsWith(`${basename(first.name)}.`))?.slice(basename(first.name).length) ?? null;
    const facts = { path, count: missing.length, total: table.rows.length, rows: missing.slice(0, 5), ending, near: ending === null ? nearNames(basename(first.name), neighbours, 1) : [], folder: source.folder };
    // When none is there it is the folder that is wrong, not the pictures.
    problems.push(onCorrupt === 'skip' && files.length > 0 ? diagnostic('CNN4086', span, facts) : diagnostic('CNN4085', span, facts));
  }
  return files;
}

type Seen = 'file' | 'missing' | 'outside';

/** Looks into each folder once. */
function looker(root: string): ((path: string) => Seen) & { readonly names: (folder: string) => readonly string[] } {
  const folders = new Map<string, ReadonlyMap<string, Dirent> | 'missing' | 'outside'>();
  const list = (folder: string): ReadonlyMap<string, Dirent> | 'missing' | 'outside' => {
    const known = folders.get(folder);
    if (known) return known;
    let listed: ReadonlyMap<string, Dirent> | 'missing' | 'outside' = 'missing';
    try {
      const real = realpathSync(join(root, folder));
      listed = real !== root && !real.startsWith(root + sep) ? 'outside' : new Map(readdirSync(real, { withFileTypes: true }).map((item) => [item.name, item]));
    } catch {
      // What cannot be listed has no pictures that could be read.
    }
    folders.set(folder, listed);
    return listed;
  };
  const look = (path: string): Seen => {
    const items = list(dirname(path));
    if (typeof items === 'string') return items;
    const item = items.get(basename(path));
    if (!item) return 'missing';
    if (!item.isSymbolicLink()) return item.isFile() ? 'file' : 'missing';
    try {
      const real = realpathSync(join(root, path));
      return !real.startsWith(root + sep) ? 'outside' : statSync(real).isFile() ? 'file' : 'missing';
    } catch {
      return 'missing';
    }
  };
  return Object.assign(look, { names: (folder: string) => (items => (typeof items === 'string' ? [] : [...items.keys()]))(list(folder)) });
}

/** A picture that stands twice counts once; with two labels it is an error. */
function withoutRepeats(source: CsvSource, files: readonly File[], { labels, weight, part }: Columns, problems: Diagnostic[]): File[] {
  const first = new Map<string, File>();
  const same: [File, File][] = [];
  const other: [File, File][] = [];
  const told = [...labels, ...(weight === null ? [] : [weight]), ...(part === null ? [] : [part])];
  const once: File[] = [];
  for (const file of files) {
    const before = first.get(file.path);
    if (!before) {
      first.set(file.path, file);
      once.push(file);
    } else (told.every((at) => before.row.cells[at] === file.row.cells[at]) ? same : other).push([before, file]);
  }
  const example = ([a, b]: [File, File]) => ({ picture: b.path, lines: [a.row.line, b.row.line] as const });
  if (same.length > 0) problems.push(diagnostic('CNN4089', source.origin, { path: source.path, count: same.length, example: example(same[0]) }));
  if (other.length > 0) {
    const show = (file: File): string => told.map((at) => file.row.cells[at]).join(', ');
    problems.push(diagnostic('CNN4090', source.origin, { path: source.path, count: other.length, example: example(other[0]), labels: [show(other[0][0]), show(other[0][1])] }));
  }
  return once;
}
