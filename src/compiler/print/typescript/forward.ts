/** The functions of the generated `model.ts`: one for each cell that is named or repeated, the forward pass, and the head. */
import type { Merge, Program, Shape } from '../../model/program.ts';
import { comment, shape } from './emit.ts';
import { featuresOf } from './features.ts';
import type { Folded } from './fold.ts';
import { activationOption, headActivation, headOf, predictionActivation } from './head.ts';
import type { Use } from './layers.ts';
import { activationCode, addsCosts, layerCode, takesMode, withoutActivation } from './layers.ts';
import { outputOf } from './signature.ts';
import { nameOf, pathName, statements } from './statements.ts';
import type { Line, Naming } from './statements.ts';
import { flatLayers, shapesOf } from './steps.ts';
import type { CallStep, LoopStep, Run, Step, Variant } from './steps.ts';

export interface Printing {
  readonly entry: Folded['entry'];
  readonly use: Use;
  /** Names of functions. */
  readonly taken: ReadonlySet<string>;
}

const typeOf = (dimensions: Shape): string => `tf.Tensor${dimensions.length + 1}D`;

/** A value on its way: the expression, its shape. */
interface Value {
  readonly code: string;
  readonly shape: Shape;
}

/**
 * Statements that run steps.
 * @param holder the expression that holds the variables: `parameters`
 * @param notes whether one shape stands behind each line (a function that several shapes go through has them above it)
 */
function body(steps: readonly Step[], start: Value, holder: string, notes: boolean, { entry, use, taken }: Printing): string {
  const lines: Line[] = [];
  const ranks = new Map<string, number>([[start.code, start.shape.length + 1]]);
  let told: Shape = [];

  const add = (naming: Naming, from: Value, output: Shape, code: string, more: Partial<Line> = {}): Value => {
    const rank = output.length + 1;
    const name = naming(rank);
    // A shape is told where it changes.
    const note = notes && String(output) !== String(told) ? shape(output) : '';
    told = output;
    ranks.set(name, rank);
    // Arithmetic takes its type from where it goes.
    lines.push({ name, rank, code, note, loop: false, inferred: !/^tf\.(add|mul)\(/.test(code), from: from.code, ...more });
    return { code: name, shape: output };
  };

  /** `live`: names whose values are still needed. */
  const run = (through: readonly Step[], input: Value, naming: Naming, live: ReadonlySet<string>): Value => {
    let current = input;
    for (const step of through) {
      const x = current.code;
      switch (step.kind) {
        case 'layer':
          // Flattening a vector changes nothing.
          if (step.layer.word === 'flatten' && step.input.length === 1) break;
          current = add(naming, current, step.output, layerCode(step.layer, { x, variables: `${holder}.${step.field}`, use, behind: step.behind }));
          break;
        case 'call':
          current = add(naming, current, step.output, callCode(step.variant, x, `${holder}.${step.field}`));
          break;
        case 'loop': {
          const shapes = [step.input, ...step.iterations.map(({ steps: own }) => shapesOf(own).at(-1) ?? step.input)];
          const name = naming(step.input.length + 1);
          current = add(naming, current, step.output, loopCode(step, name, holder, entry), { loop: true, note: notes ? arrows(shapes) : '' });
          break;
        }
        case 'residual': {
          const kept = new Set([...live, x, ...namesOf(naming)]);
          const [shortcut, y] = pair(step.shortcut, step.cell, current, kept);
          current = add(naming, current, step.output, `tf.add(${shortcut}, ${y})`, { inferred: false });
          break;
        }
        case 'branch': {
          const kept = new Set([...live, x, ...namesOf(naming)]);
          const outputs: string[] = [];
          for (const cell of step.cells) {
            const path = cell.length === 0 ? null : pathName('abcdefghijklmnopqrstuvwxyz'.split(''), rankAfter(cell, current), kept, taken, ranks);
            told = current.shape;
            outputs.push(path === null ? x : run(cell, current, path, kept).code);
            if (path) for (const name of namesOf(path)) kept.add(name);
          }
          current = add(naming, current, step.output, mergeCode(step.merge, outputs), { inferred: false });
        }
      }
    }
    return current;
  };

  /** The two sides of a residual, the cell first: what takes one line stands inside the sum. */
  const pair = (shortcut: readonly Step[], cell: readonly Step[], input: Value, kept: Set<string>): readonly [string, string] => {
    const side = (steps: readonly Step[], base: string): string => {
      if (steps.length === 0) return input.code;
      const naming = pathName([base], rankAfter(steps, input), kept, taken, ranks);
      const first = lines.length;
      told = input.shape;
      const { code } = run(steps, input, naming, kept);
      const [only] = lines.slice(first);
      if (lines.length === first + 1 && !only.loop) {
        lines.pop();
        return only.code;
      }
      for (const name of namesOf(naming)) kept.add(name);
      return code;
    };
    const y = side(cell, 'y');
    return [side(shortcut, 'shortcut'), y];
  };

  run(steps, start, nameOf, new Set());
  return statements(lines, start.code);
}

const namesOf = (naming: Naming): readonly string[] => [naming(4), naming(2)];

const rankAfter = (steps: readonly Step[], { shape: from }: Value): number => (steps.at(-1)?.output ?? from).length + 1;

/** Keras's Add, Average, Multiply, Maximum and Concatenate (last axis). */
function mergeCode(merge: Merge, values: readonly string[]): string {
  const sum = values.length === 2 ? `tf.add(${values.join(', ')})` : `tf.addN([${values.join(', ')}])`;
  switch (merge) {
    case 'concat':
      return `tf.concat([${values.join(', ')}], -1)`;
    case 'add':
      return sum;
    case 'average':
      return `tf.div(${sum}, ${values.length})`;
    case 'multiply':
      return values.reduce((a, b) => `tf.mul(${a}, ${b})`);
    case 'maximum':
      return values.reduce((a, b) => `tf.maximum(${a}, ${b})`);
  }
}

const callCode = (variant: CallStep['variant'], x: string, variables: string): string => `${variant.functionName}(${[x, ...(variant.typeName === null ? [] : [variables]), ...contextOf(variant.steps).map(({ name }) => name)].join(', ')})`;

/** What layers take beside their input and their variables. */
function contextOf(steps: readonly Step[]): readonly { readonly name: string; readonly type: string }[] {
  const layers = flatLayers(steps);
  return [...(layers.some(takesMode) ? [{ name: 'mode', type: 'Mode' }] : []), ...(layers.some(addsCosts) ? [{ name: 'costs', type: 'Costs' }] : [])];
}

function loopCode(step: LoopStep, x: string, holder: string, entry: string): string {
  // Inside the cell of a repeat, `block` is what the cell itself was given.
  const item = holder === entry ? 'inner' : entry;
  const call = (variant: Variant): string => callCode(variant, x, item);
  const [only] = step.variants;
  if (step.variants.length === 1 && step.field === null) return `for (let i = 0; i < ${step.iterations.length}; i++) ${x} = ${call(only)};`;
  const chosen = step.variants.slice(0, -1).reduceRight((otherwise, variant) => `${item}.cell === '${variant.tag}' ? ${call(variant)} : ${otherwise}`, call(step.variants[step.variants.length - 1]));
  return `for (const ${item} of ${holder}.${step.field}) ${x} = ${chosen};`;
}

/** The function of a named cell, or of a cell of a repeat. */
export function cellFunction(variant: Variant, runs: readonly Run[], printing: Printing): string {
  const { functionName, typeName, cell, steps } = variant;
  const [{ input }] = steps;
  const { output } = steps[steps.length - 1];
  const name = nameOf(input.length + 1);
  const holder = cell === null ? printing.entry : 'variables';
  const parameters = [`${name}: ${typeOf(input)}`, ...(typeName === null ? [] : [`${holder}: ${typeName}`]), ...contextOf(steps).map(({ name: own, type }) => `${own}: ${type}`)];
  const ways = [...new Set(runs.map(({ steps: run }) => arrows(shapesOf(run))))];
  const uses = [...new Set(runs.flatMap(({ text }) => (text === null ? [] : [`\`${comment(text)}\``])))];
  return `${documentation(uses, ways, ways.length === runs.length)}
function ${functionName}(${parameters.join(', ')}): ${typeOf(output)} {
  ${body(steps, { code: name, shape: input }, holder, ways.length === 1, printing)}
}
`;
}

/** Lines of shapes above one function. */
const mostWays = 8;

/** How a cell is used, and the shapes that go through it where they differ. */
function documentation(uses: readonly string[], ways: readonly string[], each: boolean): string {
  const first = uses.length > 0 ? `Runs ${uses.length > 6 ? `${uses.slice(0, 5).join(', ')}, …` : uses.join(', ')}.` : '';
  if (ways.length < 2) return first && `\n/** ${first} */`;
  const shapes = [`The shapes on the way through${each ? ', each time it runs' : ''}:`, ...(ways.length > mostWays ? [...ways.slice(0, mostWays - 1), '…'] : ways)];
  return `\n/**\n${[...(first ? [first] : []), ...shapes].map((line) => ` * ${line}`).join('\n')}\n */`;
}

const arrows = (shapes: readonly Shape[]): string => shapes.map(shape).filter((text, i, all) => text !== all[i - 1]).join(' → ');

export function forwardFunction(program: Program, steps: readonly Step[], printing: Printing): string {
  const given = predictionActivation(program) === null ? 'outputs' : 'logits';
  const inner = headOf(program) === null ? steps : withoutHead(steps);
  const output = outputOf(program, program.network, program.input);
  const { mode, costs } = featuresOf(program);
  const context = `${mode ? ', mode: Mode = inference' : ''}${costs ? ', costs: Costs = []' : ''}`;
  return `
/** Preprocessed images ${shape(program.input)} → ${given} ${shape(output)}.${costs ? ' What layers\' outputs cost is added to `costs`.' : ''} */
export function forward(parameters: Parameters, images: tf.Tensor4D${context}): ${typeOf(output)} {
  ${body(inner, { code: 'images', shape: program.input }, 'parameters', true, printing)}
}
`;
}

/** The steps with the head's activation taken off. */
function withoutHead(steps: readonly Step[]): readonly Step[] {
  const last = steps[steps.length - 1];
  if (last.kind !== 'layer') throw new Error('internal error: the head stands in a function');
  if (activationOption(last.layer) === null) return steps.slice(0, -1);
  return [...steps.slice(0, -1), { ...last, layer: withoutActivation(last.layer), behind: headActivation(last.layer) }];
}

export function headFunction(program: Program): string {
  const activation = predictionActivation(program);
  if (activation === null) return '';
  const type = typeOf(outputOf(program, program.network, program.input));
  return `
/** Logits → probabilities${activation === 'softmax' ? ', which sum to 1' : ', each from 0 to 1'}. */
export const probabilities = (logits: ${type}): ${type} => ${activationCode(activation, 'logits')};
`;
}
