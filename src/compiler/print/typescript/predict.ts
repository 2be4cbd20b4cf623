/** `predict.ts` and `classes.ts` of the generated code. */
import type { Program } from '../../model/program.ts';
import { shape, string } from './emit.ts';
import { featuresOf } from './features.ts';
import { predictionActivation } from './head.ts';
import { header, importLine, lines, tfjs } from './module.ts';
import { outputOf } from './signature.ts';

export function predictModule(program: Program): string {
  const { statistics, classes } = featuresOf(program);
  const head = predictionActivation(program) !== null;
  const forward = `forward(model.parameters, preprocess(images${statistics ? ', statistics' : ''}))`;
  const output = outputOf(program, program.network, program.input);
  return lines(
    header('What the network says about pictures.'),
    tfjs,
    classes && importLine('./classes.ts', ['classes'], ['ClassName']),
    importLine('./model.ts', ['forward', ...(head ? ['probabilities'] : [])], ['Model']),
    importLine('./preprocess.ts', ['preprocess'], statistics ? ['Statistics'] : []),
    `
/** Pixels ${shape(program.input)} → ${head ? 'probabilities' : 'outputs'} ${shape(output)}. */
export function predict(model: Model, images: tf.Tensor4D${statistics ? ', statistics: Statistics' : ''}): tf.Tensor2D {
  return tf.tidy(() => ${head ? `probabilities(${forward})` : forward});
}
`,
    classes &&
      `
export interface Guess {
  readonly name: ClassName;
  /** ${head ? 'Its probability.' : 'Its score.'} */
  readonly ${head ? 'probability' : 'score'}: number;
}

/** The likeliest classes of each picture, best first. */
export async function classify(model: Model, images: tf.Tensor4D${statistics ? ', statistics: Statistics' : ''}, top = ${Math.min(3, program.labels.count)}): Promise<Guess[][]> {
  const outputs = predict(model, images${statistics ? ', statistics' : ''});
  const rows = await outputs.array();
  outputs.dispose();
  return rows.map((row) =>
    row
      .map((value, i): Guess => ({ name: classes[i], ${head ? 'probability' : 'score'}: value }))
      .sort((a, b) => b.${head ? 'probability' : 'score'} - a.${head ? 'probability' : 'score'})
      .slice(0, top),
  );
}
`,
  );
}

/** `names`: known only when the program or the data says them; otherwise classes are numbered. */
export function classesModule(program: Program): string {
  const { kind, count, names } = program.labels;
  const list = names ?? Array.from({ length: count }, (_, i) => String(i));
  return lines(
    header(kind === 'values' ? 'The names of the outputs, in order.' : 'The names of the model and of its classes, in the order of the outputs.'),
    `
export const modelName = ${string(program.name)};

export const classes = [${list.map(string).join(', ')}] as const;

export type ClassName = (typeof classes)[number];
`,
  );
}
