/** `csv`: a table of pictures in files, as Keras's `flow_from_dataframe`. */
import type { CsvSource } from '../../model/program.ts';
import { param } from '../params.ts';
import type { SourceDefinition } from '../types.ts';

const column = (name: string, doc: string, more: Parameters<typeof param>[3] = {}) => param(name, { kind: 'string' }, doc, more);

export const csv: SourceDefinition = {
  word: 'csv',
  group: 'source',
  doc: 'A table with the path of each picture and its label, its labels, or numbers.',
  details: [
    'The first line names the columns. Cells are written as RFC 4180 says: a cell with the delimiter, a quote or a line break stands in double quotes.',
    'One column of names makes classes; with `separator=` a cell holds several labels; a column of numbers that are not all whole makes values. `columns=[…]` takes several columns: of 0 and 1 for labels, of numbers for values.',
    'Paths stay below `folder=`.',
  ].join(' '),
  keras: ['flow_from_dataframe', 'dataframe', 'read_csv'],
  params: [
    param('path', { kind: 'string' }, 'The table.', { position: 0, required: true }),
    column('file', 'Column of the paths.', { default: '`path`, `file`, `filename` or `image`', keras: ['x_col'] }),
    column('label', 'Column of the labels.', { default: '`label`, `labels` or `class`, or the only one that is left', keras: ['y_col'] }),
    param('columns', { kind: 'words' }, 'Several columns: one for each label or value.', { default: 'the one column `label`' }),
    column('separator', 'Stands between several labels in one cell.', { default: '`"|"` with `labels multilabel`, otherwise none' }),
    column('folder', 'What the paths are relative to.', { default: "the table's own folder", keras: ['directory'] }),
    column('ending', 'Is added to each path: `.jpg`.', { value: '' }),
    column('weight', 'Column of numbers that each picture counts in the loss.', { default: 'none: all count 1', keras: ['weight_col', 'sample_weight'] }),
    column('part', 'Column that says train, validation or test.', { default: 'none: `split` decides' }),
    param('delimiter', { kind: 'choice', of: ['comma', 'semicolon', 'tab'] }, 'What stands between cells.', { value: 'comma' }),
  ],
  in: ['data'],
  example: 'csv "pets.csv" file="picture" label="species"',
  source: 'keras ImageDataGenerator.flow_from_dataframe',
  build: (given, origin): CsvSource => {
    const maybe = (name: string): string | null => (given.has(name) ? given.text(name) : null);
    const delimiter = given.text('delimiter');
    const label = maybe('label');
    return {
      kind: 'csv',
      path: given.text('path'),
      folder: maybe('folder'),
      delimiter: delimiter === 'semicolon' || delimiter === 'tab' ? delimiter : 'comma',
      pathColumn: maybe('file'),
      ending: given.text('ending'),
      labelColumns: given.has('columns') ? given.texts('columns') : label === null ? null : [label],
      separator: maybe('separator'),
      weightColumn: maybe('weight'),
      partColumn: maybe('part'),
      origin,
    };
  },
  labels: null,
  pixels: 'uint8',
};
