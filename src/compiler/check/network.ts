/** The network's shapes: walks them, and says what does not fit, how the image came to be so small, and what would help. */
import type { Initializer, Shape, Variable } from '../model/program.ts';
import type { Span } from '../source/source.ts';
import { elements, showShape } from '../shape/shape.ts';
import { after, before, replace } from '../bind/report.ts';
import type { Bound, BoundCell, Use } from '../bind/bound.ts';
import type { ParamValue } from '../vocabulary/types.ts';
import type { CheckedData } from './data.ts';
import type { Context } from './context.ts';
import { mostLayers } from '../model/tree.ts';
import { layerDefinition, projection, turnsOf, walk, wayTo } from './walk.ts';
import type { Failure, Mismatch, Placed, Walk } from './walk.ts';
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
  // Where binding met an error, that may be why; expansion without bounds was reported there.
  if (result.tooMany && bound.network.sound) report.add('CNN1207', result.tooMany.span, { limit: mostLayers, what: result.tooMany.what }, { related: wayTo(result.tooMany) });
  if (result.failure) reportFailure(result.failure, result, cell, data, context);
  if (result.mismatch) reportMismatch(result.mismatch, context);
  for (const [i, layer] of result.layers.entries()) {
    const variables = layerDefinition(layer.word).variables(layer.input, layer.args);
    if (reportUnfit(layer, variables, context)) break;
    const largest = Math.max(0, ...variables.map((v) => elements(v.shape)));
    if (largest <= mostElements) continue;
    report.add('CNN3006', layer.use.span, { word: layer.word, input: layer.input, count: largest }, { related: wayTo(result.steps[i]) });
    break;
  }
  return { walk: result, complete: report.errors === errors && result.output !== null && bound.network.sound };
}

function reportEmpty(cell: BoundCell, what: 'network' | 'inner', bound: Bound, context: Context, seen = new Set<BoundCell>()): void {
  const { report } = context;
  // Uses of a cell share its body.
  if (seen.has(cell)) return;
  seen.add(cell);
  const start = (inner: BoundCell) => ({ ...inner.span, end: Math.min(inner.span.end, inner.span.start + 1) });
  if (cell.nodes.length === 0 && bound.network?.sound && what === 'network') report.add('CNN1206', start(cell), { what });
  for (const node of cell.nodes) {
    if (node.kind === 'layer' || node.kind === 'broken') continue;
    const inside = node.kind === 'call' || node.kind === 'residual' ? [node.cell] : node.cells;
    // An empty cell is the identity, but where all are empty nothing is there.
    if (inside.every(({ nodes }) => nodes.length === 0)) report.add('CNN1206', inside[0]?.span ?? node.span, { what: node.kind === 'call' ? 'cell' : node.kind });
    for (const inner of inside) reportEmpty(inner, 'inner', bound, context, seen);
  }
}

/** Outputs that cannot be added, or put together. */
function reportMismatch(mismatch: Mismatch, { report }: Context): void {
  const { node, input, outputs } = mismatch;
  const iteration = turnsOf(mismatch).at(-1) ?? null;
  const way = wayTo(mismatch, iteration);
  const at = iteration && { index: iteration.index, count: iteration.count };
  if (node.kind === 'residual') {
    const [output] = outputs;
    const span = node.use.statement.word.span;
    report.add('CNN3010', span, { input, output, project: node.project !== 'none', projectable: projection(input, output) !== null, iteration: at }, { related: way, fixes: node.project === 'none' && projection(input, output) ? [replace('add project', after(span), ' project', false)] : [] });
    return;
  }
  const related = node.cells.map((cell, i) => ({ span: { ...cell.span, end: cell.span.start + 1 }, label: `gives ${showShape(outputs[i])}` }));
  report.add('CNN3011', node.use.statement.word.span, { merge: node.merge, input, outputs, iteration: at }, { related: [...related, ...way] });
}

function reportFailure(failure: Failure, result: Walk, cell: BoundCell, data: CheckedData, context: Context): void {
  const { report } = context;
  const { use, input, problem } = failure;
  const word = use.word.word;
  const related = wayTo(failure);
  switch (problem.kind) {
    case 'window': {
      const { facts, turn } = windowFacts(failure, result, cell, data, context);
      // Several ways out, each of which changes the network: the person chooses.
      report.add('CNN3004', use.span, facts, { related: wayTo(failure, turn) });
      return;
    }
    case 'strideAndDilation':
      report.add('CNN3005', use.span, {}, { related });
      return;
    case 'groups':
      report.add('CNN3012', spanOf(use, 'groups'), { ...problem, word }, { related });
      return;
    case 'reshape':
      report.add('CNN3013', spanOf(use, 'shape'), problem, { related });
      return;
    case 'permute':
      report.add('CNN3014', spanOf(use, 'dims'), problem, { related });
      return;
    case 'cropping':
      report.add('CNN3015', spanOf(use, 'cropping'), problem, { related });
      return;
    case 'outputPadding':
      report.add('CNN3016', spanOf(use, 'output_padding'), problem, { related });
      return;
    case 'axes':
      report.add('CNN3018', spanOf(use, 'shared_axes'), { what: 'the input', rank: problem.input.length, first: 1 }, { related });
      return;
    case 'noiseShape':
      report.add('CNN1280', spanOf(use, 'noise_shape'), problem, { related });
      return;
    case 'rank':
      if (problem.expected === 'vector') {
        const text = context.text(use.span);
        report.add('CNN3002', use.span, { word, input, text }, { related, fixes: [replace('add flatten', before(use.span), 'flatten; ', word === 'dense')] });
      } else {
        const flat = lastFlat(result, input);
        const laid = flat ? [{ span: flat.span, label: 'here the image becomes a row of numbers' }] : [];
        report.add('CNN3001', use.span, { word, input, flattened: flat?.word.word ?? null }, { related: [...laid, ...related] });
      }
  }
}

/** Where an option is written, or the whole use. */
const spanOf = (use: Use, option: string): Span => use.args.get(option)?.span ?? use.span;

/** Initializers, penalties and constraints that a variable's shape does not allow. */
function reportUnfit(layer: Placed, variables: readonly Variable[], { report }: Context): boolean {
  const arg = (has: (value: ParamValue) => boolean): Span => [...layer.use.args.values()].find((one) => has(one.value))?.span ?? layer.use.span;
  const given = layer.use.args.get('activity_regularizer');
  if (given && typeof given.value === 'object' && 'regularizer' in given.value && given.value.regularizer && 'orthogonal' in given.value.regularizer) {
    report.add('CNN1281', given.span, { shape: null });
    return true;
  }
  for (const { name, initializer, constraint, regularizer, shape } of variables) {
    if (name.endsWith('moving_variance') && mayBeNegative(initializer)) {
      report.add('CNN1284', layer.use.args.get('moving_variance_initializer')?.span ?? layer.use.span, { initializer: initializer.kind });
      return true;
    }
    const rank = shape.length;
    if ((initializer.kind === 'identity' && rank !== 2) || (initializer.kind === 'orthogonal' && rank < 2)) {
      report.add('CNN3017', arg((v) => typeof v === 'object' && 'initializer' in v && v.initializer === initializer), { initializer: initializer.kind, shape });
      return true;
    }
    if (regularizer && 'orthogonal' in regularizer && rank !== 2) {
      report.add('CNN1281', arg((v) => typeof v === 'object' && 'regularizer' in v && v.regularizer === regularizer), { shape });
      return true;
    }
    if (constraint && 'axis' in constraint && constraint.axis.some((axis) => axis >= rank || axis < -rank)) {
      report.add('CNN3018', arg((v) => typeof v === 'object' && 'constraint' in v && v.constraint === constraint), { what: `a weight of ${showShape(shape)}`, rank, first: 0 });
      return true;
    }
  }
  return false;
}

/** Whether first values may lie below 0. */
function mayBeNegative(initializer: Initializer): boolean {
  if (initializer.kind === 'constant') return initializer.value < 0;
  return initializer.kind === 'random_uniform' ? initializer.low < 0 : initializer.kind !== 'zeros' && initializer.kind !== 'ones';
}

/** The layer that made a row of numbers of the image. */
function lastFlat(result: Walk, input: Shape) {
  if (input.length !== 1) return null;
  return result.layers.find((layer) => layer.input.length === 3 && layer.output.length === 1)?.use ?? null;
}
