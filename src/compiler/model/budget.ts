/** Budgets: what the network costs against what the program allows, with the layers that cost most. Looked at before anything trains. */
import type { Bound } from '../bind/bound.ts';
import type { Report } from '../bind/report.ts';
import { elements, showShape } from '../shape/shape.ts';
import type { Layer, Program } from './program.ts';
import { summarise } from './summary.ts';
import type { TrainingMemory } from './summary.ts';

const float = 4;
/** As many layers as are worth naming. */
const most = 3;

interface Cost {
  readonly name: string;
  readonly cost: number;
}

/** What training takes, for any batch, on each engine. It is worked out only where the program limits its memory. */
export type MemoryOf = (program: Program) => readonly ((batch?: number) => TrainingMemory)[];

/** @param memoryOf the memory of training; without it a limit of that is not looked at */
export function reportBudget(program: Program, bound: Bound, report: Report, memoryOf: MemoryOf | undefined): void {
  const { budget } = program;
  if (!budget) return;
  const summary = summarise(program);
  const spanOf = (word: string) => {
    const use = bound.budget.settings.get(word);
    return use?.args.get('limit')?.span ?? use?.span ?? { file: bound.file, start: 0, end: 0 };
  };
  const params = (layer: Layer): number => layer.variables.reduce((sum, v) => sum + elements(v.shape), 0);
  if (budget.params !== null && summary.params.total > budget.params)
    report.add('CNN1260', spanOf('params'), { limit: budget.params, found: summary.params.total, most: largest(program, params) }, related(program, params));
  if (budget.macs !== null && summary.macs > budget.macs)
    report.add('CNN1261', spanOf('macs'), { limit: budget.macs, found: summary.macs, most: largest(program, (layer) => layer.macs) }, related(program, (layer) => layer.macs));
  if (budget.memory !== null && memoryOf) {
    // The same limit holds on every machine, whichever engine is there.
    const estimates = memoryOf(program);
    const [[estimate, worst]] = estimates.map((one) => [one, one()] as const).sort(([, a], [, b]) => b.total - a.total);
    if (worst.total > budget.memory) {
      const output = (layer: Layer): number => elements(layer.output) * program.fit.batch * float;
      const facts = { limit: budget.memory, found: worst, least: estimate(1), fits: batchWithin(estimates, program.fit.batch, budget.memory), activations: summary.memory.activations, most: largest(program, output) };
      report.add('CNN1262', spanOf('memory'), facts, related(program, output));
    }
  }
  const size = summary.params.total * float;
  if (budget.size !== null && size > budget.size) report.add('CNN1263', spanOf('size'), { limit: budget.size, found: size, most: largest(program, (layer) => params(layer) * float) }, related(program, params));
}

/** The largest power of two, smaller than `batch`, as a batch that stays within the memory; null: none does. */
export function batchWithin(estimates: readonly ((batch?: number) => TrainingMemory)[], batch: number, limit: number): number | null {
  for (let tried = 2 ** Math.ceil(Math.log2(batch) - 1); tried >= 1; tried /= 2) if (estimates.every((estimate) => estimate(tried).total <= limit)) return tried;
  return null;
}

const byCost = (program: Program, cost: (layer: Layer) => number): readonly Layer[] => program.layers.filter((layer) => cost(layer) > 0).sort((a, b) => cost(b) - cost(a) || a.index - b.index);

const largest = (program: Program, cost: (layer: Layer) => number): readonly Cost[] =>
  byCost(program, cost)
    .filter((layer, i, all) => i < most && (i === 0 || cost(layer) * 50 >= cost(all[0])))
    .map((layer) => ({ name: `${layer.name} (${showShape(layer.input)} → ${showShape(layer.output)})`, cost: cost(layer) }));

/** Where the layer that costs most stands. */
function related(program: Program, cost: (layer: Layer) => number) {
  const [first] = byCost(program, cost);
  return first ? { related: [{ span: first.origin, label: `costs most: ${first.name}` }] } : {};
}
