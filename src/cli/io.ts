/** What every command shares: exit codes, streams, colours, and turning problems into messages. */
import pc from 'picocolors';

/** cli.md: 0 done, 1 program or data has errors, 2 wrong usage, 3 training stopped by a fault, 130 interrupted. */
export const Exit = { done: 0, errors: 1, usage: 2, fault: 3, interrupted: 130 } as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

export const colour = pc.createColors(!process.env.NO_COLOR && (process.stderr.isTTY || !!process.env.FORCE_COLOR));

/** Data. */
export const out = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
/** Progress and messages. */
export const say = (text: string): void => void process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
