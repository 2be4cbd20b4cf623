/** The files of a finished run, besides its checkpoints and manifest. Equal runs give equal bytes, but for bundle.json's date. */
import { join } from 'node:path';
import type { Plot, Program } from '../../compiler/model/program.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { saveBundle } from '../bundle/files.ts';
import { writeFileAtomic, writeFileAtomicWith } from '../files/atomic.ts';
import { writeNpzAtomic } from '../files/npz.ts';
import type { Answers } from '../report/answers.ts';
import { figurePlots } from '../report/figure-plots.ts';
import { figuresJson, type Figures } from '../report/figures.ts';
import { plotSvg } from '../report/plot.ts';
import { predictionsCsv } from '../report/predictions.ts';
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

/** figures.json, predictions.csv and the pictures of the test. */
export async function writeFigures(folder: string, answers: Answers, figures: Figures, threshold: number): Promise<void> {
  const { pngOf } = await import('../report/png.ts');
  await writing('the test result', folder, async () => {
    await writeFileAtomic(join(folder, 'figures.json'), figuresJson(figures));
    await writeFileAtomicWith(join(folder, 'predictions.csv'), async (write) => {
      let text = '';
      for (const line of predictionsCsv(answers, threshold)) {
        text += line;
        if (text.length < 1 << 16) continue;
        await write(Buffer.from(text));
        text = '';
      }
      await write(Buffer.from(text));
    });
  });
  await writing('a plot', join(folder, 'plots'), async () => {
    for (const [name, draw] of Object.entries(figurePlots(answers, figures))) {
      const [svg, pixels] = [draw('auto'), draw('light')];
      if (svg === null || pixels === null) continue;
      await writeFileAtomic(join(folder, 'plots', `${name}.svg`), svg);
      await writeFileAtomic(join(folder, 'plots', `${name}.png`), pngOf(pixels));
    }
  });
}

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
