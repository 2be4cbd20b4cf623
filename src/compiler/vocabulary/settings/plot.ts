/** Settings of a `plot`. */
import type { Word } from '../types.ts';
import { param } from '../params.ts';

const text = (word: string, doc: string, byDefault: string): Word => ({
  word,
  group: 'plot',
  doc,
  params: [param('text', { kind: 'string' }, 'The text.', { position: 0, required: true, default: byDefault })],
  in: ['plot'],
  example: `${word} "Text"`,
  source: `matplotlib.pyplot.${word}`,
});

export const plotSettings: readonly Word[] = [
  text('title', 'What stands above the plot.', '"Model loss"'),
  text('xlabel', 'What stands below it.', '"Epoch"'),
  text('ylabel', 'What stands beside it.', '"Loss"'),
  {
    word: 'legend',
    group: 'plot',
    doc: 'The names of the curves: training, then validation, for each metric in turn.',
    params: [
      param('labels', { kind: 'string' }, 'The names.', { position: 0, rest: true, default: '"Train" "Validation"' }),
      param('at', { kind: 'choice', of: ['best', 'upper_right', 'upper_left', 'lower_right', 'lower_left'] }, 'The corner it stands in.', { value: 'best', keras: ['loc'] }),
    ],
    in: ['plot'],
    example: 'legend "Train" "Test" at=upper_right',
    source: 'matplotlib.pyplot.legend',
  },
];
