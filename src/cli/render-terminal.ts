/** The views of `cnnc run` for people: the live display of a terminal, and plain lines where there is none. */
import type { Logs } from '../runtime/train/history.ts';
import type { StepReport } from '../runtime/train/loop.ts';
import { clock, count, fixed } from '../runtime/report/numbers.ts';
import { bar, liveArea, margin, sparkline, spread, thinned, type Screen } from './render-parts.ts';
import { closingLines, headLines, indent, label, type Start, type View } from './render-run.ts';
import type { colour as colours } from './io.ts';

type Colours = typeof colours;

/** `loss .412  accuracy .861`; the learning rate is a setting, not a result. */
const values = (logs: Logs): string =>
  Object.entries(logs).filter(([name]) => name !== 'learning_rate').map(([name, value]) => `${name} ${fixed(value)}`).join('  ');

const rateText = (rate: number | null): string => (rate === null ? '' : `  ${count(rate)} img/s`);

interface Pace {
  /** An epoch begins, or goes on. */
  readonly reset: () => void;
  readonly step: (samples: number) => void;
  /** Pictures a second, from the first batch on; null before the second. */
  readonly rate: () => number | null;
  readonly seconds: () => number;
}

export function pace(now: () => number): Pace {
  let began = now();
  let first: { readonly time: number; readonly samples: number } | null = null;
  let last: { readonly time: number; readonly samples: number } | null = null;
  return {
    reset: () => {
      began = now();
      first = last = null;
    },
    step: (samples) => {
      last = { time: now(), samples };
      first ??= last;
    },
    rate: () => (first && last && last.time > first.time ? ((last.samples - first.samples) / (last.time - first.time)) * 1000 : null),
    seconds: () => (now() - began) / 1000,
  };
}

const sparkCells = 12;

/** `folderName`: the run folder as the user would type it. */
export function terminalView(screen: Screen, c: Colours, folderName: (folder: string) => string, now: () => number = () => performance.now()): View {
  const live = liveArea(screen, now);
  const spark = thinned(sparkCells * 2);
  const speed = pace(now);
  let start: Start | null = null;
  let previous: { logs: Logs; best: string } | null = null;
  let saving = '';

  const epochLabel = (epoch: number): string => label(`epoch ${epoch + 1}/${start?.program.fit.epochs ?? '?'}`);
  const second = (): string => {
    const text = saving || (previous ? Object.entries(previous.logs).filter(([name]) => name.startsWith('val_')).map(([name, value]) => `${name} ${fixed(value)}${name === 'val_loss' || previous?.best.startsWith(name) ? bestNote(name) : ''}`).join('   ') : '');
    const line = spark.values().length > 1 ? `${c.cyan(sparkline(spark.values()))}  loss` : '';
    return ' '.repeat(indent) + spread(text, line, Math.min(screen.columns() - margin, 92) - indent);
  };
  const bestNote = (name: string): string => (previous?.best.startsWith(`${name} `) ? ` (${previous.best.slice(name.length + 1)})` : '');
  const stepLine = (r: StepReport): string => {
    const rate = speed.rate();
    const left = rate === null ? '' : `  ${count(rate)} img/s  ${clock(((start?.parts.train ?? 0) - r.samples) / Math.max(rate, 1e-9))} left`;
    const share = r.batch / r.batches;
    const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
    const right = `${percent}  ${values(r.logs)}${left}`;
    const width = Math.max(8, Math.min(24, screen.columns() - margin - indent - right.length - 1));
    return `${epochLabel(r.epoch)}${bar(share, width, c)} ${right}`;
  };

  return {
    opening: (done, total) => live.draw(() => [`${label('pictures')}${bar(done / Math.max(1, total), 24, c)} ${count(done)} of ${count(total)} decoded`]),
    whitening: (share) => live.draw(() => [`${label('whitening')}${bar(share, 24, c)} ${Math.floor(share * 100)} %; kept in the cache for the next time`]),
    start: (s) => {
      start = s;
      speed.reset();
      live.print(...headLines(s, screen.columns()).map((line) => c.bold(line.slice(0, indent)) + line.slice(indent)), ...(s.resumed ? [`${label('resumed')}after step ${count(s.resumed.step)}, in epoch ${s.resumed.epoch + 1}`] : []));
      live.draw(() => [`${label('starting')}`], true);
    },
    step: (r) => {
      speed.step(r.samples);
      spark.add(r.batchLoss);
      live.draw(() => [stepLine(r), second()], r.batch === r.batches);
    },
    measured: (part, done, total) => live.draw(() => [`${label(part)}${bar(done / total, 24, c)} ${count(done)} of ${count(total)}`, second()]),
    epoch: (r) => {
      const best = r.best ? `${r.best.monitor} ${r.best.improved ? 'the best so far' : `best in epoch ${r.best.epoch + 1}`}` : '';
      previous = { logs: r.logs, best };
      live.print(`${epochLabel(r.epoch)}${values(r.logs)}${c.dim(`${rateText(speed.rate())}  ${clock(speed.seconds())}`)}${r.best?.improved ? c.green('  best') : ''}${r.stopping ? c.yellow('  stopping early') : ''}`);
      speed.reset();
    },
    saved: () => undefined,
    stopping: () => {
      saving = c.yellow('finishing the step under way and saving; Ctrl-C again leaves at once');
      live.draw(() => [saving], true);
    },
    end: (end) => live.print(...closingLines(end, folderName(end.start.folder), values).map((line) => c.bold(line.slice(0, indent)) + line.slice(indent))),
    diagnostics: () => live.clear(),
  };
}

/** One line an epoch, no control codes. */
export function plainView(write: (line: string) => void, folderName: (folder: string) => string, now: () => number = () => performance.now()): View {
  const speed = pace(now);
  let start: Start | null = null;
  let whitening = false;
  return {
    opening: (done, total) => {
      if (done === total && total > 0) write(`${label('pictures')}${count(total)} decoded`);
    },
    whitening: () => {
      if (!whitening) write(`${label('whitening')}the numbers of all pictures together, which takes a while once`);
      whitening = true;
    },
    start: (s) => {
      start = s;
      speed.reset();
      for (const line of headLines(s, 80)) write(line);
      if (s.resumed) write(`${label('resumed')}after step ${count(s.resumed.step)}, in epoch ${s.resumed.epoch + 1}`);
    },
    step: (r) => speed.step(r.samples),
    measured: () => undefined,
    epoch: (r) => {
      write(`${label(`epoch ${r.epoch + 1}/${start?.program.fit.epochs ?? '?'}`)}${values(r.logs)}${rateText(speed.rate())}  ${clock(speed.seconds())}${r.best?.improved ? '  best' : ''}${r.stopping ? '  stopping early' : ''}`);
      speed.reset();
    },
    saved: () => undefined,
    stopping: () => write('finishing the step under way and saving; a second Ctrl-C leaves at once'),
    end: (end) => closingLines(end, folderName(end.start.folder), values).forEach(write),
    diagnostics: () => undefined,
  };
}
