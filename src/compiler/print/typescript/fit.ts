/**
 * `fit.ts` of the generated code: epochs over the training part with the program's callbacks, as runtime/train has them
 * (loop.ts, order.ts, best.ts, plateau.ts, class-weights.ts, logs.ts), only those that the program uses.
 */
import { hasSampleWeights } from '../../model/program.ts';
import type { Fit, Program } from '../../model/program.ts';
import { csvCode, plateauCode, stoppingCode } from './callbacks.ts';
import { number, numbers, string } from './emit.ts';
import { featuresOf } from './features.ts';
import { flowOf } from './loss.ts';
import { header, importLine, lines, tfjs } from './module.ts';
import { optimizerSource } from './optimizer.ts';

/** What the generated loop needs to know of a program. */
interface Uses {
  readonly statistics: boolean;
  /** Steps draw random numbers, or the order does. */
  readonly random: boolean;
  readonly classWeights: boolean;
  readonly sampleWeights: boolean;
  readonly labels: boolean;
}

function usesOf(program: Program): Uses {
  const { statistics, random } = featuresOf(program);
  const { shuffle, sampling, classWeight } = program.fit;
  return {
    statistics,
    random: random || shuffle || sampling !== null,
    classWeights: classWeight !== null,
    sampleWeights: hasSampleWeights(program.data),
    labels: sampling !== null || classWeight !== null,
  };
}

export function fitModule(program: Program): string {
  const { fit } = program;
  const features = featuresOf(program);
  const uses = usesOf(program);
  const { statistics, random, metrics } = features;
  const flow = flowOf(program);
  const options = [...(statistics ? ['statistics'] : []), ...(random ? ['random'] : [])];
  const given = [...(statistics ? ['statistics'] : []), ...(uses.random ? [`random = seededRandom(${number(fit.seed)})`] : []), 'onEpoch', ...(fit.checkpoint ? ['onCheckpoint'] : [])];
  const stops = fit.earlyStopping;
  const scheduled = typeof program.compile.optimizer.lr !== 'number';
  const passes = fit.stepsPerEpoch;
  const ordered = `ordered(${[uses.labels && fit.sampling ? 'labels' : 'count', ...(uses.random && (fit.shuffle || fit.sampling) ? ['random'] : [])].join(', ')})`;
  return lines(
    header('Training from the first epoch to the last.'),
    tfjs,
    fit.classWeight !== null && fit.classWeight !== 'balanced' && program.labels.names === null && importLine('./classes.ts', ['classes']),
    importLine('./metrics.ts', ['addBatch', 'measuresOf', 'newTally']),
    importLine('./model.ts', [], ['Model']),
    fit.reduceLr !== null && importLine('./optimizer.ts', [], ['Optimizer']),
    statistics && importLine('./preprocess.ts', [], ['Statistics']),
    uses.random && importLine('./random.ts', ['seededRandom'], ['Random']),
    importLine('./train.ts', ['evaluate', 'newOptimizer', 'trainStep'], ['Samples']),
    `
const EPOCHS = ${number(fit.epochs)};
const BATCH = ${number(fit.batch)};

/** The numbers of an epoch by name: \`loss\` and the metrics, those of the validation part with \`val_\`, and \`learning_rate\`. */
export type Logs = Readonly<Record<string, number>>;
${
  uses.sampleWeights
    ? `
export type TrainingSamples = Samples & {
  /** What each sample counts in the loss, [n]. */
  readonly weights: tf.Tensor1D;
};
`
    : ''
}
export interface FitOptions {
  ${statistics ? 'readonly statistics: Statistics;' : ''}
  ${uses.random ? 'readonly random?: Random;' : ''}
  /** Called after each epoch, which count from 0. */
  readonly onEpoch?: (epoch: number, logs: Logs) => void;
  ${fit.checkpoint ? `/** Called when a copy of the weights is to be kept: ${checkpointWords(fit.checkpoint)}. */\n  readonly onCheckpoint?: (epoch: number, model: Model) => void | Promise<void>;` : ''}
}

/** Trains a model. Gives the numbers of each epoch. */
export async function fit(
  model: Model,
  training: ${uses.sampleWeights ? 'TrainingSamples' : 'Samples'},
  validation: Samples | null,
  { ${given.join(', ')} }: FitOptions${statistics ? '' : ' = {}'},
): Promise<Logs[]> {
  const optimizer = newOptimizer(model);
  const history: Logs[] = [];
  ${ordered.includes('count') || features.mix ? 'const count = training.images.shape[0];' : ''}
  ${uses.labels ? 'const labels = await training.labels.data();' : ''}
  ${weightsCode(uses, fit)}
  ${stops ? `const stopping: Stopping = { best: null, wait: 0${stops.restoreBest ? ', weights: null' : ''} };` : ''}
  ${fit.reduceLr ? `const plateau: Plateau = { best: null, wait: 0${fit.reduceLr.cooldown > 0 ? ', cooldown: 0' : ''} };` : ''}
  ${fit.checkpoint?.best ? `let best: number | null = ${fit.checkpoint.initialValueThreshold === null ? 'null' : number(fit.checkpoint.initialValueThreshold)};` : ''}
  ${passes === null ? '' : `const batches = passes(() => ${ordered});`}
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const tally = newTally();
    ${passes === null ? `for (const chosen of batchesOf(${ordered})) {` : `for (let i = 0; i < ${number(passes)}; i++) {\n      const chosen = batches.next().value;`}
      const batch = tf.tidy(() => ${batchCode(program, uses)});
      const step = trainStep(model, optimizer, batch${options.length > 0 ? `, { ${options.join(', ')} }` : ''});
      await addBatch(tally, step.loss, ${metrics ? `batch.labels, step.${flow}` : 'chosen.length'});
      tf.dispose([batch, step]);
      ${fit.stopOnNan ? 'if (!Number.isFinite(tally.sums[0][0])) throw new Error(`The loss is not a finite number in epoch ${epoch + 1}.`);' : ''}
    }
    const measured = validation && (await evaluate(model, validation${statistics ? ', statistics' : ''}));
    const logs: Logs = {
      ...measuresOf(tally),
      ...Object.fromEntries(Object.entries(measured ?? {}).map(([name, value]) => [\`val_\${name}\`, value])),
      learning_rate: optimizer.${scheduled ? 'rate()' : 'learningRate'},
    };
    history.push(logs);
    onEpoch?.(epoch, logs);
    ${fit.checkpoint ? checkpointCode(fit.checkpoint) : ''}
    ${fit.reduceLr ? 'reduceRate(plateau, optimizer, logs);' : ''}
    ${stops ? `if (stopsAfter(stopping, epoch, logs${stops.restoreBest ? ', model' : ''})) break;` : ''}
  }
  ${program.compile.around.ema ? 'optimizer.useAverages();' : ''}
  ${stops?.restoreBest ? 'stopping.weights?.forEach((values, name) => model.variables.get(name)?.assign(values));\n  tf.dispose([...(stopping.weights?.values() ?? [])]);' : ''}
  ${optimizerSource(program.compile).keeps ? 'optimizer.dispose();' : ''}
  return history;
}

/** Some of the samples. */
function take({ images, labels }: Samples, chosen: readonly number[]): Samples {
  const indices = tf.tensor1d([...chosen], 'int32');
  return { images: tf.gather(images, indices), labels: tf.gather(labels, indices) };
}
${orderCode(fit)}${classWeightsCode(program)}`,
    stops !== null && stoppingCode(stops),
    fit.reduceLr !== null && plateauCode(fit.reduceLr),
    fit.csvLog !== null && csvCode(fit.csvLog),
  );
}

/** What each sample counts, as \`weights\`. */
function weightsCode({ classWeights, sampleWeights }: Uses, { classWeight }: Fit): string {
  const own = 'const own = await training.weights.data();';
  if (!classWeights) return sampleWeights ? 'const weights = await training.weights.data();' : '';
  const ofClass = classWeight === 'balanced' ? 'const classWeights = balancedWeights(labels);\n  ' : '';
  return sampleWeights ? `${own}\n  ${ofClass}const weights = own.map((weight, i) => weight * classWeights[labels[i]]);` : `${ofClass}const weights = Array.from(labels, (label) => classWeights[label]);`;
}

function batchCode(program: Program, uses: Uses): string {
  const { mix } = featuresOf(program);
  const weighted = uses.classWeights || uses.sampleWeights;
  if (!mix && !weighted) return 'take(training, chosen)';
  return `({
        ...take(training, chosen),
        ${mix ? 'others: take(training, chosen.map(() => Math.floor(random.number() * count))),' : ''}
        ${weighted ? 'weights: tf.tensor1d(chosen.map((i) => weights[i])),' : ''}
      })`;
}

const checkpointWords = ({ every, best, monitor }: NonNullable<Fit['checkpoint']>): string =>
  `${every === 1 ? 'after each epoch' : `every ${every} epochs`}${best ? `, if ${string(monitor)} is better than ever` : ''}`;

function checkpointCode({ every, best, monitor, mode }: NonNullable<Fit['checkpoint']>): string {
  const due = every === 1 ? '' : `(epoch + 1) % ${number(every)} === 0`;
  if (!best) return `${due ? `if (${due}) ` : ''}await onCheckpoint?.(epoch, model);`;
  const value = `logs[${string(monitor)}]`;
  return `if (${due ? `${due} && ` : ''}(best === null || Math.fround(${value}) ${mode === 'min' ? '<' : '>'} Math.fround(best))) {
      best = ${value};
      await onCheckpoint?.(epoch, model);
    }`;
}

function orderCode({ shuffle, sampling, stepsPerEpoch }: Fit): string {
  const oversamples = sampling === 'oversample';
  const count = oversamples ? 'labels: ArrayLike<number>' : 'count: number';
  const all = oversamples ? 'oversampled(labels, random)' : 'Array.from({ length: count }, (_, i) => i)';
  return `
/** The numbers of the samples in the order of a pass. */
const ordered = (${count}${shuffle || oversamples ? ', random: Random' : ''}): number[] => ${shuffle ? `shuffled(${all}, random)` : all};

function* batchesOf(order: readonly number[]): Generator<number[], void> {
  for (let at = 0; at < order.length; at += BATCH) yield order.slice(at, at + BATCH);
}
${
  stepsPerEpoch === null
    ? ''
    : `
/** Batches without end, one pass after the other. */
function* passes(order: () => readonly number[]): Generator<number[], never> {
  for (;;) yield* batchesOf(order());
}
`
}${
    shuffle || oversamples
      ? `
function shuffled(list: readonly number[], random: Random): number[] {
  const order = [...list];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.number() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
`
      : ''
  }${
    oversamples
      ? `
/** As many samples of each class as the largest has: all of them as often as that goes, and for the rest others in each pass. */
function oversampled(labels: ArrayLike<number>, random: Random): number[] {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const group = groups.get(labels[i]);
    if (group) group.push(i);
    else groups.set(labels[i], [i]);
  }
  const most = Math.max(...[...groups.values()].map((group) => group.length));
  const sorted = [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
  return sorted.flatMap((group) => {
    const whole = Array.from({ length: Math.floor(most / group.length) }, () => group).flat();
    return [...whole, ...shuffled(group, random).slice(0, most - whole.length)];
  });
}
`
      : ''
  }`;
}

/** Class names may not be known; then classes.ts numbers them. */
function classWeightsCode({ fit: { classWeight }, labels }: Program): string {
  if (classWeight === null) return '';
  const count = labels.kind === 'binary' ? 2 : labels.count;
  if (classWeight === 'balanced')
    return `
/** n / (classes · n of the class), of the classes that are there. */
function balancedWeights(labels: ArrayLike<number>): number[] {
  const counts = new Array<number>(${number(count)}).fill(0);
  for (let i = 0; i < labels.length; i++) counts[labels[i]] += 1;
  const present = counts.filter((n) => n > 0).length;
  return counts.map((n) => (n === 0 ? 1 : labels.length / (present * n)));
}
`;
  const weightOf = (name: string): number => classWeight.find((one) => one.class === name)?.weight ?? 1;
  if (labels.names) return `\n/** What a sample of each class counts in the loss. */\nconst classWeights: readonly number[] = ${numbers(labels.names.map(weightOf))};\n`;
  const entries = classWeight.map(({ class: name, weight }) => `[${string(name)}, ${number(weight)}]`);
  return `
const weightOf = new Map<string, number>([${entries.join(', ')}]);

/** What a sample of each class counts in the loss. */
const classWeights: readonly number[] = classes.map((name) => weightOf.get(name) ?? 1);
`;
}
