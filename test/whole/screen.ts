/** A terminal as far as the live display uses one: lines that wrap, carriage returns, cursor up, erase to the end. */
export function screen(columns: number): { readonly write: (text: string) => void; readonly lines: () => readonly string[] } {
  const rows: string[][] = [[]];
  let [row, column] = [0, 0];
  const down = (): void => {
    row++;
    while (rows.length <= row) rows.push([]);
  };
  return {
    write(text) {
      for (const [piece] of text.matchAll(/\x1b\[[0-9;?]*[A-Za-z]|[^]/gu)) {
        const up = /^\x1b\[(\d*)A$/.exec(piece);
        if (up) row = Math.max(0, row - Number(up[1] || 1));
        else if (/^\x1b\[0?J$/.test(piece)) {
          rows.length = row + 1;
          rows[row].length = Math.min(rows[row].length, column);
        } else if (/^\x1b\[0?K$/.test(piece)) rows[row].length = Math.min(rows[row].length, column);
        else if (/^\x1b\[[0-9;]*m$/.test(piece)) continue;
        else if (piece.startsWith('\x1b')) throw new Error(`this terminal does not know ${JSON.stringify(piece)}`);
        else if (piece === '\r') column = 0;
        else if (piece === '\n') down();
        else {
          if (column === columns) {
            down();
            column = 0;
          }
          while (rows[row].length < column) rows[row].push(' ');
          rows[row][column++] = piece;
        }
      }
    },
    lines: () => rows.map((cells) => cells.join('').trimEnd()),
  };
}
