/**
 * The summary of a Program: layers with shapes, parameters and multiply-adds, the cell tree, and estimates of the memory and the time
 * that training takes. Its JSON shape is documented in docs/cli.md and stable: fields are added, never changed.
 */
import type { Cell, LayerArgs, LayerWord, Merge, Node, Program, Shape } from './program.ts';
import { cellsOf } from './tree.ts';
import { elements } from '../shape/shape.ts';
import { onePixel, throughEnlarging, throughWindow, widest } from '../shape/receptive.ts';
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
  /** Height x width of the input that one of its outputs sees; null after the image has become a row of numbers. */
  readonly receptiveField: readonly [number, number] | null;
  /** It was not written: it follows from the labels. */
  readonly inferred: boolean;
}

/** The cell tree; `layer` is an index into the layers. */
export type SummaryNode =
  | { readonly kind: 'layer'; readonly layer: number }
  | { readonly kind: 'repeat'; readonly count: number; readonly iterations: readonly (readonly SummaryNode[])[] }
  | { readonly kind: 'call'; readonly name: string; readonly text: string; readonly cell: readonly SummaryNode[] }
  | { readonly kind: 'residual'; readonly cell: readonly SummaryNode[]; readonly shortcut: readonly SummaryNode[]; readonly output: Shape }
  | { readonly kind: 'branch'; readonly merge: Merge; readonly cells: readonly (readonly SummaryNode[])[]; readonly output: Shape };

/** How fast an engine was on this machine: what the estimate of a step's time is made of. */
export interface Rates {
  /** The engine that was measured, in words: `tensorflow 2.21.0, 2 threads`. */
  readonly engine: string;
  /** Multiply-adds of the forward pass, trained, a second. */
  readonly macsPerSecond: number;
  /** Bytes of layer outputs, trained, a second. */
  readonly bytesPerSecond: number;
  /** Milliseconds of a step that does next to nothing. */
  readonly overhead: number;
}

/** An estimate of the memory that training takes: peaks of resident bytes (memory/estimate.ts). */
export interface TrainingMemory {
  readonly engine: 'tensorflow' | 'onnx';
  readonly batch: number;
  /** Of both processes: `own`, cnnc's, and `child`, the engine's. */
  readonly total: number;
  readonly own: number;
  readonly child: number;
  /** The same total by what it is for: programs and libraries; weights and slots with their copies; tensors of a step; pictures. */
  readonly parts: { readonly processes: number; readonly weights: number; readonly tensors: number; readonly data: number };
}

export interface Summary {
  readonly schema: 1;
  readonly model: string;
  readonly input: Shape;
  readonly layers: readonly SummaryLayer[];
  readonly params: { readonly total: number; readonly trainable: number; readonly nonTrainable: number };
  readonly macs: number;
  /**
   * Bytes. activations: what every layer and merge puts out for one batch; batch: the pictures of one batch as numbers; training: what training
   * takes on the first of `engines`, null where nobody estimated it.
   */
  readonly memory: {
    readonly weights: number;
    readonly optimizer: number;
    readonly activations: number;
    readonly batch: number;
    readonly training: number | null;
    readonly engines: readonly TrainingMemory[];
  };
  /** Pictures of a batch. */
  readonly batchSize: number;
  /** An estimate, milliseconds; null where this machine was not measured. */
  readonly stepTime: number | null;
  readonly tree: readonly SummaryNode[];
}

const float = 4;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** @param engines estimates of the memory of training, if there are any */
export function summarise(program: Program, rates: Rates | null = null, engines: readonly TrainingMemory[] = []): Summary {
  const fields = receptiveFields(program);
  const layers = program.layers.map((layer): SummaryLayer => {
    const count = (trainable: boolean): number => sum(layer.variables.filter((v) => v.trainable === trainable).map((v) => elements(v.shape)));
    const trainable = count(true);
    const { index, name, word, output, macs, inferred } = layer;
    return { index, name, word, output, params: trainable + count(false), trainable, macs, receptiveField: fields[index], inferred };
  });
  const total = sum(layers.map((layer) => layer.params));
  const trainable = sum(layers.map((layer) => layer.trainable));
  const macs = sum(layers.map((layer) => layer.macs));
  const { optimizer } = program.compile;
  const { batch } = program.fit;
  const outputs = sum(layers.map((layer) => elements(layer.output))) + sum(mergesIn(program.network).map(elements));
  const memory = {
    weights: total * float,
    optimizer: (optimizers[optimizer.kind].slots(optimizer) + (program.compile.around.ema ? 1 : 0) + (program.compile.around.gradient_accumulation_steps === null ? 0 : 1)) * trainable * float,
    activations: outputs * batch * float,
    batch: elements(program.input) * batch * float,
  };
  return {
    schema: 1,
    model: program.name,
    input: program.input,
    layers,
    params: { total, trainable, nonTrainable: total - trainable },
    macs,
    memory: { ...memory, training: engines.length > 0 ? engines[0].total : null, engines },
    batchSize: batch,
    stepTime: rates && rates.overhead + 1000 * ((macs * batch) / rates.macsPerSecond + memory.activations / rates.bytesPerSecond),
    tree: treeOf(program.network),
  };
}

/** Shapes of what residuals and branches put together. */
const mergesIn = (cell: Cell): readonly Shape[] =>
  cell.nodes.flatMap((node) => [...cellsOf(node).flatMap(mergesIn), ...(node.kind === 'residual' || node.kind === 'branch' ? [node.output] : [])]);

const treeOf = (cell: Cell): readonly SummaryNode[] =>
  cell.nodes.map((node): SummaryNode => {
    switch (node.kind) {
      case 'layer':
        return node;
      case 'repeat':
        return { kind: 'repeat', count: node.count, iterations: node.iterations.map(treeOf) };
      case 'call':
        return { kind: 'call', name: node.name, text: node.text, cell: treeOf(node.cell) };
      case 'residual':
        return { kind: 'residual', cell: treeOf(node.cell), shortcut: treeOf(node.shortcut), output: node.output };
      case 'branch':
        return { kind: 'branch', merge: node.merge, cells: node.cells.map(treeOf), output: node.output };
    }
  });

function throughLayer(from: Field, word: LayerWord, args: LayerArgs): Field {
  if (!('size' in args)) return from;
  if (!('stride' in args)) return throughEnlarging(from, args.size);
  return word === 'conv_transpose' ? throughEnlarging(from, args.stride, args.size) : throughWindow(from, args);
}

/** Height x width of the input that one output of each layer sees; null after the image has become a row of numbers. */
export function receptiveFields(program: Program): readonly (readonly [number, number] | null)[] {
  const fields: (readonly [number, number] | null)[] = program.layers.map(() => null);
  const throughCell = (from: Field, cell: Cell): Field => cell.nodes.reduce(throughNode, from);
  const throughNode = (from: Field, node: Node): Field => {
    if (node.kind === 'layer') {
      const layer = program.layers[node.layer];
      const field = throughLayer(from, layer.word, layer.args);
      fields[node.layer] = layer.output.length === 3 ? [Math.ceil(field.size[0]), Math.ceil(field.size[1])] : null;
      return field;
    }
    if (node.kind === 'repeat' || node.kind === 'call') return cellsOf(node).reduce(throughCell, from);
    // Side by side: the widest of them is what the merged output sees.
    return cellsOf(node).map((cell) => throughCell(from, cell)).reduce(widest);
  };
  throughCell(onePixel, program.network);
  return fields;
}
