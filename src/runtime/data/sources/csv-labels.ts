/**
 * Labels of a table. One column: names of classes (sorted by code unit; whole numbers by size), several names in a cell, or numbers.
 * Several columns: zeros and ones (one 1 in each row: classes), or numbers. `labels …` of the program states it.
 */
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import type { CsvSource, DataPlan, LabelKind } from '../../../compiler/model/program.ts';
import type { LabelSet } from '../found.ts';
import { nearNames } from '../near.ts';
import type { Row } from '../table.ts';
import type { CellReader } from './csv-cells.ts';

interface Asked {
  readonly source: CsvSource;
  readonly plan: DataPlan;
  readonly rows: readonly Row[];
  readonly columns: readonly number[];
  readonly reader: CellReader;
  readonly problems: Diagnostic[];
}

/** What stands between labels in a cell when the program does not say. */
const usualSeparator = '|';

/** null: what is wrong was added to `problems` or noted in the reader. */
export function labelsOfRows(source: CsvSource, plan: DataPlan, rows: readonly Row[], columns: readonly number[], reader: CellReader, problems: Diagnostic[]): LabelSet | null {
  const asked: Asked = { source, plan, rows, columns, reader, problems };
  const kind = plan.labels === 'auto' ? kindOf(asked) : plan.labels;
  if (kind === 'values') return values(asked);
  if (columns.length > 1) return kind === 'multilabel' ? flags(asked) : kind === 'binary' ? refuseColumns(asked) : oneHot(asked, kind);
  return kind === 'multilabel' ? several(asked) : classes(asked, kind);
}

function kindOf({ source, plan, rows, columns, reader }: Asked): LabelKind {
  if (source.separator !== null) return 'multilabel';
  const numbers = columns.map((column) => reader.isNumbers(rows, column));
  if (columns.length === 1) return plan.classes === null && numbers[0].all && !numbers[0].whole ? 'values' : 'categorical';
  const cells = rows.map((row) => columns.map((column) => Number(row.cells[column])));
  if (!cells.every((row) => row.every((n) => n === 0 || n === 1))) return numbers.every(({ all }) => all) ? 'values' : 'multilabel';
  return cells.every((row) => row.filter((n) => n === 1).length === 1) ? 'categorical' : 'multilabel';
}

function values({ source, plan, rows, columns, reader, problems }: Asked): LabelSet | null {
  const names = columnNames({ source, plan, columns, reader, problems });
  const data = Float32Array.from(rows.flatMap((row) => columns.map((column) => reader.number(row, column, 'a number'))));
  return names && { kind: 'values', classes: names, values: data, width: columns.length };
}

function flags({ source, plan, rows, columns, reader, problems }: Asked): LabelSet | null {
  const names = columnNames({ source, plan, columns, reader, problems });
  const data = Float32Array.from(rows.flatMap((row) => columns.map((column) => reader.number(row, column, '0 or 1', (n) => n === 0 || n === 1))));
  return names && { kind: 'multilabel', classes: names, values: data, width: columns.length };
}

function oneHot(asked: Asked, kind: 'categorical' | 'sparse'): LabelSet | null {
  const { source, rows, columns, reader, problems } = asked;
  const names = columnNames(asked);
  const labels = Int32Array.from(rows, (row) => {
    const ones = columns.map((column) => reader.number(row, column, '0 or 1', (n) => n === 0 || n === 1));
    if (ones.some(Number.isNaN) || ones.filter((n) => n === 1).length === 1) return ones.indexOf(1);
    problems.push(diagnostic('CNN4071', source.origin, { place: `line ${row.line} of ${source.path}`, is: `has ${ones.filter((n) => n === 1).length}`, asked: kind, want: `one 1 in each row`, use: 'multilabel' }));
    return 0;
  });
  // One row is enough to say it.
  const said = problems.filter((d) => d.code === 'CNN4071');
  if (said.length > 1) problems.splice(0, problems.length, ...problems.filter((d) => d.code !== 'CNN4071' || d === said[0]));
  return names && { kind, classes: names, values: labels, width: 1 };
}

function refuseColumns({ source, columns, problems }: Asked): null {
  problems.push(diagnostic('CNN4071', source.origin, { place: '`columns`', is: `names ${columns.length}`, asked: 'binary', want: 'one column', use: 'multilabel' }));
  return null;
}

/** Several names in a cell; an empty cell has none of them. */
function several(asked: Asked): LabelSet | null {
  const { source, plan, rows, columns: [column] } = asked;
  const separator = source.separator ?? usualSeparator;
  const cells = rows.map((row) => [...new Set(row.cells[column].split(separator).map((name) => name.trim()).filter((name) => name !== ''))]);
  const names = plan.classes ?? sorted(cells.flat());
  const width = names.length;
  const data = new Float32Array(rows.length * width);
  const place = new Map(names.map((name, i) => [name, i]));
  const strangers: Stranger[] = [];
  cells.forEach((labels, i) => {
    for (const label of labels) {
      const at = place.get(label);
      if (at === undefined) strangers.push({ row: rows[i], label });
      else data[i * width + at] = 1;
    }
  });
  report(strangers, names, asked);
  if (width === 0) {
    asked.reader.refuse(rows[0], column, 'at least one label somewhere');
    return null;
  }
  return { kind: 'multilabel', classes: names, values: data, width };
}

function classes(asked: Asked, kind: 'categorical' | 'sparse' | 'binary'): LabelSet | null {
  const { source, plan, rows, columns: [column], reader, problems } = asked;
  for (const row of rows) if (row.cells[column].trim() === '') reader.refuse(row, column, 'a label');
  const cells = rows.map((row) => row.cells[column].trim());
  const names = plan.classes ?? sorted(cells.filter((name) => name !== ''));
  const place = new Map(names.map((name, i) => [name, i]));
  const strangers: Stranger[] = [];
  const labels = cells.map((label, i) => {
    const at = place.get(label);
    if (at === undefined && label !== '') strangers.push({ row: rows[i], label });
    return at ?? 0;
  });
  report(strangers, names, asked);
  const span = source.origin;
  const seen = new Set(cells);
  const empty = names.filter((name) => !seen.has(name));
  if (strangers.length === 0 && empty.length > 0) problems.push(diagnostic('CNN4055', span, { names: empty.slice(0, 5), total: empty.length }));
  if (names.length === 1) problems.push(diagnostic('CNN4054', span, { name: names[0], beside: null }));
  else if (kind === 'binary' && names.length !== 2) problems.push(diagnostic('CNN4081', span, { classes: names.length }));
  return names.length === 0 ? null : { kind, classes: names, values: kind === 'binary' ? Float32Array.from(labels) : Int32Array.from(labels), width: 1 };
}

interface Stranger {
  readonly row: Row;
  readonly label: string;
}

function report(strangers: readonly Stranger[], names: readonly string[], { source, problems }: Asked): void {
  if (strangers.length === 0) return;
  const byLabel = new Map<string, Row[]>();
  for (const { row, label } of strangers) {
    const known = byLabel.get(label);
    if (known) known.push(row);
    else byLabel.set(label, [row]);
  }
  const labels = [...byLabel].map(([label, found]) => ({ label, line: found[0].line, count: found.length }));
  problems.push(diagnostic('CNN4087', source.origin, { path: source.path, labels: labels.slice(0, 5), total: labels.length, classes: names, near: nearNames(labels[0].label, names, 1) }));
}

/** The names of label columns, or those that the program gives them. */
function columnNames({ source, plan, columns, reader, problems }: Pick<Asked, 'source' | 'plan' | 'columns' | 'reader' | 'problems'>): readonly string[] | null {
  if (plan.classes === null) return columns.map((column) => reader.columns[column]);
  if (plan.classes.length === columns.length) return plan.classes;
  problems.push(diagnostic('CNN4072', source.origin, { listed: plan.classes.length, found: columns.length, where: columns.length === 1 ? 'the label column' : '`columns`' }));
  return null;
}

const whole = /^-?\d{1,15}$/;

/** By code unit; whole numbers by size, so that 10 comes after 9. */
function sorted(names: readonly string[]): readonly string[] {
  const once = [...new Set(names)];
  return once.every((name) => whole.test(name)) ? once.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1)) : once.sort();
}
