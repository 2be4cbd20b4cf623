/** The estimate that `compile` needs where a program limits its memory. It needs the graph of the training step, so its code is loaded only then. */
import type { CompileOptions } from '../compiler/compile.types.ts';

/** `memory` for `compile`, where the program or `--set` may limit it. */
export async function limitOf(text: string, set: Readonly<Record<string, string>> = {}): Promise<Pick<CompileOptions, 'memory'>> {
  if (!/\bbudget\b/.test(text) && !Object.keys(set).some((name) => name.startsWith('budget'))) return {};
  const { onBothEngines } = await import('../compiler/memory/both.ts');
  return { memory: onBothEngines };
}
