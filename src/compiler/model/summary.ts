/**
 * The summary of a Program: layers with shapes, parameters and multiply-adds, and an estimate of the memory that training takes.
 * Its JSON shape is documented in docs/cli.md and stable.
 */
import type { Cell, Node, Program, Shape } from './program.ts';
import { cellsOf } from './tree.ts';
import { elements } from '../shape/shape.ts';
import { onePixel, throughWindow, widest } from '../shape/receptive.ts';
import type { Field } from '../shape/receptive.ts';
import { optimizers } from '../vocabulary/index.ts';

export interface SummaryLayer {
  readonly index: number;
  readonly name: string;
  readonly word: string;
  /** Without the batch. */
  readonly output: Shape;
  readonly params: number;
  readonly trainable: number;
  /** Multiply-adds of one sample. */
  readonly macs: number;
}

export interface Summary {
  readonly schema: 1;
  readonly model: string;
  readonly input: Shape;
  readonly layers: readonly SummaryLayer[];
  readonly params: { readonly total: number; readonly trainable: number; readonly nonTrainable: number };
  readonly macs: number;
  /** Bytes. activations: every layer's output for one batch, kept for the gradients; batch: the pictures of one batch as numbers. */
  readonly memory: { readonly weights: number; readonly optimizer: number; readonly activations: number; readonly batch: number };
}

const float = 4;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

export function summarise(program: Program): Summary {
  const layers = program.layers.map((layer): SummaryLayer => {
    const count = (trainable: boolean): number => sum(layer.variables.filter((v) => v.trainable === trainable).map((v) => elements(v.shape)));
    const trainable = count(true);
    return { index: layer.index, name: layer.name, word: layer.word, output: layer.output, params: trainable + count(false), trainable, macs: layer.macs };
  });
  const total = sum(layers.map((layer) => layer.params));
  const trainable = sum(layers.map((layer) => layer.trainable));
  const { optimizer } = program.compile;
  const { batch } = program.fit;
  return {
    schema: 1,
    model: program.name,
    input: program.input,
    layers,
    params: { total, trainable, nonTrainable: total - trainable },
    macs: sum(layers.map((layer) => layer.macs)),
    memory: {
      weights: total * float,
      optimizer: optimizers[optimizer.kind].slots(optimizer) * trainable * float,
      activations: sum(layers.map((layer) => elements(layer.output))) * batch * float,
      batch: elements(program.input) * batch * float,
    },
  };
}

/** What training needs in all: activations and weights twice, for their gradients. Bytes. */
export const trainingMemory = ({ memory }: Summary): number => 2 * memory.weights + memory.optimizer + 2 * memory.activations + memory.batch;

/** Height x width of the input that one output of each layer sees; null after the image has become a row of numbers. */
export function receptiveFields(program: Program): readonly (readonly [number, number] | null)[] {
  const fields: (readonly [number, number] | null)[] = program.layers.map(() => null);
  const throughCell = (from: Field, cell: Cell): Field => cell.nodes.reduce(throughNode, from);
  const throughNode = (from: Field, node: Node): Field => {
    if (node.kind === 'layer') {
      const layer = program.layers[node.layer];
      const field = 'size' in layer.args ? throughWindow(from, layer.args) : from;
      fields[node.layer] = layer.output.length === 3 ? field.size : null;
      return field;
    }
    if (node.kind === 'repeat' || node.kind === 'call') return cellsOf(node).reduce(throughCell, from);
    // Side by side: the widest of them is what the merged output sees.
    return cellsOf(node).map((cell) => throughCell(from, cell)).reduce(widest);
  };
  throughCell(onePixel, program.network);
  return fields;
}
