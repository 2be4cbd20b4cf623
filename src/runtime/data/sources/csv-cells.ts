/** Cells of a table as what they have to be; those that are not are gathered and reported by line, once for each column and want. */
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import type { CsvSource } from '../../../compiler/model/program.ts';
import type { Row, Table } from '../table.ts';

export interface CellReader {
  /** NaN and noted where the cell is no such number. */
  number(row: Row, column: number, want: string, accept?: (n: number) => boolean): number;
  /** An index into `partNames`. */
  part(row: Row, column: number): number;
  /** Notes a cell that cannot be used. */
  refuse(row: Row, column: number, want: string): void;
  /** Whether every cell is a number, and whether all those are whole. */
  isNumbers(rows: readonly Row[], column: number): { readonly all: boolean; readonly whole: boolean };
  readonly columns: readonly string[];
  /** Adds CNN4088 for what was noted. */
  report(): void;
}

const numeric = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const parts: Readonly<Record<string, number>> = { train: 0, training: 0, validation: 1, valid: 1, val: 1, test: 2, testing: 2 };

const valueOf = (cell: string): number => (numeric.test(cell.trim()) ? Number(cell) : NaN);

export function cellReader(source: CsvSource, { columns }: Table, problems: Diagnostic[]): CellReader {
  const bad = new Map<string, { readonly column: number; readonly want: string; readonly rows: Row[] }>();
  const refuse = (row: Row, column: number, want: string): void => {
    const key = `${column} ${want}`;
    const known = bad.get(key);
    if (known) known.rows.push(row);
    else bad.set(key, { column, want, rows: [row] });
  };
  return {
    columns,
    refuse,
    number(row, column, want, accept = () => true) {
      const n = Math.fround(valueOf(row.cells[column]));
      if (Number.isFinite(n) && accept(n)) return n;
      refuse(row, column, want);
      return NaN;
    },
    part(row, column) {
      const part = parts[row.cells[column].trim().toLowerCase()];
      if (part !== undefined) return part;
      refuse(row, column, 'train, validation or test');
      return 0;
    },
    isNumbers(rows, column) {
      const values = rows.map((row) => valueOf(row.cells[column]));
      return { all: values.every(Number.isFinite), whole: values.every(Number.isInteger) };
    },
    report() {
      for (const { column, want, rows } of bad.values()) {
        const [first] = rows;
        problems.push(diagnostic('CNN4088', source.origin, { path: source.path, column: columns[column], want, line: first.line, cell: first.cells[column], count: rows.length }));
      }
    },
  };
}
