/** `weights.ts` of the generated code: weights as files. */
import type { Program } from '../../model/program.ts';
import { featuresOf } from './features.ts';
import { header, importLine, lines, tfjs } from './module.ts';

export function weightsModule(program: Program): string {
  const { statistics } = featuresOf(program);
  const { featurewiseCenter, featurewiseStd, zca } = program.preprocess;
  const members = [
    ...(featurewiseCenter ? [['mean', 'preprocess/mean', '']] : []),
    ...(featurewiseStd ? [['std', 'preprocess/std', '']] : []),
    ...(zca ? [['zca', 'preprocess/zca', '<tf.Tensor2D>']] : []),
  ];
  return lines(
    header('Weights as two files: weights.json says what stands in weights.bin, 32-bit floats one after the other.'),
    tfjs,
    importLine('./model.ts', [], ['Model']),
    statistics && importLine('./preprocess.ts', [], ['Statistics']),
    `
export interface WeightsManifest {
  readonly schema: 1;
  /** In the order of the numbers. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** Tensors by name, for \`modelWith\`${statistics ? ' and `statisticsWith`' : ''}. */
export function readWeights(manifest: WeightsManifest, data: ArrayBuffer): Map<string, tf.Tensor> {
  const weights = new Map<string, tf.Tensor>();
  let at = 0;
  for (const { name, shape } of manifest.tensors) {
    const size = shape.reduce((product, d) => product * d, 1);
    weights.set(name, tf.tensor(new Float32Array(data, at, size), [...shape], 'float32'));
    at += size * Float32Array.BYTES_PER_ELEMENT;
  }
  if (at !== data.byteLength) throw new Error(\`The weights take \${at} bytes, but there are \${data.byteLength}.\`);
  return weights;
}

/** The two files of a model${statistics ? ' and its statistics' : ''}. */
export async function writeWeights(model: Model${statistics ? ', statistics: Statistics' : ''}): Promise<{ manifest: WeightsManifest; data: ArrayBuffer }> {
  const tensors = new Map<string, tf.Tensor>(model.variables);
  ${members.map(([member, name]) => `tensors.set('${name}', statistics.${member});`).join('\n  ')}
  const values = await Promise.all([...tensors.values()].map((tensor) => tensor.data<'float32'>()));
  const data = new Float32Array(values.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of values) {
    data.set(part, at);
    at += part.length;
  }
  return { manifest: { schema: 1, tensors: [...tensors].map(([name, { shape }]) => ({ name, shape })) }, data: data.buffer };
}
`,
    statistics &&
      `
/** The statistics among the weights. */
export function statisticsWith(weights: ReadonlyMap<string, tf.Tensor>): Statistics {
  const of = ${zca ? '<T extends tf.Tensor = tf.Tensor1D>' : ''}(name: string): ${zca ? 'T' : 'tf.Tensor1D'} => {
    const values = weights.get(name);
    if (!values) throw new Error(\`There are no statistics called \${name}.\`);
    return values as ${zca ? 'T' : 'tf.Tensor1D'};
  };
  return { ${members.map(([member, name, type]) => `${member}: of${type}('${name}')`).join(', ')} };
}
`,
  );
}
