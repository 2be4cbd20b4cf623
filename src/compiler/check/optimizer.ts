/** The optimizer with its options, as written or Keras's adam. */
import type { Optimizer, OptimizerOptions } from '../model/program.ts';
import { optimizers } from '../vocabulary/index.ts';
import { given } from '../vocabulary/given.ts';
import { read } from '../bind/bound.ts';
import type { Use } from '../bind/bound.ts';
import type { Context } from './context.ts';

export interface CheckedOptimizer {
  readonly optimizer: Optimizer;
  readonly around: OptimizerOptions;
}

/** `use`: null where none is written, or it was reported. */
export function checkOptimizer(use: Use | null, { report }: Context): CheckedOptimizer {
  const definition = use ? optimizers[use.word.word as keyof typeof optimizers] : optimizers.adam;
  const values = use ? read(use) : given(definition, new Map());
  if (use) {
    const [first, second] = ['clipnorm', 'global_clipnorm', 'clipvalue'].flatMap((name) => use.args.get(name) ?? []).sort((a, b) => a.span.start - b.span.start);
    const nameOf = (arg: typeof first): string => [...use.args].find(([, found]) => found === arg)?.[0] ?? '';
    if (second) report.add('CNN1242', second.whole, { first: nameOf(first), second: nameOf(second) }, { related: [{ span: first.whole, label: 'first here' }] });
    for (const option of ['ema_momentum', 'ema_overwrite_frequency']) {
      const arg = use.args.get(option);
      if (arg && !values.flag('ema')) report.add('CNN1246', arg.whole, { option });
    }
  }
  return { optimizer: definition.build(values), around: definition.options(values) };
}
