/** The network's shapes: walks them, and says what does not fit, how the image came to be so small, and what would help. */
import type { Shape } from '../model/program.ts';
import { elements } from '../shape/shape.ts';
import { before, replace } from '../bind/report.ts';
import type { Bound, BoundCell } from '../bind/bound.ts';
import type { CheckedData } from './data.ts';
import type { Context } from './context.ts';
import { layerDefinition, mostLayers, walk } from './walk.ts';
import type { Failure, Walk } from './walk.ts';
import { windowFacts } from './window.ts';

/** TensorFlow counts the elements of a tensor in 32 bits in many kernels. */
const mostElements = 2 ** 31 - 1;

export interface CheckedNetwork {
  readonly walk: Walk | null;
  /** Shapes known to the end, nothing reported. */
  readonly complete: boolean;
}

export function checkNetwork(bound: Bound, data: CheckedData, context: Context): CheckedNetwork {
  const { report } = context;
  if (!bound.network) {
    if (bound.sound && !bound.empty) report.add('CNN1202', { file: bound.file, start: 0, end: 0 }, {});
    return { walk: null, complete: false };
  }
  const { cell } = bound.network;
  const errors = report.errors;
  reportEmpty(cell, 'network', bound, context);
  if (!data.input) return { walk: null, complete: false };
  const result = walk(cell, data.input, data.count);
  if (result.tooMany) report.add('CNN1207', result.tooMany.countSpan, { limit: mostLayers });
  if (result.failure) reportFailure(result.failure, result, cell, data, context);
  for (const layer of result.layers) {
    const largest = Math.max(0, ...layerDefinition(layer.word).variables(layer.input, layer.args).map((v) => elements(v.shape)));
    if (largest <= mostElements) continue;
    report.add('CNN3006', layer.use.span, { word: layer.word, input: layer.input, count: largest });
    break;
  }
  return { walk: result, complete: report.errors === errors && result.output !== null && bound.network.sound };
}

function reportEmpty(cell: BoundCell, what: 'network' | 'repeat', bound: Bound, context: Context): void {
  if (cell.nodes.length === 0 && bound.network?.sound && what === 'network') context.report.add('CNN1206', { ...cell.span, end: Math.min(cell.span.end, cell.span.start + 1) }, { what });
  for (const node of cell.nodes) if (node.kind === 'repeat' && node.cells.every((inner) => inner.nodes.length === 0)) context.report.add('CNN1206', node.cells[0]?.span ?? node.span, { what: 'repeat' });
  for (const node of cell.nodes) if (node.kind === 'repeat') for (const inner of node.cells) reportEmpty(inner, 'repeat', bound, context);
}

function reportFailure(failure: Failure, result: Walk, cell: BoundCell, data: CheckedData, context: Context): void {
  const { report } = context;
  const { use, input, problem } = failure;
  const word = use.word.word;
  switch (problem.kind) {
    case 'window': {
      const facts = windowFacts(failure, result, cell, data, context);
      // Several ways out, each of which changes the network: the person chooses.
      report.add('CNN3004', use.span, facts);
      return;
    }
    case 'strideAndDilation':
      report.add('CNN3005', use.span, {});
      return;
    case 'rank':
      if (problem.expected === 'vector') {
        const text = context.text(use.span);
        report.add('CNN3002', use.span, { word, input, text }, { fixes: [replace('add flatten', before(use.span), 'flatten; ', word === 'dense')] });
      } else {
        const flat = lastFlat(result, input);
        const related = flat ? [{ span: flat.span, label: 'here the image becomes a row of numbers' }] : [];
        report.add('CNN3001', use.span, { word, input, flattened: flat?.word.word ?? null }, { related });
      }
  }
}

/** The layer that made a row of numbers of the image. */
function lastFlat(result: Walk, input: Shape) {
  if (input.length !== 1) return null;
  return result.layers.find((layer) => layer.input.length === 3 && layer.output.length === 1)?.use ?? null;
}
