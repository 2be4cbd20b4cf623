/** Columns of a terminal: tabs, wide and combining characters, and what must not reach a terminal as it is. */

export interface Cell {
  /** What is shown for one character of the source. */
  readonly shown: string;
  readonly width: number;
  /** UTF-16 units of the source that it stands for. */
  readonly units: number;
}

const tabStop = 4;
/** Marks that take no column. */
const combining = /^[\p{Mn}\p{Me}\u200b-\u200d\ufe00-\ufe0f]$/u;
/** Two columns: East Asian wide and full-width characters, and pictures (Unicode Standard Annex 11). */
const wide = /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const unsafe = /^[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]$/u;

export const widthOf = (character: string): number => (combining.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** A line of a source, character by character. Control and direction characters are shown as a box, so that they do nothing. */
export function cells(line: string, ascii = false): readonly Cell[] {
  let column = 0;
  return [...line].map((character) => {
    let cell: Cell;
    if (character === '\t') {
      const width = tabStop - (column % tabStop);
      cell = { shown: ' '.repeat(width), width, units: 1 };
    } else if (unsafe.test(character)) cell = { shown: ascii ? '?' : '\ufffd', width: 1, units: character.length };
    else {
      const width = widthOf(character);
      cell = { shown: ascii && character > '~' ? '?'.repeat(width) : character, width, units: character.length };
    }
    column += cell.width;
    return cell;
  });
}

/** Prose for a terminal: control characters out, and on request nothing but ASCII. Line ends stay. */
export function prose(text: string, ascii = false): string {
  const safe = [...text].map((c) => (c !== '\n' && unsafe.test(c) ? '\ufffd' : c)).join('');
  if (!ascii) return safe;
  return safe.replace(/[^\n -~]/gu, (c) => plain[c] ?? '?');
}

const plain: Readonly<Record<string, string>> = { '…': '...', '→': '->', '–': '-', '—': '-', '·': '*', '×': 'x', '≥': '>=', '≤': '<=', '“': '"', '”': '"', '’': "'" };
