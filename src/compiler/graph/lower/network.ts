/**
 * The network: its layers in order. Where the last operation is a softmax or a sigmoid — a layer, or the `activation=`
 * of the last conv or dense — the values before it are kept too, so that a loss can be fused with it.
 */
import type { Cell, Layer, Merge, Node, Program } from '../../model/program.ts';
import { lastLayer } from '../../model/tree.ts';
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';
import { activate } from './activations.ts';
import type { LowerContext } from './context.ts';
import { computeType, lowerInPrecision } from '../precision.ts';
import { activityPenalty } from './penalties.ts';

export type HeadActivation = 'softmax' | 'sigmoid';

export interface NetworkOutput {
  /** What the network gives, [N,K]: probabilities after a softmax or sigmoid. */
  readonly output: Value;
  /** The values before the last operation, where that is a softmax or a sigmoid. */
  readonly head: { readonly activation: HeadActivation; readonly logits: Value } | null;
}

/** x: preprocessed images, float32 [N,H,W,C]. What comes out is float32, whatever the layers compute in. */
export function lowerNetwork(context: LowerContext, program: Program, x: Value): NetworkOutput {
  const { g } = context;
  const last = lastLayer(program);
  const activation = last && headActivation(last);
  let logits: Value | null = null;
  const penalised = (layer: Layer, y: Value): Value => {
    const penalty = activityPenalty(g, layer, g.cast(y, 'float32'));
    if (penalty) context.penalty(penalty);
    return y;
  };
  const throughCell = (from: Value, cell: Cell): Value => cell.nodes.reduce(throughNode, from);
  const throughNode = (from: Value, node: Node): Value => {
    switch (node.kind) {
      case 'layer': {
        const layer = program.layers[node.layer];
        if (layer !== last || !activation) return penalised(layer, lowerInPrecision(context, layer, from));
        logits = g.cast(layer.word === activation ? from : lowerInPrecision(context, withoutActivation(layer), from), 'float32');
        return penalised(layer, g.scoped(layer.name, () => activate(g, activation, logits!)));
      }
      case 'repeat':
        return node.iterations.reduce(throughCell, from);
      case 'call':
        return throughCell(from, node.cell);
      case 'residual':
        return g.add(throughCell(from, node.cell), throughCell(from, node.shortcut), 'residual');
      case 'branch':
        return merge(g, node.merge, node.cells.map((cell) => throughCell(from, cell)));
    }
  };
  const output = g.cast(throughCell(g.cast(x, computeType(program)), program.network), 'float32');
  return { output, head: activation && logits ? { activation, logits } : null };
}

/** Keras's Add, Average, Multiply, Maximum and Concatenate (axis −1). */
function merge(g: Builder, how: Merge, values: readonly Value[]): Value {
  switch (how) {
    case 'concat':
      return g.concat(values, 'concat');
    case 'add':
      return values.reduce((a, b) => g.add(a, b, 'add'));
    case 'average':
      return g.mul(values.reduce((a, b) => g.add(a, b, 'average')), g.scalar(1 / values.length), 'average');
    case 'multiply':
      return values.reduce((a, b) => g.mul(a, b, 'multiply'));
    case 'maximum':
      return values.reduce((a, b) => g.maximum(a, b, 'maximum'));
  }
}

/** The softmax or sigmoid that a network ends with, if it does: a layer, or the `activation=` of one. */
export function headActivation(last: Layer): HeadActivation | null {
  const word = 'activation' in last.args ? last.args.activation : last.word;
  return word === 'softmax' || word === 'sigmoid' ? word : null;
}

const withoutActivation = (layer: Layer): Layer => ({ ...layer, args: { ...layer.args, activation: null } as Layer['args'] });
