/** A trained model that answers: the bundle's graph on an engine, with the decoding and preprocessing of training. */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { buildTraining } from '../../compiler/graph/training.ts';
import type { GraphFunction, TrainingGraph } from '../../compiler/graph/types.ts';
import { decisionThreshold } from '../../compiler/model/decision.ts';
import type { Labels } from '../../compiler/model/program.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import { decodeImage, ImageError } from '../data/decode.ts';
import { mustRun } from '../engine/capable.ts';
import { openEngine, type EngineOptions } from '../engine/choose.ts';
import { EngineDied, type Engine } from '../engine/engine.ts';
import type { Bundle, Prediction, Predictor } from './bundle.ts';
import { loadBundle } from './files.ts';

export type PredictorOptions = Pick<EngineOptions, 'threads' | 'engine' | 'chosen'>;

/** Pictures in one call of the engine: bounds its memory. */
const chunk = 64;

/** `runFolder`: a run folder, or the `model` folder of one. Throws DiagnosticError (no model, damaged, no engine). */
export async function openPredictor(runFolder: string, options: PredictorOptions = {}): Promise<Predictor> {
  const bundle = await loadBundle(runFolder);
  return predictorOn(await openEngine(options), bundle);
}

/** Takes the engine over: it is closed with the predictor, or when loading fails. */
export async function predictorOn(engine: Engine, bundle: Bundle): Promise<Predictor> {
  const { program, weights, statistics, classes, pixels } = bundle;
  try {
    const graph = predicting(buildTraining(program, { pixels }));
    mustRun(engine.info.kind, graph, program, { spans: false });
    await alive(engine.load(graph));
    await alive(engine.restore({ ...weights, ...statistics }));
  } catch (error) {
    await engine.close();
    throw error;
  }
  const size = program.input.reduce((product, n) => product * n, 1);

  const predictPixels = async (data: Uint8Array | Float32Array, count: number): Promise<Float32Array> => {
    if (data.length !== count * size) throw new Error(`${count} pictures of ${size} numbers are not ${data.length} numbers`);
    const answers: Float32Array[] = [];
    for (let at = 0; at < count; at += chunk) {
      const n = Math.min(chunk, count - at);
      const x = { dtype: pixels, shape: [n, ...program.input], data: data.subarray(at * size, (at + n) * size) };
      answers.push((await alive(engine.run('predict', { x }))).y.data as Float32Array);
    }
    if (answers.length === 1) return answers[0];
    const all = new Float32Array(answers.reduce((sum, a) => sum + a.length, 0));
    answers.reduce((at, answer) => (all.set(answer, at), at + answer.length), 0);
    return all;
  };

  return {
    bundle,
    predictPixels,
    async predict(image, top) {
      if (pixels !== 'uint8') throw new DiagnosticError([diagnostic('CNN6064', fileSpan(''), {})]);
      let decoded: Uint8Array;
      try {
        decoded = await decodeImage(image, program.data.image);
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        throw new DiagnosticError([diagnostic('CNN6063', fileSpan(''), { path: null, reason: error.message })]);
      }
      return ranked(await predictPixels(decoded, 1), program.labels, classes, top, decisionThreshold(program));
    },
    close: () => engine.close(),
  };
}

/** The graph without its training: an engine has less to prepare. */
function predicting(graph: TrainingGraph): TrainingGraph {
  const none = (fn: GraphFunction): GraphFunction => ({ ...fn, inputs: [], outputs: {}, updates: [] });
  return { ...graph, variables: graph.variables.filter(({ role }) => role !== 'slot'), train: none(graph.train), evaluate: none(graph.evaluate) };
}

/** The end of the engine's process, as a message. */
async function alive<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof EngineDied ? new DiagnosticError([diagnostic('CNN6066', fileSpan(''), { reason: error.reason })]) : error;
  }
}

/** A prediction for programs. Values stand in `top` as well, where every answer of this schema has been since its beginning; `probability` is then the value. */
export function predictionJson({ top, labels, values }: Prediction): Readonly<Record<string, unknown>> {
  if (values) return { values, top: values.map(({ name, value }) => ({ class: name, probability: value })) };
  return labels ? { labels, top } : { top };
}

/**
 * One row of outputs: classes and labels by descending probability, equal ones in the order of the classes; values in their own
 * order. `threshold`: above it a yes-or-no answer is a yes.
 */
export function ranked(row: ArrayLike<number>, { kind }: Labels, classes: readonly string[], top: number, threshold = 0.5): Prediction {
  const outputs = kind === 'binary' ? [1 - row[0], row[0]] : Array.from(row);
  if (kind === 'values') return { top: [], values: outputs.map((value, i) => ({ name: classes[i] ?? String(i), value })) };
  const all = outputs.map((probability, i) => ({ class: classes[i] ?? String(i), probability }));
  const least = Math.fround(threshold);
  if (kind === 'binary') return { top: (row[0] > least ? all.reverse() : all).slice(0, top) };
  all.sort((a, b) => b.probability - a.probability);
  const labels = kind === 'multilabel' ? { labels: all.filter(({ probability }) => probability > least).map((one) => one.class) } : {};
  return { top: all.slice(0, top), ...labels };
}
