/** What `cnnc build` can write: each target makes its files from a Program and, if there are any, trained weights. */
import type { Program } from '../../compiler/model/program.ts';
import type { Bundle } from '../../runtime/bundle/bundle.ts';
import { version } from '../version.ts';
import type { OutputFile } from './folder.ts';

type MakeFiles = (program: Program, bundle: Bundle | null) => Promise<readonly OutputFile[]>;

/** null: not in this version. */
export const targets: { readonly [target: string]: MakeFiles | null } = {
  typescript,
  savedmodel: savedModel,
  onnx,
  keras: null,
  pytorch: null,
  tfjs: null,
};

export const available = Object.keys(targets).filter((target) => targets[target] !== null);

async function typescript(program: Program, bundle: Bundle | null): Promise<readonly OutputFile[]> {
  const [{ printTypescript }, { format }] = await Promise.all([import('../../compiler/print/typescript/index.ts'), import('prettier')]);
  const named: Program = bundle ? { ...program, labels: { ...program.labels, names: bundle.classes } } : program;
  const files = await Promise.all(
    printTypescript(named, { weights: bundle !== null }).map(async ({ path, text }) => ({ path, data: await format(text, { filepath: path, ...style }) })),
  );
  return bundle ? [...files, ...weightFiles(bundle)] : files;
}

const style = { printWidth: 120, singleQuote: true } as const;

/** As the generated `src/weights.ts` reads them. */
function weightFiles({ weights, statistics }: Bundle): readonly OutputFile[] {
  const tensors = Object.entries({ ...weights, ...statistics });
  const entries = tensors.map(([name, { shape }]) => `    ${JSON.stringify({ name, shape })}`);
  const data = Buffer.concat(tensors.map(([, tensor]) => new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength)));
  return [
    { path: 'weights.json', data: `{\n  "schema": 1,\n  "tensors": [\n${entries.join(',\n')}\n  ]\n}\n` },
    { path: 'weights.bin', data },
  ];
}

/**
 * Without weights the whole training graph (signatures train, evaluate, predict, state, restore); with them a network
 * that predicts, and beside it model.json: names, shapes, classes.
 */
async function savedModel(program: Program, bundle: Bundle | null): Promise<readonly OutputFile[]> {
  const { buildTraining } = await import('../../compiler/graph/training.ts');
  if (!bundle) {
    const { toSavedModel } = await import('../../compiler/backend/tensorflow/saved-model.ts');
    return [{ path: 'saved_model.pb', data: toSavedModel(buildTraining(program)).bytes }];
  }
  const { toInferenceModel } = await import('../../compiler/backend/tensorflow/inference.ts');
  const graph = buildTraining(program, { pixels: bundle.pixels });
  const values = Object.fromEntries(Object.entries({ ...bundle.weights, ...bundle.statistics }).map(([name, { data }]) => [name, Float32Array.from(data)]));
  const { bytes, input, output } = toInferenceModel(graph.predict, values, program.labels.kind === 'values' ? 'values' : 'probabilities');
  const about = {
    schema: 1,
    model: program.name,
    signature: 'serving_default',
    input: { name: input, dtype: bundle.pixels, shape: [null, ...program.input] },
    output: { name: output, shape: [null, ...program.layers[program.layers.length - 1].output] },
    classes: bundle.classes,
  };
  const { format } = await import('prettier');
  return [
    { path: 'saved_model.pb', data: bytes },
    { path: 'model.json', data: await format(JSON.stringify(about), { parser: 'json', ...style }) },
  ];
}

/**
 * The network that predicts, preprocessing inside; what its pictures and numbers mean is in the file's metadata. Without weights those
 * that training would begin with, for trying out what the model goes into.
 */
async function onnx(program: Program, bundle: Bundle | null): Promise<readonly OutputFile[]> {
  const [{ buildTraining }, { initialWeights }, { toOnnxModel }] = await Promise.all([
    import('../../compiler/graph/training.ts'),
    import('../../compiler/graph/initial.ts'),
    import('../../compiler/backend/onnx/inference.ts'),
  ]);
  const pixels = bundle?.pixels ?? 'uint8';
  // For readers of models, which seldom know bfloat16.
  const graph = buildTraining({ ...program, compile: { ...program.compile, precision: 'float32' } }, { pixels });
  const values = bundle
    ? Object.fromEntries(Object.entries({ ...bundle.weights, ...bundle.statistics }).map(([name, { data }]) => [name, Float32Array.from(data)]))
    : { ...initialWeights(program, program.fit.seed), ...unknownStatistics(program) };
  const { kind, names } = program.labels;
  const output = kind === 'values' ? 'values' : 'probabilities';
  const { channels, resize, interpolation, exif } = program.data.image;
  const taken = { name: 'images', dtype: pixels, shape: ['N', ...program.input], colour: channels === 1 ? 'grey' : 'rgb', resize, interpolation, exif };
  const given = { name: output, shape: ['N', ...program.layers[program.layers.length - 1].output], ...(kind === 'binary' ? { of: 'classes[1]' } : {}) };
  const { bytes } = toOnnxModel(graph, values, output, {
    cnnc: version,
    model: program.name,
    labels: kind,
    classes: JSON.stringify(bundle?.classes ?? names ?? []),
    input: JSON.stringify(taken),
    output: JSON.stringify(given),
    weights: bundle ? 'trained' : 'initial',
  });
  return [{ path: 'model.onnx', data: bytes }];
}

/** Featurewise statistics that no data gave: they change nothing. */
const unknownStatistics = ({ input, preprocess }: Program): Record<string, Float32Array> => {
  const channels = input[input.length - 1];
  const size = preprocess.zca ? input.reduce((product, n) => product * n, 1) : 0;
  const unit = Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
  return { 'preprocess/mean': new Float32Array(channels), 'preprocess/std': new Float32Array(channels).fill(1), ...(preprocess.zca ? { 'preprocess/zca': unit } : {}) };
};
