/** Budgets: what the network costs against what the program allows, with the layers that cost most. Looked at before anything trains. */
import type { Bound } from '../bind/bound.ts';
import type { Report } from '../bind/report.ts';
import { elements, showShape } from '../shape/shape.ts';
import type { Layer, Program } from './program.ts';
import { summarise, trainingMemory } from './summary.ts';

const float = 4;
/** As many layers as are worth naming. */
const most = 3;

interface Cost {
  readonly name: string;
  readonly cost: number;
}

export function reportBudget(program: Program, bound: Bound, report: Report): void {
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
  const memory = trainingMemory(summary);
  if (budget.memory !== null && memory > budget.memory) {
    const output = (layer: Layer): number => elements(layer.output) * program.fit.batch * float;
    const { weights, optimizer, activations } = summary.memory;
    report.add('CNN1262', spanOf('memory'), { limit: budget.memory, found: memory, batch: program.fit.batch, fits: batchWithin(program, budget.memory), weights, optimizer, activations, most: largest(program, output) }, related(program, output));
  }
  const size = summary.params.total * float;
  if (budget.size !== null && size > budget.size) report.add('CNN1263', spanOf('size'), { limit: budget.size, found: size, most: largest(program, (layer) => params(layer) * float) }, related(program, params));
}

/** The largest power of two as a batch that stays within the memory; null: none does. */
function batchWithin(program: Program, limit: number): number | null {
  const fits = (batch: number): boolean => trainingMemory(summarise({ ...program, fit: { ...program.fit, batch } })) <= limit;
  for (let batch = 2 ** Math.floor(Math.log2(program.fit.batch)); batch >= 1; batch /= 2) if (fits(batch)) return batch;
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
