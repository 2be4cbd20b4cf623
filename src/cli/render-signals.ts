/**
 * Ctrl-C: the first asks for an orderly end, the second leaves at once. A closing terminal and `kill` count as the first, and so
 * does a reader of stdout that goes away; one of stderr misses the display only.
 */
import { Exit } from './io.ts';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function onSignals(first: () => void): { readonly signal: AbortSignal; readonly off: () => void } {
  const control = new AbortController();
  const hear = (): void => {
    if (control.signal.aborted) process.exit(Exit.interrupted);
    control.abort();
    first();
  };
  const readerGone = (): void => void (control.signal.aborted || hear());
  for (const name of names) process.on(name, hear);
  process.stdout.removeAllListeners('error').on('error', readerGone);
  process.stderr.on('error', () => undefined);
  return { signal: control.signal, off: () => names.forEach((name) => process.off(name, hear)) };
}
