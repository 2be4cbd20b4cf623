/** A learning rate far above what the optimizer is used with. */
import type { Schedule } from '../../model/program.ts';
import type { Rule } from './rule.ts';

/** The largest rates in ordinary use: papers and tutorials stay below, and training rarely survives far above. */
const largest: Readonly<Record<string, { readonly usual: number; readonly most: number }>> = {
  adam: { usual: 0.001, most: 0.05 },
  adamw: { usual: 0.001, most: 0.05 },
  nadam: { usual: 0.001, most: 0.05 },
  adamax: { usual: 0.001, most: 0.1 },
  lion: { usual: 0.0001, most: 0.01 },
  rmsprop: { usual: 0.001, most: 0.05 },
  sgd: { usual: 0.01, most: 1 },
  adagrad: { usual: 0.01, most: 1 },
  adadelta: { usual: 1, most: 10 },
  ftrl: { usual: 0.01, most: 2 },
};

export const learningRate: Rule = ({ bound }, { report }) => {
  const use = bound.compile.settings.get('optimizer')?.uses[0];
  const lr = use?.args.get('lr');
  const known = use && largest[use.word.word];
  if (!use?.sound || !lr || !known) return;
  const highest = typeof lr.value === 'number' ? lr.value : typeof lr.value === 'object' && 'schedule' in lr.value ? peak(lr.value.schedule) : 0;
  if (highest > known.most) report.add('CNN2208', lr.whole, { optimizer: use.word.word, lr: highest, usual: known.usual });
};

/** The largest rate that a schedule reaches. */
function peak(schedule: Schedule): number {
  switch (schedule.kind) {
    case 'one_cycle':
      return schedule.max_lr;
    case 'piecewise':
      return Math.max(...schedule.values);
    case 'cosine_decay':
      return Math.max(schedule.lr, schedule.warmup?.target ?? 0);
    default:
      return schedule.lr;
  }
}
