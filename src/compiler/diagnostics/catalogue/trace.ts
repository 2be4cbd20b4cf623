/** The chain of shapes as a picture: one row an iteration, arrows between shapes, each shape as wide as its neighbours. */
import type { Shape } from '../../model/program.ts';

export interface TraceRow {
  readonly shapes: readonly Shape[];
  /** Behind the row: `iteration 2`; null: outside of any repeat. */
  readonly label: string | null;
}

const title = 'the image on its way:  ';
const show = (shape: Shape): string => shape.join('x');
const mostRows = 7;

/** One note of several lines, or none where nothing happened on the way. */
export function trace(all: readonly TraceRow[]): readonly string[] {
  if (all.every((row) => row.shapes.length === 0)) return [];
  const rows = all.length <= mostRows ? all : [all[0], null, ...all.slice(all.length - (mostRows - 2))];
  const texts = rows.flatMap((row) => (row === null ? [] : row.shapes.map(show)));
  let at = 0;
  const lines = rows.map((row, r) => {
    if (row === null) return { text: '→ …', label: null };
    let line = '';
    row.shapes.forEach((_, i) => {
      const text = texts[at];
      const last = i === row.shapes.length - 1;
      const width = last ? 0 : Math.max(text.length, texts[at - 1]?.length ?? 0, texts[at + 1]?.length ?? 0);
      line += `${at === 0 && r === 0 ? '' : i === 0 ? '→ ' : ' → '}${text.padEnd(width)}`;
      at++;
    });
    return { text: line, label: row.label };
  });
  const width = Math.max(0, ...lines.filter((line) => line.label !== null).map((line) => line.text.length)) + 3;
  const indent = ' '.repeat(title.length);
  return [lines.map(({ text, label }, i) => `${i === 0 ? title : indent}${label === null ? text : `${text.padEnd(width)}(${label})`}`).join('\n')];
}
