/** Verifies a Program (in tests, after build and after JSON): shapes re-derived, references resolved, names unique. */
import type { Cell, Layer, Node, Program, Shape } from './program.ts';
import { isVector, sameShape, showShape } from '../shape/shape.ts';
import { layerDefinition, merged } from '../check/walk.ts';
import { cellsOf, indicesOf } from './tree.ts';
import { outputsOf } from './build.ts';

/** What is wrong, in words for a developer; empty when nothing is. */
export function verify(program: Program): readonly string[] {
  const problems: string[] = [];
  const names = new Set<string>();
  const throughLayer = (shape: Shape, layer: Layer): Shape => {
    const where = `layer ${layer.index} (${layer.name})`;
    if (program.layers[layer.index] !== layer) problems.push(`${where} stands at another place than it says`);
    if (names.has(layer.name)) problems.push(`${where} has the name of another`);
    names.add(layer.name);
    if (!sameShape(layer.input, shape)) problems.push(`${where} receives ${showShape(layer.input)}, but ${showShape(shape)} comes`);
    const definition = layerDefinition(layer.word);
    const result = definition.shape(layer.input, layer.args);
    if (!result.ok) problems.push(`${where} does not fit its input`);
    else if (!sameShape(result.output, layer.output)) problems.push(`${where} gives ${showShape(result.output)}, not ${showShape(layer.output)}`);
    const variables = definition.variables(layer.input, layer.args).map((v) => ({ ...v, name: `${layer.name}/${v.name}` }));
    if (JSON.stringify(variables) !== JSON.stringify(layer.variables)) problems.push(`${where} has other variables than its word gives`);
    if (definition.macs(layer.input, layer.output, layer.args) !== layer.macs) problems.push(`${where} has another count of multiply-adds`);
    return layer.output;
  };
  const throughCell = (from: Shape, cell: Cell): Shape => cell.nodes.reduce((shape, node) => throughNode(shape, node), from);
  const throughNode = (shape: Shape, node: Node): Shape => {
    switch (node.kind) {
      case 'layer':
        return program.layers[node.layer] ? throughLayer(shape, program.layers[node.layer]) : shape;
      case 'repeat':
        return node.iterations.reduce(throughCell, shape);
      case 'call':
        return throughCell(shape, node.cell);
      case 'residual':
      case 'branch': {
        const outputs = cellsOf(node).map((cell) => throughCell(shape, cell));
        const output = merged(node.kind === 'branch' ? node.merge : 'add', outputs);
        if (!output || !sameShape(output, node.output)) problems.push(`a ${node.kind} of ${outputs.map(showShape).join(', ')} does not give ${showShape(node.output)}`);
        return node.output;
      }
    }
  };
  const shape = throughCell(program.input, program.network);
  const order = indicesOf(program.network);
  if (order.length !== program.layers.length || order.some((index, i) => index !== i)) problems.push('the tree of cells does not hold each layer once, in order');
  if (!isVector(shape) || shape[0] !== outputsOf(program.labels)) problems.push(`the network ends with ${showShape(shape)}, the labels need ${outputsOf(program.labels)}`);
  const { height, width, channels } = program.data.image;
  if (!sameShape([height, width, channels], program.input)) problems.push('the image is not the input');
  const known = ['loss', ...program.compile.metrics.map((m) => m.name)];
  for (const plot of program.plots) for (const metric of plot.metrics) if (!known.includes(metric)) problems.push(`plot ${plot.file} draws ${metric}, which is not measured`);
  if (!isPlain(program)) problems.push('the program is not plain JSON');
  return problems;
}

/** Whether JSON keeps it as it is: no undefined, no NaN or infinity, no class instances. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlain);
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
}
