import type { Entry, Severity, Wording } from '../diagnostic.ts';

/** Declares a catalogue entry; the facts' type is read off `words`. */
export const entry = <P>(severity: Severity, title: string, words: (facts: P) => Wording): Entry<P> => ({ severity, title, words });
