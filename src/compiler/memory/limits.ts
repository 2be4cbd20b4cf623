/** What the runtime keeps at once, and so what the estimate counts: the runtime takes these numbers from here. Bytes. */

/** Decoded pictures up to this size are held in memory; larger sets are read from a file. */
export const mostHeld = 1.5 * 2 ** 30;

/** Variables cross to the engine together up to this size, larger ones alone. */
export const mostInMessage = 8 * 2 ** 20;
