/** `train.ts` of the generated code: one step of training, and measuring. */
import type { Program } from '../../model/program.ts';
import { number, shape } from './emit.ts';
import { featuresOf } from './features.ts';
import type { Features } from './features.ts';
import { flowOf, labelsType } from './loss.ts';
import { header, importLine, lines, tfjs } from './module.ts';
import { optimizerSource } from './optimizer.ts';
import { hasConstraints, hasPenalties, rulesSource } from './weights-rules.ts';

export function trainModule(program: Program): string {
  const features = featuresOf(program);
  const { statistics, augment, random, mix, costs, weighted, metrics } = features;
  const { name: optimizer } = optimizerSource(program.compile);
  const flow = flowOf(program);
  const options = [...(statistics ? ['statistics'] : []), ...(random ? ['random'] : [])];
  const types = { statistics: 'Statistics', random: 'Random' } as Readonly<Record<string, string>>;
  const batch = ['images', 'labels', ...(mix ? ['others'] : []), ...(weighted ? ['weights'] : [])];
  return lines(
    header('One step of training, and measuring.'),
    tfjs,
    augment && importLine('./augment.ts', ['augment']),
    costs && importLine('./layers.ts', features.mode ? ['inference'] : [], ['Costs']),
    importLine('./loss.ts', ['sampleLosses']),
    importLine('./metrics.ts', ['addBatch', 'measuresOf', 'newTally'], ['Measures']),
    mix && importLine('./mix.ts', ['mixed', 'randomMix']),
    importLine('./model.ts', ['forward'], ['Model']),
    importLine('./optimizer.ts', [optimizer], ['Optimizer']),
    importLine('./preprocess.ts', ['preprocess'], statistics ? ['Statistics'] : []),
    random && importLine('./random.ts', [], ['Random']),
    `
export type Samples = {
  /** Pixels ${shape(program.input)}. */
  readonly images: tf.Tensor4D;
  /** ${features.classes ? 'Class numbers, int32 [n].' : 'Rows [n, outputs].'} */
  readonly labels: ${labelsType(program)};
};
`,
    mix || weighted
      ? `
/** What one step takes. */
export type Batch = Samples & {
  ${mix ? '/** As many other training pictures, to be mixed in. */\n  readonly others: Samples;' : ''}
  ${weighted ? '/** What each sample counts in the loss, [n]. */\n  readonly weights: tf.Tensor1D;' : ''}
};
`
      : '',
    options.length > 0 && `\nexport interface TrainOptions {\n  ${options.map((name) => `readonly ${name}: ${types[name]};`).join('\n  ')}\n}\n`,
    `
/** What a step gives. Dispose it. */
export type Step = {
  /** The mean loss of the batch, before the update. */
  readonly loss: tf.Scalar;
  ${metrics ? `/** What the network gave in training. */\n  readonly ${flow}: tf.Tensor2D;` : ''}
};

const trainable = ({ variables }: Model): tf.Variable[] => [...variables.values()].filter((variable) => variable.trainable);

/** The optimizer for a model; keep it from step to step. */
export const newOptimizer = (model: Model): Optimizer => ${optimizer}(trainable(model));

/** One step: forward, loss, gradients, update. tfjs-core must know its gradients: see README.md. */
export function trainStep(model: Model, optimizer: Optimizer, { ${batch.join(', ')} }: ${mix || weighted ? 'Batch' : 'Samples'}${options.length > 0 ? `, { ${options.join(', ')} }: TrainOptions` : ''}): Step {
  return tf.tidy(() => {
    ${stepCode(program, features)}
    optimizer.apply(grads);
    ${hasConstraints(program) ? 'constrain(model);' : ''}
    return { loss${metrics ? `, ${flow}` : ''} };
  });
}
${evaluateCode(program, features)}`,
    rulesSource(program),
  );
}

/** From pictures to the loss and its gradients. */
function stepCode(program: Program, { statistics, augment, mode, dropout, mix, costs, weighted, metrics }: Features): string {
  const flow = flowOf(program);
  const changed = (images: string): string => (augment ? `augment(${images}, random)` : mix ? `tf.cast(${images}, 'float32')` : images);
  const images = mix ? `mixed(${changed('images')}, ${changed('others.images')}, mixes)` : changed('images');
  const forward = `forward(model.parameters, inputs${mode ? `, { training: true${dropout ? ', random' : ''} }` : ''}${costs ? ', costs' : ''})`;
  const apart = metrics || mix || costs;
  const ofLabels = (labels: string): string => `sampleLosses(${labels}, ${apart ? flow : forward})`;
  const both = mix ? `const losses = tf.add(tf.mul(${ofLabels('labels')}, shares), tf.mul(${ofLabels('others.labels')}, tf.sub(1, shares)));` : '';
  const losses = mix ? 'losses' : ofLabels('labels');
  const loss = withCosts(program, weighted ? `tf.mul(${losses}, weights)` : losses, costs);
  const body = apart
    ? `{
      ${costs ? 'const costs: Costs = [];' : ''}
      ${metrics ? `${flow} = tf.keep(${forward});` : `const ${flow} = ${forward};`}
      ${both}
      return ${loss};
    }`
    : loss;
  return `${mix ? 'const mixes = Array.from({ length: images.shape[0] }, () => randomMix(random));\n    const shares = tf.tensor1d(mixes.map(({ share }) => share));' : ''}
    const inputs = preprocess(${images}${statistics ? ', statistics' : ''});
    ${metrics ? `let ${flow}!: tf.Tensor2D;` : ''}
    const { value: loss, grads } = tf.variableGrads(() => ${body}, trainable(model));`;
}

function evaluateCode(program: Program, { statistics, mode, costs, metrics }: Features): string {
  const flow = flowOf(program);
  return `
/** How many samples are measured at a time. */
const AT_ONCE = ${number(program.fit.batch)};

/** The loss and the metrics of samples, changing nothing. */
export async function evaluate(model: Model, { images, labels }: Samples${statistics ? ', statistics: Statistics' : ''}): Promise<Measures> {
  const tally = newTally();
  for (let at = 0; at < images.shape[0]; at += AT_ONCE) {
    const size = Math.min(AT_ONCE, images.shape[0] - at);
    const measured = tf.tidy(() => {
      const inputs = preprocess(tf.slice(images, at, size)${statistics ? ', statistics' : ''});
      const some = tf.slice(labels, at, size);
      ${costs ? 'const costs: Costs = [];' : ''}
      const ${flow} = forward(model.parameters, inputs${costs ? `${mode ? ', inference' : ''}, costs` : ''});
      const loss: tf.Scalar = ${withCosts(program, `sampleLosses(some, ${flow})`, costs)};
      return { loss${metrics ? `, labels: some, ${flow}` : ''} };
    });
    await addBatch(tally, measured.loss, ${metrics ? `measured.labels, measured.${flow}` : 'size'});
    tf.dispose(measured);
  }
  return measuresOf(tally);
}
`;
}

/** The mean of a batch's losses, with what layers' outputs and weights cost. */
function withCosts(program: Program, losses: string, costs: boolean): string {
  const mean = `tf.mean(${costs ? `tf.addN([${losses}, ...costs])` : losses})`;
  return hasPenalties(program) ? `tf.add(${mean}, penalties(model))` : mean;
}
