/** Progress as JSON and back. Numbers survive bit for bit; what JSON has no number for becomes a text. Reading checks everything. */
import type { History } from './history.ts';
import type { Progress } from './state.ts';

const encodeNumber = (n: number): number | string => (Number.isFinite(n) ? n : String(n));
const encodeMaybe = (n: number | null): number | string | null => (n === null ? null : encodeNumber(n));

export function encodeProgress(p: Progress): unknown {
  return {
    ...p,
    sums: p.sums.map(encodeNumber),
    history: { epoch: p.history.epoch, values: Object.fromEntries(Object.entries(p.history.values).map(([name, list]) => [name, list.map(encodeNumber)])) },
    earlyStopping: { ...p.earlyStopping, best: encodeMaybe(p.earlyStopping.best) },
    plateau: { ...p.plateau, best: encodeMaybe(p.plateau.best) },
    bestCopy: encodeMaybe(p.bestCopy),
  };
}

/** Throws where something is not as `encodeProgress` writes it. */
export function decodeProgress(raw: unknown): Progress {
  const p = record(raw);
  const stopping = record(p.earlyStopping);
  const plateau = record(p.plateau);
  return {
    epoch: whole(p.epoch),
    batch: whole(p.batch),
    step: whole(p.step),
    sums: list(p.sums).map(number),
    samples: whole(p.samples),
    history: history(p.history),
    earlyStopping: {
      best: stopping.best === null ? null : number(stopping.best),
      bestEpoch: stopping.bestEpoch === null ? null : whole(stopping.bestEpoch),
      wait: whole(stopping.wait),
      stoppedEpoch: stopping.stoppedEpoch === null ? null : whole(stopping.stoppedEpoch),
    },
    plateau: {
      best: plateau.best === null ? null : number(plateau.best),
      wait: whole(plateau.wait),
      cooldown: whole(plateau.cooldown),
      rate: plateau.rate === null ? null : number(plateau.rate),
    },
    bestCopy: p.bestCopy === null ? null : number(p.bestCopy),
  };
}

function history(raw: unknown): History {
  const h = record(raw);
  const epoch = list(h.epoch).map(whole);
  const values = Object.fromEntries(Object.entries(record(h.values)).map(([name, values]) => [name, list(values).map(number)]));
  if (Object.values(values).some((values) => values.length !== epoch.length)) throw new Error('history');
  return { epoch, values };
}

function record(raw: unknown): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new Error('record');
  return raw as Record<string, unknown>;
}

function list(raw: unknown): unknown[] {
  if (!Array.isArray(raw)) throw new Error('list');
  return raw;
}

function number(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  if (raw === 'NaN' || raw === 'Infinity' || raw === '-Infinity') return Number(raw);
  throw new Error('number');
}

function whole(raw: unknown): number {
  if (!Number.isSafeInteger(raw) || (raw as number) < 0) throw new Error('whole');
  return raw as number;
}
