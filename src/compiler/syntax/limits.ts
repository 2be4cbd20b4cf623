/** What is looked at from outside of the compiler, before it is loaded. */

/** Longest program, in UTF-16 units. */
export const textLimit = 1_000_000;
