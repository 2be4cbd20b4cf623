/**
 * Writes the ONNX models of every operation, of the examples' training steps and of programs with cells into a folder, for onnx_check.py:
 *
 *   npx tsx scripts/goldens/onnx-models.ts FOLDER && python3 scripts/goldens/onnx_check.py FOLDER
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toOnnx } from '../../src/compiler/backend/onnx/model.ts';
import { variableLayouts } from '../../src/compiler/backend/onnx/variables.ts';
import { buildTraining } from '../../src/compiler/graph/training.ts';
import type { GraphFunction, OpName } from '../../src/compiler/graph/types.ts';
import { cases, feeder } from '../../test/compiler/backend/tensorflow/cases.ts';
import { composed } from '../../test/compiler/print/composed.ts';
import { goldenNames, loadGolden } from '../../test/goldens/load.ts';
import { workload, workloadNames } from '../../bench/onnx/workloads.ts';

const folder = process.argv[2];
if (!folder) throw new Error('usage: onnx-models.ts FOLDER');
mkdirSync(folder, { recursive: true });

const write = (name: string, fn: GraphFunction, layouts: Parameters<typeof toOnnx>[1]): void => {
  for (const block of [null, 8]) writeFileSync(join(folder, `${name}${block === null ? '' : '.blocked'}.onnx`), toOnnx(fn, layouts, { block }).bytes);
};

for (const op of Object.keys(cases) as OpName[]) {
  const f = feeder(7);
  const outputs = cases[op](f);
  const inputs = f.g.nodes.filter((node) => node.op === 'input').map((node) => node.outputs[0]);
  write(`operation-${op}`, { name: 'predict', inputs, outputs: Object.fromEntries(outputs.map((value, i) => [`out_${i}`, value])), updates: [] }, new Map());
}
const graphs = [
  ...workloadNames.map((name) => [name, workload(name).graph] as const),
  ...goldenNames.map((name) => {
    const { program, pixels } = loadGolden(name);
    return [name, buildTraining(program, { pixels })] as const;
  }),
  // Residuals, branches, cells.
  ...Object.entries(composed).map(([name, program]) => [name.replace(/\W+/g, '-'), buildTraining(program)] as const),
];
for (const [name, graph] of graphs) {
  const layouts = variableLayouts(graph);
  for (const part of ['train', 'evaluate', 'predict'] as const) write(`${name}-${part}`, graph[part], layouts);
}
const written = readdirSync(folder);
console.log(`${written.length} models, ${written.reduce((sum, file) => sum + readFileSync(join(folder, file)).length, 0)} bytes`);
