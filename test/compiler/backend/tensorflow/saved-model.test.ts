/** The bytes of a SavedModel, read back. */
import { describe, expect, it } from 'vitest';
import { keepApart } from '../../../../src/compiler/backend/tensorflow/keep-apart.ts';
import { decodeSavedModel } from '../../../../src/compiler/backend/tensorflow/messages.ts';
import type { NodeDef } from '../../../../src/compiler/backend/tensorflow/messages.ts';
import { toSavedModel } from '../../../../src/compiler/backend/tensorflow/saved-model.ts';
import type { TrainingGraph } from '../../../../src/compiler/graph/types.ts';
import { microGraph } from '../../../../src/runtime/engine/install/prove.ts';
import { stepGraph } from './steps.ts';

const nodesOf = (graph: TrainingGraph): readonly NodeDef[] => decodeSavedModel(toSavedModel(graph).bytes).metaGraphs[0].graphDef.node;
const ops = (nodes: readonly NodeDef[]): string[] => nodes.map((n) => n.op);

describe('toSavedModel', () => {
  it('gives the same bytes each time', () => {
    expect(Buffer.compare(toSavedModel(microGraph(8)).bytes, toSavedModel(microGraph(8)).bytes)).toBe(0);
  });

  it('names only nodes that are there, each before its users', () => {
    const known = new Set<string>();
    for (const node of nodesOf(microGraph(8))) {
      // The order of control inputs added later does not matter to TensorFlow.
      for (const input of node.input.filter((i) => !i.startsWith('^'))) expect(known).toContain(input.replace(/:\d+$/, ''));
      known.add(node.name);
    }
    const { signatures } = toSavedModel(microGraph(8));
    for (const { inputs, outputs } of Object.values(signatures)) for (const port of [...Object.values(inputs), ...Object.values(outputs)]) expect(known).toContain(port.node.replace(/:\d+$/, ''));
  });

  it('has a signature for each entry point', () => {
    const model = decodeSavedModel(toSavedModel(microGraph(8)).bytes);
    expect(Object.keys(model.metaGraphs[0].signatureDef)).toEqual(['evaluate', 'predict', 'restore', 'state', 'train']);
    expect(model.metaGraphs[0].metaInfoDef.tags).toEqual(['cnnc']);
  });

  it('reads each variable once', () => {
    expect(ops(nodesOf(microGraph(8))).filter((op) => op === 'ReadVariableOp').length).toBe(3);
  });

  it('uses the fused kernels where the results go into the variables, and only there', () => {
    const plain = ops(nodesOf(stepGraph({ average: false })));
    expect(plain.filter((op) => op.startsWith('ResourceApply')).sort()).toEqual(['ResourceApplyAdam', 'ResourceApplyGradientDescent', 'ResourceApplyKerasMomentum']);
    const averaged = ops(nodesOf(stepGraph({ average: true })));
    expect(averaged.filter((op) => op === 'ResourceApplyAdam')).toEqual([]);
  });

  it('lets updates wait for the reads', () => {
    const nodes = nodesOf(microGraph(8));
    for (const node of nodes.filter((n) => n.op.startsWith('ResourceApply'))) {
      const read = nodes.find((n) => n.op === 'ReadVariableOp' && n.input[0] === node.input[0])!;
      expect(node.input).toContain(`^${read.name}`);
    }
    const updates = nodes.find((n) => n.name === 'train/updates')!;
    expect(updates.input.length).toBe(3);
    expect(nodes.find((n) => n.name === 'train/output/sums')!.input).toContain('^train/updates');
    expect(nodes.find((n) => n.name === 'evaluate/output/sums')!.input.filter((i) => i.startsWith('^'))).toEqual([]);
  });
});

describe('keepApart', () => {
  const node = (name: string, op: string, input: string[]): NodeDef => ({ name, op, input, attr: {} });
  it('lets the gradient of the filter wait for that of the bias', () => {
    const [bias, own, other] = keepApart([node('b', 'BiasAddGrad', ['dy']), node('f', 'Conv2DBackpropFilter', ['x', 's', 'dy']), node('o', 'Conv2DBackpropFilter', ['x', 's', 'dz'])]);
    expect(bias.input).toEqual(['dy']);
    expect(own.input).toEqual(['x', 's', 'dy', '^b']);
    expect(other.input).toEqual(['x', 's', 'dz']);
  });
});
