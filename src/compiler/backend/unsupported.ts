/**
 * What a backend cannot do, as data: it stands in the backend's table of operations in the place of one that it does not write.
 * `capabilities.ts` finds it before anything is trained; docs/engines.md names each code (a test holds them together).
 */
export class Unsupported extends Error {
  constructor(
    /** Lower-case words with hyphens, as in docs/engines.md. */
    readonly code: string,
    /** A sentence's second half: "the … engine cannot run …: <reason>". */
    readonly reason: string,
  ) {
    super(`${code}: ${reason}`);
    this.name = 'Unsupported';
  }
}
