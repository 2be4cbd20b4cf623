/** Files that training writes beside its own. */
import type { Fit } from '../model/program.ts';
import { read } from '../bind/bound.ts';
import type { Use } from '../bind/bound.ts';
import type { Context } from './context.ts';

/** What every run folder holds (docs/cli.md). */
const taken = ['manifest.json', 'history.json', 'history.csv', 'metrics.json', 'weights.npz', 'model', 'checkpoints', 'plots', 'tensorboard'];

export function checkCsvLog(use: Use | null, { report }: Context): Fit['csvLog'] {
  if (!use) return null;
  const file = read(use).text('file');
  const separator = read(use).text('separator');
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99}$/u.test(file) || taken.includes(file.toLowerCase())) report.add('CNN1245', use.args.get('file')?.span ?? use.span, { file });
  if (!/^[^\p{L}\p{N}+\-."'\r\n]$/u.test(separator)) report.add('CNN1250', use.args.get('separator')?.span ?? use.span, { separator });
  return { file, separator };
}
