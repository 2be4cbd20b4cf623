/**
 * What a program has written beside the history as training goes: `csv_log` and `tensorboard`. Both are written whole after each
 * epoch's checkpoint, from the history, so that they are never torn and a resumed run goes on where they stand.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fit } from '../../compiler/model/program.ts';
import { writeFileAtomic } from '../files/atomic.ts';
import { decodeEvents, encodeEvents, type ScalarEvent } from './event-file.ts';
import { logsOf, type History } from './history.ts';

/** As Keras's CSVLogger: the epoch, then the names in alphabetical order; what is no number is `NA`. */
export function csvLog(history: History, separator: string): string {
  const names = Object.keys(history.values).sort();
  const rows = history.epoch.map((epoch, i) => [epoch, ...names.map((name) => (Number.isFinite(history.values[name][i]) ? history.values[name][i] : 'NA'))].join(separator));
  return `${[['epoch', ...names].join(separator), ...rows].join('\n')}\n`;
}

type Series = 'train' | 'validation';

/** Numbers of an epoch, as Keras's TensorBoard callback names them. */
function scalarsOf(history: History, epoch: number, series: Series): readonly (readonly [tag: string, value: number])[] {
  return Object.entries(logsOf(history, epoch)).flatMap(([name, value]) =>
    name.startsWith('val_') === (series === 'validation') ? [[`epoch_${name.replace(/^val_/, '')}`, value] as const] : [],
  );
}

/** Writes what the program asks for; called with the history after each epoch. `now`: seconds since 1970. */
export function epochLogs(folder: string, { csvLog: csv, tensorboard }: Pick<Fit, 'csvLog' | 'tensorboard'>, now: () => number = () => Date.now() / 1000): (history: History) => Promise<void> {
  const known = new Map<Series, { readonly file: string; readonly started: number; readonly events: ScalarEvent[] }>();
  return async (history) => {
    if (history.epoch.length === 0) return;
    if (csv) await writeFileAtomic(join(folder, csv.file), csvLog(history, csv.separator));
    if (!tensorboard) return;
    for (const series of ['train', 'validation'] as const) {
      const place = join(folder, 'tensorboard', series);
      const log = known.get(series) ?? (await openSeries(place, now()));
      known.set(series, log);
      // Epochs that are not in the file yet: the last one, and one whose checkpoint a killed run had just written.
      const last = log.events.reduce((most, { step }) => Math.max(most, step), -1);
      for (const epoch of history.epoch.slice(last + 1)) log.events.push(...scalarsOf(history, epoch, series).map(([tag, value]) => ({ tag, step: epoch, value, wallTime: now() })));
      if (log.events.length > 0) await writeFileAtomic(log.file, encodeEvents(log.started, log.events));
    }
  };
}

/** The file of a run that went on before, with the times of its epochs; a new one where there is none, or it is damaged. */
async function openSeries(place: string, now: number): Promise<{ file: string; started: number; events: ScalarEvent[] }> {
  await mkdir(place, { recursive: true });
  const [name] = (await readdir(place)).filter((file) => /^events\.out\.tfevents\.\d{1,12}\.cnnc$/.test(file)).sort();
  const fresh = { file: join(place, name ?? `events.out.tfevents.${Math.floor(now)}.cnnc`), started: now, events: [] };
  if (name === undefined) return fresh;
  try {
    return { ...fresh, started: Number(name.split('.')[3]), events: [...decodeEvents(await readFile(fresh.file))] };
  } catch {
    return fresh;
  }
}
