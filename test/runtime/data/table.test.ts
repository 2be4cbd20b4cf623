import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, parseTable, TableError } from '../../../src/runtime/data/table.ts';

const cellsOf = (text: string, delimiter = ','): (readonly string[])[] => parseTable(text, delimiter).rows.map((row) => row.cells);

describe('tables as RFC 4180 has them', () => {
  it.each<[string, string, string[][]]>([
    ['plain', 'a,b\n1,2\n3,4\n', [['1', '2'], ['3', '4']]],
    ['without a last line break', 'a,b\n1,2', [['1', '2']]],
    ['CRLF', 'a,b\r\n1,2\r\n', [['1', '2']]],
    ['CR', 'a,b\r1,2\r', [['1', '2']]],
    ['empty cells', 'a,b\n,\n1,\n,2\n', [['', ''], ['1', ''], ['', '2']]],
    ['empty lines passed over', '\na,b\n\n1,2\n   \n', [['1', '2']]],
    ['quotes', 'a,b\n"x, y","say ""hi"""\n', [['x, y', 'say "hi"']]],
    ['a line break in quotes', 'a,b\n"x\ny",2\n', [['x\ny', '2']]],
    ['blanks around', 'a , b\n 1 , "2" \n', [['1', '2']]],
    ['blanks in quotes stay', 'a\n" 1 "\n', [[' 1 ']]],
    ['one empty quoted cell is a row', 'a\n""\n', [['']]],
  ])('%s', (_, text, want) => expect(cellsOf(text)).toEqual(want));

  it('semicolons and tabs', () => {
    expect(cellsOf('a;b\n1,5;2\n', ';')).toEqual([['1,5', '2']]);
    expect(cellsOf('a\tb\n1\t\n\t2\n', '\t')).toEqual([['1', ''], ['', '2']]);
  });

  it('knows the line of each row', () => {
    expect(parseTable('a,b\r\n\r\n"x\r\ny",2\r\n3,4', ',').rows.map((row) => row.line)).toEqual([3, 5]);
  });

  it.each<[string, string, string, number | null]>([
    ['empty', '', 'it is empty', null],
    ['blank', '\n\n', 'it is empty', null],
    ['too few cells', 'a,b\n1,2\n3\n', 'it has 1 cell, but there are 2 columns', 3],
    ['too many cells', 'a\n1,2\n', 'it has 2 cells, but there are 1 column', 2],
    ['an open quote', 'a,b\n1,"2\n3,4\n', 'a quote is not closed', 2],
    ['text after a quote', 'a,b\n"1"x,2\n', 'something follows a closing quote; a quote inside a cell is written twice', 2],
    ['a quote inside', 'a,b\n1"x,2\n', 'a quote stands inside a cell; such a cell is quoted, and the quote written twice', 2],
    ['a column twice', 'a,b,a\n', 'two columns are called a', 1],
    ['a column without a name', 'a,,b\n', 'column 2 has no name', 1],
  ])('%s is refused', (_, text, message, line) => {
    const error = ((): unknown => {
      try {
        return parseTable(text, ',');
      } catch (e) {
        return e;
      }
    })();
    expect(error).toBeInstanceOf(TableError);
    expect(error).toMatchObject({ message, line });
  });

  it('text is UTF-8', () => {
    expect(decodeText(Buffer.from('\ufeffa,ü'))).toBe('a,ü');
    expect(() => decodeText(Uint8Array.of(0x61, 0xff))).toThrow('it is not UTF-8');
    expect(() => decodeText(Buffer.from('\ufeffa', 'utf16le'))).toThrow('it is UTF-16');
    expect(() => decodeText(Uint8Array.of(0x61, 0))).toThrow('it is not a text');
  });

  it('gives back what was written, quoted as the RFC says', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', ';') });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const text = [['p', 'q'], ...rows].map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(',') + end).join('');
        expect(cellsOf(text)).toEqual(rows);
      }),
      { numRuns: process.env.CNNC_SOAK ? 5000 : 100 },
    );
  });

  it('anything is a table or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\t') }), fc.constantFrom(',', ';', '\t'), (text, delimiter) => {
        try {
          const table = parseTable(text, delimiter);
          for (const row of table.rows) expect(row.cells).toHaveLength(table.columns.length);
        } catch (error) {
          expect(error).toBeInstanceOf(TableError);
        }
      }),
      { numRuns: process.env.CNNC_SOAK ? 20_000 : 200 },
    );
  });
});
