/** The files of a finished run, besides its checkpoints and manifest. Equal runs give equal bytes, but for bundle.json's date. */
import { join } from 'node:path';
import type { Plot, Program } from '../../compiler/model/program.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { saveBundle } from '../bundle/files.ts';
import { writeFileAtomic } from '../files/atomic.ts';
import { writeNpzAtomic } from '../files/npz.ts';
import { plotSvg } from '../report/plot.ts';
import { historyCsv, historyJson, type History, type Logs } from './history.ts';
import { numberNames } from './loop.ts';
import { writing } from './store.ts';

export async function writeHistory(folder: string, history: History): Promise<void> {
  await writing('the history', folder, async () => {
    await writeFileAtomic(join(folder, 'history.json'), historyJson(history));
    await writeFileAtomic(join(folder, 'history.csv'), historyCsv(history));
  });
}

/** metrics.json: Keras's names, and how many samples the test part has. NaN is null. */
export const writeMetrics = (folder: string, metrics: Logs, count: number): Promise<void> =>
  writing('the test result', folder, () => writeFileAtomic(join(folder, 'metrics.json'), `${JSON.stringify({ ...metrics, count }, null, 1)}\n`));

export async function writeModel(folder: string, bundle: Bundle, about: { readonly cnnc: string; readonly created: string }): Promise<void> {
  await writing('the weights', folder, async () => {
    await writeNpzAtomic(join(folder, 'weights.npz'), bundle.weights);
    await saveBundle(join(folder, 'model'), bundle, about);
  });
}

/** SVG and PNG of every plot. False when the PNGs have no lettering, for want of fonts. */
export async function writePlots(folder: string, program: Program, history: History, bestEpoch: number | null): Promise<boolean> {
  const { fontsPresent, pngOf } = await import('../report/png.ts');
  const plots = program.plots.length > 0 ? program.plots : defaultPlots(program);
  await writing('a plot', join(folder, 'plots'), async () => {
    for (const plot of plots) {
      await writeFileAtomic(join(folder, 'plots', `${plot.file}.svg`), plotSvg(plot, history, { bestEpoch }));
      await writeFileAtomic(join(folder, 'plots', `${plot.file}.png`), pngOf(plotSvg(plot, history, { bestEpoch, scheme: 'light' })));
    }
  });
  return fontsPresent();
}

/** One for the loss and one for each metric, where the program asks for none. */
const defaultPlots = (program: Program): readonly Plot[] =>
  numberNames(program).map((name) => ({ metrics: [name], file: name, title: name, xlabel: 'epoch', ylabel: name, legend: null }));
