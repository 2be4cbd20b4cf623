/** The limits that the program sets itself, as numbers. Whether they are kept is seen when the whole Program is known (model/budget.ts). */
import type { Budget } from '../model/program.ts';
import { read } from '../bind/bound.ts';
import type { Bound } from '../bind/bound.ts';

/** null: none are set. */
export function checkBudget(bound: Bound): Budget | null {
  const limit = (word: string): number | null => {
    const use = bound.budget.settings.get(word);
    return use?.sound ? read(use).number('limit') : null;
  };
  const budget: Budget = { params: limit('params'), macs: limit('macs'), memory: limit('memory'), size: limit('size') };
  return Object.values(budget).some((n) => n !== null) ? budget : null;
}
