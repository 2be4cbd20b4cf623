/**
 * `model.ts` of the generated code: the parameters' types, how they are made, and the forward pass (forward.ts). A named cell is
 * a type and a function; a `repeat` is an array of parameters and a loop that calls one function; alternating cells are one function each.
 */
import type { Layer, Program } from '../../model/program.ts';
import { comment, shape } from './emit.ts';
import { featuresOf } from './features.ts';
import type { Features } from './features.ts';
import { fold } from './fold.ts';
import { cellFunction, forwardFunction, headFunction } from './forward.ts';
import type { HelperName } from './helpers.ts';
import { layerCode } from './layers.ts';
import { internalHelpers } from './more-helpers.ts';
import { header, importLine, lines, tfjs } from './module.ts';
import { outputOf } from './signature.ts';
import { flatLayers, functionsOf, sharing } from './steps.ts';
import type { Run, Step, Variant } from './steps.ts';
import { variablesCode } from './variables.ts';

export interface PrintedModel {
  readonly text: string;
  /** What the other modules must hold for it. */
  readonly helpers: ReadonlySet<HelperName>;
  readonly makers: ReadonlySet<string>;
}

export function modelModule(program: Program): PrintedModel {
  const features = featuresOf(program);
  const helpers = new Set<HelperName>();
  const { steps, entry } = fold(program, (layer) => `${layer.input.length}>${layer.output.length} ${layerCode(layer, { x: 'x', variables: 'p', use: (name) => name })}`);
  const called = functionsOf(steps);
  const printing = { entry, use: (name: HelperName): string => (helpers.add(name), name), taken: new Set([...called.keys()].map(({ functionName }) => functionName)) };
  const forward = forwardFunction(program, steps, printing);
  const functions = [...called].map(([variant, runs]) => cellFunction(variant, runs, printing));
  const types = [...called].map(([variant, runs]) => cellType(variant, runs));

  const making = flatLayers(steps).filter((layer) => layer.variables.length > 0).map((layer) => variablesCode(layer, features));
  const makers = new Set(making.flatMap(({ maker }) => maker ?? []));
  const words = new Set(flatLayers(steps).filter((layer) => layer.variables.length > 0).map((layer) => layer.word));
  const layerTypes = [...new Set([...words].flatMap((word) => typeOf[word] ?? [])), ...(features.mode ? ['Mode'] : []), ...(features.costs ? ['Costs'] : [])];

  const text = lines(
    header(`The network \`${comment(program.name)}\`: its variables and its forward pass, ${shape(program.input)} → ${shape(outputOf(program, program.network, program.input))}.`),
    tfjs,
    importLine('./initializers.ts', making.flatMap(({ initializers }) => initializers), ['Initializer']),
    importLine('./layers.ts', [...[...helpers].filter((name) => !internalHelpers.has(name)), ...(features.mode ? ['inference'] : [])], layerTypes),
    importLine('./random.ts', ['seededRandom']),
    importLine('./variables.ts', [...makers], ['VariableFactory']),
    ...types,
    `
/** Every variable of the network. */
export interface Parameters {
  ${membersOf(steps)}
}
`,
    `
function newParameters(variable: VariableFactory): Parameters {
  return ${creation(steps, steps, features)};
}
`,
    modelSource,
    ...functions,
    forward,
    headFunction(program),
  );
  return { text, helpers, makers };
}

// ---------------------------------------------------------------- types

const typeOf: Partial<Record<Layer['word'], string>> = {
  conv: 'Conv', depthwise_conv: 'Depthwise', separable_conv: 'Separable', conv_transpose: 'Transposed', dense: 'Dense', batch_norm: 'BatchNorm', layer_norm: 'Norm', group_norm: 'Norm', prelu: 'Slopes',
};

const membersOf = (steps: readonly Step[]): string =>
  sharing(steps)
    .filter((step) => step.field !== null)
    .map((step) => {
      if (step.kind === 'layer') return `readonly ${step.field}: ${typeOf[step.layer.word]};`;
      if (step.kind === 'call') return `readonly ${step.field}: ${step.variant.typeName};`;
      const types = step.variants.map(entryType);
      return `readonly ${step.field}: readonly ${types.length > 1 ? `(${types.join(' | ')})` : types[0]}[];`;
    })
    .join('\n  ');

const entryType = ({ typeName, tag }: Variant): string => typeName ?? `{ readonly cell: '${tag}' }`;

function cellType({ typeName, tag, cell, steps }: Variant, runs: readonly Run[]): string {
  if (typeName === null) return '';
  const [own, all] = runs[0].among;
  const counted = runs.every(({ among }) => among[0] === own && among[1] === all);
  const iterations = tag === null ? `each ${counted ? `of the ${all} iterations` : 'iteration'}` : `the iterations that run cell ${tag}${counted ? `, ${own} of ${all}` : ''}`;
  return `
/** The variables of ${cell === null ? `${iterations} of a repeat` : `the cell \`${comment(cell)}\``}. */
export interface ${typeName} {
  ${tag === null ? '' : `readonly cell: '${tag}';`}
  ${membersOf(steps)}
}
`;
}

// ---------------------------------------------------------------- making

/** The object literal of steps' variables. `named` are the steps whose fields are used, of the same form. */
function creation(named: readonly Step[], steps: readonly Step[], features: Features, tag: string | null = null): string {
  const owns = sharing(steps);
  const members = sharing(named).flatMap((step, i) => {
    const own = owns[i];
    if (step.field === null) return [];
    if (own.kind === 'layer') return [`${step.field}: ${variablesCode(own.layer, features).code}`];
    if (own.kind === 'call') return [`${step.field}: ${creation(own.variant.steps, own.steps, features)}`];
    const entries = own.iterations.map(({ variant, steps: iteration }) => creation(variant.steps, iteration, features, variant.tag));
    return [`${step.field}: [${entries.join(', ')}]`];
  });
  return `{ ${[...(tag === null ? [] : [`cell: '${tag}'`]), ...members].join(', ')} }`;
}

const modelSource = `
export interface Model {
  readonly parameters: Parameters;
  /** Every variable under the name its weights are stored by, in the order of the layers. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
}

/** A model with random weights, to be trained. */
export function newModel(seed = 0): Model {
  const random = seededRandom(seed);
  return makeModel((_, shape, initializer) => initializer(shape, random.integer()));
}

/** A model with the weights given by name, such as \`readWeights\` gives. */
export function modelWith(weights: ReadonlyMap<string, tf.Tensor>): Model {
  return makeModel((name, shape) => {
    const values = weights.get(name);
    if (!values) throw new Error(\`There are no weights called \${name}.\`);
    if (!tf.util.arraysEqual(values.shape, shape)) {
      throw new Error(\`The weights \${name} have the shape [\${values.shape}], not [\${shape}].\`);
    }
    return values.clone();
  });
}

function makeModel(valuesOf: (name: string, shape: number[], initializer: Initializer) => tf.Tensor): Model {
  const variables = new Map<string, tf.Variable>();
  const parameters = newParameters(<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R], initializer: Initializer, trainable = true) => {
    const variable = tf.tidy(() => tf.variable(valuesOf(name, shape, initializer) as tf.Tensor<R>, trainable));
    variables.set(name, variable as tf.Variable);
    return variable;
  });
  return { parameters, variables };
}
`;
