/**
 * `model.ts` of the generated code: the parameters' types, how they are made, and the forward pass. A `repeat` is an array of
 * parameters and a loop that calls one function; alternating cells are one function each.
 */
import type { Layer, Program, Shape } from '../../model/program.ts';
import { comment, shape } from './emit.ts';
import { featuresOf } from './features.ts';
import type { Features } from './features.ts';
import { flatLayers, fold, shapesOf } from './fold.ts';
import type { LoopStep, Step, Variant } from './fold.ts';
import { activationOption, headOf, predictionActivation } from './head.ts';
import type { HelperName } from './helpers.ts';
import { activationCode, layerCode, takesMode, withoutActivation } from './layers.ts';
import { header, importLine, lines, tfjs } from './module.ts';
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
  const steps = fold(program, (layer) => `${layer.input.length}>${layer.output.length} ${layerCode(layer, { x: 'x', variables: 'p', use: (name) => name })}`);
  const forward = forwardFunction(program, steps, features, helpers);
  const blocks = loopsOf(steps).flatMap(({ variants }) => variants);
  const functions = blocks.map((variant) => blockFunction(variant, loopWith(steps, variant), helpers));
  const types = blocks.map((variant) => blockType(variant, loopWith(steps, variant)));

  const making = flatLayers(steps).filter((layer) => layer.variables.length > 0).map((layer) => variablesCode(layer, features));
  const makers = new Set(making.map(({ maker }) => maker));
  const words = new Set(flatLayers(steps).map((layer) => layer.word));
  const layerTypes = [...(words.has('conv') ? ['Conv'] : []), ...(words.has('dense') ? ['Dense'] : []), ...(words.has('batch_norm') ? ['BatchNorm'] : []), ...(features.mode ? ['Mode'] : [])];

  const text = lines(
    header(`The network \`${comment(program.name)}\`: its variables and its forward pass, ${shape(program.input)} → ${shape(outputOf(program))}.`),
    tfjs,
    importLine('./initializers.ts', making.flatMap(({ initializers }) => initializers), ['Initializer']),
    importLine('./layers.ts', [...helpers, ...(features.mode ? ['inference'] : [])], layerTypes),
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

const outputOf = (program: Program): Shape => program.layers[program.layers.length - 1].output;

/** The loops of steps with those inside, inner ones first, so that functions stand before their use. */
const loopsOf = (steps: readonly Step[]): readonly LoopStep[] =>
  steps.flatMap((step) => (step.kind === 'loop' ? [...step.variants.flatMap((variant) => loopsOf(variant.steps)), step] : []));

const loopWith = (steps: readonly Step[], variant: Variant): LoopStep => loopsOf(steps).find(({ variants }) => variants.includes(variant))!;

// ---------------------------------------------------------------- types

const typeOf: Partial<Record<Layer['word'], string>> = { conv: 'Conv', dense: 'Dense', batch_norm: 'BatchNorm' };

const membersOf = (steps: readonly Step[]): string =>
  steps
    .filter((step) => step.field !== null)
    .map((step) => {
      if (step.kind === 'layer') return `readonly ${step.field}: ${typeOf[step.layer.word]};`;
      const types = step.variants.map(entryType);
      return `readonly ${step.field}: readonly ${types.length > 1 ? `(${types.join(' | ')})` : types[0]}[];`;
    })
    .join('\n  ');

const entryType = ({ typeName, tag }: Variant): string => typeName ?? `{ readonly cell: '${tag}' }`;

function blockType({ typeName, tag, steps }: Variant, loop: LoopStep): string {
  if (typeName === null) return '';
  const count = loop.iterations.filter(({ variant }) => variant.typeName === typeName).length;
  return `
/** The variables of ${tag === null ? `each of the ${count} iterations` : `the iterations that run cell ${tag}, ${count} of ${loop.iterations.length}`} of a repeat. */
export interface ${typeName} {
  ${tag === null ? '' : `readonly cell: '${tag}';`}
  ${membersOf(steps)}
}
`;
}

// ---------------------------------------------------------------- making

/** The object literal of steps' variables. `named` are the steps whose fields are used, of the same form. */
function creation(named: readonly Step[], steps: readonly Step[], features: Features, tag: string | null = null): string {
  const members = named.flatMap((step, i) => {
    const own = steps[i];
    if (step.field === null) return [];
    if (own.kind === 'layer') return [`${step.field}: ${variablesCode(own.layer, features).code}`];
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

// ---------------------------------------------------------------- forward

interface Line {
  /** Rank of the value, batch counted. */
  readonly rank: number;
  readonly code: string;
  readonly note: string;
}

/**
 * Statements that run steps. A value of rank 4 is called \`x\`, one of rank 2 \`features\`.
 * @param holder the expression that holds the variables: `parameters`
 * @param notes whether one shape stands behind each line (a function that several shapes go through has them above it)
 */
function body(steps: readonly Step[], input: Shape, holder: string, notes: boolean, helpers: Set<HelperName>, start: string): string {
  const use = (name: HelperName): string => (helpers.add(name), name);
  const nameOf = (rank: number): string => (rank === 4 ? 'x' : 'features');
  const parts: Line[] = [];
  let current = start;
  let rank = input.length + 1;
  let last: Shape = [];
  // A shape is told where it changes.
  const noteOf = (output: Shape): string => (notes && String(output) !== String(last) ? shape((last = output)) : '');
  for (const step of steps) {
    if (step.kind === 'loop') {
      const name = nameOf(rank);
      const shapes = [shapesOf([step])[0], ...step.iterations.map(({ steps: own }) => shapesOf(own).at(-1)!)];
      last = shapes[shapes.length - 1];
      parts.push({ rank, code: loopCode(step, name, holder), note: notes ? arrows(shapes) : '' });
      current = name;
      continue;
    }
    const { layer, field } = step;
    // Flattening a vector changes nothing.
    if (layer.word === 'flatten' && layer.input.length === 1) continue;
    const code = layerCode(layer, { x: current, variables: `${holder}.${field}`, use });
    rank = layer.output.length + 1;
    parts.push({ rank, code, note: noteOf(layer.output) });
    current = nameOf(rank);
  }
  return statements(parts, start, input.length + 1, nameOf);
}

function statements(parts: readonly Line[], start: string, startRank: number, nameOf: (rank: number) => string): string {
  if (parts.length === 0) return `return ${start};`;
  const declared = new Set<string>(start === nameOf(startRank) ? [start] : []);
  const out: string[] = [];
  parts.forEach(({ rank, code, note }, i) => {
    const name = nameOf(rank);
    const remark = note ? ` // ${note}` : '';
    const loop = code.startsWith('for ');
    const last = i === parts.length - 1;
    if (loop) {
      if (!declared.has(name)) out.push(`let ${name}${name === 'x' ? '' : `: tf.Tensor${rank}D`} = ${start};`);
      declared.add(name);
      out.push(note ? `// ${note}\n${code}` : code);
      if (last) out.push(`return ${name};`);
    } else if (last) {
      out.push(`return ${code};${remark}`);
    } else {
      const again = parts.slice(i + 1).some((part, j, rest) => nameOf(part.rank) === name && (j < rest.length - 1 || part.code.startsWith('for ')));
      out.push(declared.has(name) ? `${name} = ${code};${remark}` : `${again ? 'let' : 'const'} ${name}${again ? `: tf.Tensor${rank}D` : ''} = ${code};${remark}`);
      declared.add(name);
    }
  });
  return out.join('\n  ');
}

const modeArgument = (steps: readonly Step[]): string => (flatLayers(steps).some(takesMode) ? ', mode' : '');

function loopCode(step: LoopStep, x: string, holder: string): string {
  // Inside a cell, `block` is what the cell itself was given.
  const item = holder === 'block' ? 'inner' : 'block';
  const call = (variant: Variant): string => `${variant.functionName}(${x}${variant.typeName === null ? '' : `, ${item}`}${modeArgument(variant.steps)})`;
  const [only] = step.variants;
  if (step.variants.length === 1 && step.field === null) return `for (let i = 0; i < ${step.iterations.length}; i++) ${x} = ${call(only)};`;
  const chosen = step.variants.slice(0, -1).reduceRight((otherwise, variant) => `${item}.cell === '${variant.tag}' ? ${call(variant)} : ${otherwise}`, call(step.variants[step.variants.length - 1]));
  return `for (const ${item} of ${holder}.${step.field}) ${x} = ${chosen};`;
}

function blockFunction(variant: Variant, loop: LoopStep, helpers: Set<HelperName>): string {
  const runs = loop.iterations.filter((iteration) => iteration.variant === variant).map(({ steps }) => shapesOf(steps));
  const input = runs[0][0];
  const type = `tf.Tensor${input.length + 1}D`;
  const name = input.length === 3 ? 'x' : 'features';
  const parameters = [`${name}: ${type}`, ...(variant.typeName === null ? [] : [`block: ${variant.typeName}`]), ...(modeArgument(variant.steps) ? ['mode: Mode'] : [])];
  const same = new Set(runs.map(arrows)).size === 1;
  const doc = same ? '' : `\n/**\n * The shapes on the way through, each time it runs:\n${runs.map((run) => ` * ${arrows(run)}`).join('\n')}\n */`;
  return `${doc}
function ${variant.functionName}(${parameters.join(', ')}): ${type} {
  ${body(variant.steps, input, 'block', same, helpers, name)}
}
`;
}

const arrows = (shapes: readonly Shape[]): string => shapes.map(shape).filter((text, i, all) => text !== all[i - 1]).join(' → ');

function forwardFunction(program: Program, steps: readonly Step[], features: Features, helpers: Set<HelperName>): string {
  const head = headOf(program);
  const given = predictionActivation(program) === null ? 'outputs' : 'logits';
  const inner = head === null ? steps : withoutHead(steps);
  const output = outputOf(program);
  const mode = features.mode ? ', mode: Mode = inference' : '';
  return `
/** Preprocessed images ${shape(program.input)} → ${given} ${shape(output)}. */
export function forward(parameters: Parameters, images: tf.Tensor4D${mode}): tf.Tensor${output.length + 1}D {
  ${body(inner, program.input, 'parameters', true, helpers, 'images')}
}
`;
}

/** The steps with the head's activation taken off. */
function withoutHead(steps: readonly Step[]): readonly Step[] {
  const last = steps[steps.length - 1];
  if (last.kind !== 'layer') throw new Error('internal error: the head stands in a repeat');
  if (activationOption(last.layer) === null) return steps.slice(0, -1);
  return [...steps.slice(0, -1), { ...last, layer: withoutActivation(last.layer) }];
}

function headFunction(program: Program): string {
  const activation = predictionActivation(program);
  if (activation === null) return '';
  const type = `tf.Tensor${outputOf(program).length + 1}D`;
  return `
/** Logits → probabilities${activation === 'softmax' ? ', which sum to 1' : ', each from 0 to 1'}. */
export const probabilities = (logits: ${type}): ${type} => ${activationCode(activation, 'logits')};
`;
}
