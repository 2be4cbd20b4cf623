/**
 * The history of a run: one value an epoch under Keras's names (`loss`, `accuracy`, `val_loss`, …, `learning_rate`), epochs counted from 0.
 * Files hold no times, so that equal runs give equal bytes.
 */
export interface History {
  readonly epoch: readonly number[];
  /** By name, in the order of columns; every list is as long as `epoch`. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** One epoch's numbers by name. */
export type Logs = Readonly<Record<string, number>>;

export const emptyHistory: History = { epoch: [], values: {} };

export const epochsOf = (history: History): number => history.epoch.length;

export function appendEpoch(history: History, logs: Logs): History {
  const values: Record<string, readonly number[]> = {};
  for (const [name, value] of Object.entries(logs)) values[name] = [...(history.values[name] ?? []), value];
  return { epoch: [...history.epoch, history.epoch.length], values };
}

/** One epoch back out of the history. */
export const logsOf = (history: History, epoch: number): Logs => Object.fromEntries(Object.entries(history.values).map(([name, list]) => [name, list[epoch]]));

/** history.json; NaN and infinity are null, as JSON has neither. */
export const historyJson = (history: History): string => `${JSON.stringify({ epoch: history.epoch, ...history.values }, null, 1)}\n`;

/** history.csv as Keras's CSVLogger writes it (epoch, then the columns); what is no number is `NA`. */
export function historyCsv(history: History): string {
  const names = Object.keys(history.values);
  const rows = history.epoch.map((epoch, i) => [epoch, ...names.map((name) => (Number.isFinite(history.values[name][i]) ? history.values[name][i] : 'NA'))].join(','));
  return `${[['epoch', ...names].join(','), ...rows].join('\n')}\n`;
}

/** Reads history.json back (for plots and reports of a stored run); null values become NaN. Throws when it is not one. */
export function parseHistory(text: string): History {
  const raw: unknown = JSON.parse(text);
  if (typeof raw !== 'object' || raw === null || !('epoch' in raw) || !Array.isArray(raw.epoch)) throw new Error('not a history');
  const length = raw.epoch.length;
  const values: Record<string, number[]> = {};
  for (const [name, list] of Object.entries(raw)) {
    if (name === 'epoch') continue;
    if (!Array.isArray(list) || list.length !== length) throw new Error(`not a history: ${name}`);
    values[name] = list.map((v: unknown) => (typeof v === 'number' ? v : NaN));
  }
  return { epoch: raw.epoch.map(Number), values };
}
