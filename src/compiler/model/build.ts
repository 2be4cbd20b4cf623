/** build: the Program from what check found, every default explicit and every layer with its shape, variables and origin. */
import type { ActivationWord, Cell, Labels, Layer, LayerArgs, Node, Program, Shape } from './program.ts';
import type { Span } from '../source/source.ts';
import type { Bound } from '../bind/bound.ts';
import { read } from '../bind/bound.ts';
import type { Checks } from '../check/check.ts';
import { outputsFor } from '../check/head.ts';
import { layerDefinition } from '../check/walk.ts';
import type { Placed, PlacedCell } from '../check/walk.ts';
import { lastNode } from './tree.ts';
import { given } from '../vocabulary/given.ts';
import { layers as vocabulary } from '../vocabulary/index.ts';

/** null when something is missing that only the data knows: classes, label kind or the input's size. Expects no errors. */
export function build(bound: Bound, checks: Checks): Program | null {
  const { data, network, training, compile } = checks;
  const { walk } = network;
  if (!data.plan || !data.input || !walk || walk.output === null || !compile || !training.kind) return null;
  const count = data.count ?? (training.kind === 'values' ? walk.output[0] : null);
  if (count === null || data.pixels === null) return null;
  const labels: Labels = { kind: training.kind, count, names: data.names };
  const layers: Layer[] = walk.layers.map((placed, index) => layerOf(placed, index, checks.names[index]));
  const tree = treeOf(walk.cell, { next: 0 });
  const network_ = checks.head.inferred ? withActivation(tree, layers, walk.output, checks.head.inferred) : tree;
  return {
    schema: 1,
    name: bound.model ? read(bound.model).text('name') || baseName(bound.file) : baseName(bound.file),
    input: data.input,
    data: { ...data.plan, image: { ...data.plan.image, height: data.input[0], width: data.input[1], channels: data.input[2] === 1 ? 1 : 3 } },
    labels,
    preprocess: checks.preprocess,
    augment: checks.augment,
    network: network_,
    layers,
    compile,
    fit: checks.fit,
    plots: checks.plots,
    ...(checks.budget ? { budget: checks.budget } : {}),
  };
}

const layerOf = ({ word, args, input, output, use }: Placed, index: number, name: string): Layer => makeLayer(word, args, input, output, index, name, use.span, false);

function makeLayer(word: Layer['word'], args: LayerArgs, input: Shape, output: Shape, index: number, name: string, origin: Span, inferred: boolean): Layer {
  const definition = layerDefinition(word);
  const variables = definition.variables(input, args).map((v) => ({ ...v, name: `${name}/${v.name}` }));
  return { index, word, name, args, input, output, variables, macs: definition.macs(input, output, args), inferred, origin };
}

/** The cell tree with layers by index; placed layers stand in the tree in the order they run. */
function treeOf(cell: PlacedCell, counter: { next: number }): Cell {
  const nodes = cell.nodes.map((node): Node => {
    const tree = (inner: PlacedCell): Cell => treeOf(inner, counter);
    const origin = node.kind === 'layer' ? node.layer.use.span : node.span;
    switch (node.kind) {
      case 'layer':
        return { kind: 'layer', layer: counter.next++ };
      case 'repeat':
        return { kind: 'repeat', count: node.count, cells: node.cells, iterations: node.iterations.map(tree), origin };
      case 'call':
        return { kind: 'call', name: node.name, text: node.text, cell: tree(node.cell), origin };
      case 'residual':
        return { kind: 'residual', cell: tree(node.cell), shortcut: tree(node.shortcut), output: node.output, origin };
      case 'branch':
        return { kind: 'branch', cells: node.cells.map(tree), merge: node.merge, output: node.output, origin };
    }
  });
  return { nodes, origin: cell.span };
}

/** The activation that the labels ask for, as a last layer of its own. */
function withActivation(cell: Cell, layers: Layer[], output: Shape, word: ActivationWord): Cell {
  const last = lastNode(cell);
  const origin = last === null ? cell.origin : last.kind === 'layer' ? layers[last.layer].origin : last.origin;
  const taken = new Set(layers.map((layer) => layer.name));
  let n = layers.filter((layer) => layer.word === word).length + 1;
  while (taken.has(`${word}_${n}`)) n++;
  const args = layerDefinition(word).args(given(vocabulary[word], new Map()));
  layers.push(makeLayer(word, args, output, output, layers.length, `${word}_${n}`, origin, true));
  return { ...cell, nodes: [...cell.nodes, { kind: 'layer', layer: layers.length - 1 }] };
}

const baseName = (path: string): string => {
  const file = path.split(/[\\/]/).pop() ?? '';
  return file.replace(/\.cnn$/, '') || 'model';
};

/** Outputs that the labels of a program need. */
export const outputsOf = (labels: Labels): number => outputsFor(labels.kind, labels.count);
