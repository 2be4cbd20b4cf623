/** `cnnc run FILE --find-lr`: the search, its plot, and what to write into the program. */
import { join } from 'node:path';
import type { Program } from '../compiler/model/program.ts';
import type { Engine } from '../runtime/engine/engine.ts';
import { writeFileAtomic } from '../runtime/files/atomic.ts';
import { short } from '../runtime/report/numbers.ts';
import type { Batches } from '../runtime/train/loop.ts';
import type { RunOptions } from './commands/run.ts';
import { Exit, out, say } from './io.ts';
import { label, type View } from './render-run.ts';

export interface FindJob {
  readonly program: Program;
  readonly engine: Engine;
  readonly batches: Batches;
  readonly signal: AbortSignal;
  /** Where the plot goes. */
  readonly folder: string;
  readonly options: RunOptions;
  readonly view: View;
  /** `cnnc run flowers.cnn` */
  readonly command: string;
}

export async function findLearningRate({ program, engine, batches, signal, folder, options, view, command }: FindJob): Promise<Exit> {
  const { findRate } = await import('../runtime/train/find-lr.ts');
  const { ratePlotSvg } = await import('../runtime/report/rate-plot.ts');
  const { pngOf } = await import('../runtime/report/png.ts');
  view.diagnostics([]);
  const live = process.stderr.isTTY && !options.json && !options.quiet;
  const search = await findRate({ program, engine, batches, signal, onStep: (done, total) => live && process.stderr.write(`\r${label('trying rates')}${done} of ${total}`) });
  if (live) process.stderr.write('\r\u001b[K');
  if (signal.aborted) {
    if (!options.quiet) say('interrupted; nothing was written');
    return Exit.interrupted;
  }
  await writeFileAtomic(join(folder, 'lr.svg'), ratePlotSvg(search));
  await writeFileAtomic(join(folder, 'lr.png'), pngOf(ratePlotSvg(search, 'light')));
  const { trials, least, suggestion, exploded } = search;
  if (options.json) {
    out(JSON.stringify({ event: 'lr', suggestion, least: trials[least]?.rate ?? null, exploded, trials, plot: join(folder, 'lr.svg') }));
    return Exit.done;
  }
  if (options.quiet) {
    out(suggestion === null ? 'none' : short(suggestion));
    return Exit.done;
  }
  const { optimizer } = program.compile;
  const now = typeof optimizer.lr === 'number' ? `; the program has ${short(optimizer.lr)}` : '';
  if (suggestion === null) say(`${label('rate')}no rate from ${short(trials[0]?.rate ?? 0)} to ${short(trials.at(-1)?.rate ?? 0)} makes the loss fall: look at the data and the network first`);
  else {
    say(`${label('rate')}${short(suggestion)}${now}`);
    say(`${label('loss')}least at ${short(trials[least].rate)}, ${exploded === null ? 'never explodes' : `explodes at ${short(exploded)}`}; a tenth of the rate of the least loss is a good one`);
    say(`${label('try it')}${command} --set compile.optimizer.lr=${short(suggestion)}`);
  }
  say(`${label('plot')}${join(folder, 'lr.svg')}, lr.png`);
  return Exit.done;
}
