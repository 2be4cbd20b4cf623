/** Callbacks in generated code, with the arithmetic of runtime/train's best.ts, plateau.ts and logs.ts: Keras's, which compares in 32 bits. */
import type { Fit } from '../../model/program.ts';
import { comment, number, string } from './emit.ts';

const beyond = (value: string, best: string, mode: 'min' | 'max', delta: number): string =>
  `Math.fround(${value}${delta === 0 ? '' : ` ${mode === 'min' ? '+' : '-'} ${number(delta)}`}) ${mode === 'min' ? '<' : '>'} Math.fround(${best})`;
const better = (value: string, best: string, mode: 'min' | 'max', delta: number): string => `${best} === null || ${beyond(value, best, mode, delta)}`;

export function stoppingCode({ monitor, mode, patience, minDelta, restoreBest, startFromEpoch, baseline }: NonNullable<Fit['earlyStopping']>): string {
  return `
/** Early stopping: the best \`${comment(monitor)}\`, and the epochs since. */
interface Stopping {
  best: number | null;
  wait: number;
  ${restoreBest ? '/** Of the best epoch. */\n  weights: Map<string, tf.Tensor> | null;' : ''}
}

/** Follows an epoch: whether training stops after it. */
function stopsAfter(stopping: Stopping, epoch: number, logs: Logs${restoreBest ? ', model: Model' : ''}): boolean {
  const value = logs[${string(monitor)}];
  if (value === undefined${startFromEpoch > 0 ? ` || epoch < ${number(startFromEpoch)}` : ''}) return false;
  if (${better('value', 'stopping.best', mode, minDelta)}) {
    stopping.best = value;
    ${baseline === null ? 'stopping.wait = 0;' : `// Patience begins anew only beyond the baseline.\n    stopping.wait = ${beyond('value', number(baseline), mode, minDelta)} ? 0 : stopping.wait + 1;`}
    ${restoreBest ? 'tf.dispose([...(stopping.weights?.values() ?? [])]);\n    stopping.weights = new Map([...model.variables].map(([name, variable]) => [name, variable.clone()]));' : ''}
    return false;
  }
  stopping.wait += 1;
  return ${patience > 1 ? `stopping.wait >= ${number(patience)}` : 'epoch > 0'};
}
`;
}

export function plateauCode({ monitor, mode, factor, patience, minDelta, cooldown, minLr }: NonNullable<Fit['reduceLr']>): string {
  const cools = cooldown > 0;
  return `
/** The best \`${comment(monitor)}\`, the epochs since${cools ? ', and those of cooling down that are left' : ''}. */
interface Plateau {
  best: number | null;
  wait: number;
  ${cools ? 'cooldown: number;' : ''}
}

/** Follows an epoch: lowers the learning rate when nothing improves. */
function reduceRate(plateau: Plateau, optimizer: Optimizer, logs: Logs): void {
  const value = logs[${string(monitor)}];
  if (value === undefined) return;
  ${cools ? 'if (plateau.cooldown > 0) {\n    plateau.cooldown -= 1;\n    plateau.wait = 0;\n  }' : ''}
  if (${better('value', 'plateau.best', mode, minDelta)}) {
    plateau.best = value;
    plateau.wait = 0;
    return;
  }
  ${cools ? 'if (plateau.cooldown > 0) return;' : ''}
  plateau.wait += 1;
  const rate = Math.fround(optimizer.learningRate);
  if (plateau.wait < ${number(patience)} || rate <= ${minLr === 0 ? '0' : `Math.fround(${number(minLr)})`}) return;
  optimizer.learningRate = ${minLr > 0 ? `Math.max(rate * ${number(factor)}, ${number(minLr)})` : `rate * ${number(factor)}`};
  ${cools ? `plateau.cooldown = ${number(cooldown)};` : ''}
  plateau.wait = 0;
}
`;
}

export const csvCode = ({ separator }: NonNullable<Fit['csvLog']>): string => `
/** A history as a table: a line for each epoch, names in the order of the alphabet. */
export function csvOf(history: readonly Logs[]): string {
  const names = Object.keys(history[0] ?? {}).sort();
  const rows = history.map((logs, epoch) => [epoch, ...names.map((name) => (Number.isFinite(logs[name]) ? logs[name] : 'NA'))]);
  return [['epoch', ...names], ...rows].map((row) => \`\${row.join(${string(separator)})}\\n\`).join('');
}
`;
