/** Proves a Program from outside: every layer's output and variables are worked out anew from its arguments and compared. */
import { asLayer, type Layer, type Program, type Shape } from '../../compiler/model/program.ts';
import { elements, sameShape, showShape } from '../../compiler/shape/shape.ts';
import { windowShape } from '../../compiler/shape/window.ts';
import { SchemaError } from './schema.ts';

/** Numbers in one sample's activation of one layer: above this nothing could be run anyway. */
const mostElements = 2 ** 31;

export function checkShapes(program: Program): void {
  const { image } = program.data;
  let at: Shape = program.input;
  if (!sameShape(at, [image.height, image.width, image.channels]) && program.data.source.kind !== 'none') throw new SchemaError(`the network takes ${showShape(at)}, the pictures are ${image.height}x${image.width}x${image.channels}`);
  const names = new Set<string>();
  program.layers.forEach((layer, index) => {
    if (layer.index !== index || names.has(layer.name)) throw new SchemaError(`layer ${layer.name} is out of order`);
    names.add(layer.name);
    if (!sameShape(layer.input, at)) throw new SchemaError(`${layer.name} takes ${showShape(layer.input)} and gets ${showShape(at)}`);
    const { output, variables } = derive(layer, at);
    if (!sameShape(layer.output, output) || elements(output) > mostElements) throw new SchemaError(`${layer.name} gives ${showShape(output)}, not ${showShape(layer.output)}`);
    const told = layer.variables.map((v) => `${v.name} ${showShape(v.shape)}`).join();
    const due = Object.entries(variables).map(([name, shape]) => `${layer.name}/${name} ${showShape(shape)}`).join();
    if (told !== due) throw new SchemaError(`${layer.name} has other variables than a ${layer.word} has`);
    at = output;
  });
  const outputs = program.labels.kind === 'binary' ? 1 : program.labels.count;
  if (!sameShape(at, [outputs])) throw new SchemaError(`the network ends with ${showShape(at)} for ${outputs} outputs`);
  const { meanStd } = program.preprocess;
  if (meanStd && (meanStd.mean.length !== program.input[2] || meanStd.std.length !== program.input[2])) throw new SchemaError('mean and std are not one number a channel');
}

function derive(layer: Layer, input: Shape): { readonly output: Shape; readonly variables: Readonly<Record<string, Shape>> } {
  const image = (): readonly [number, number, number] => {
    if (input.length !== 3) throw new SchemaError(`${layer.name} takes an image`);
    return input as readonly [number, number, number];
  };
  const slide = (args: Parameters<typeof windowShape>[2]): readonly [number, number] => {
    const [height, width] = image();
    const size = windowShape(height, width, args);
    if (!size) throw new SchemaError(`the window of ${layer.name} does not fit`);
    return size;
  };
  switch (layer.word) {
    case 'conv': {
      const { args } = asLayer(layer, 'conv');
      const kernel = [...args.size, image()[2], args.filters];
      return { output: [...slide(args), args.filters], variables: { kernel, ...(args.bias ? { bias: [args.filters] } : {}) } };
    }
    case 'dense': {
      const { args } = asLayer(layer, 'dense');
      if (input.length !== 1) throw new SchemaError(`${layer.name} takes a vector`);
      return { output: [args.units], variables: { kernel: [input[0], args.units], ...(args.bias ? { bias: [args.units] } : {}) } };
    }
    case 'pool':
    case 'avg_pool':
      return { output: [...slide(asLayer(layer, layer.word).args), image()[2]], variables: {} };
    case 'global_avg_pool':
    case 'global_pool':
      return { output: [image()[2]], variables: {} };
    case 'batch_norm': {
      const { args } = asLayer(layer, 'batch_norm');
      const channels = [input[input.length - 1]];
      return { output: input, variables: { ...(args.scale ? { gamma: channels } : {}), ...(args.center ? { beta: channels } : {}), moving_mean: channels, moving_variance: channels } };
    }
    case 'flatten':
      return { output: [elements(input)], variables: {} };
    default:
      return { output: input, variables: {} };
  }
}
