/** A run folder with a trained model, as far as `build --weights` reads it: the program's initial weights stand for trained ones. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { initialWeights } from '../../src/compiler/graph/initial.ts';
import { variablesOf } from '../../src/compiler/graph/training.ts';
import type { Program } from '../../src/compiler/model/program.ts';
import type { Bundle } from '../../src/runtime/bundle/bundle.ts';
import { saveBundle } from '../../src/runtime/bundle/files.ts';
import type { Tensors } from '../../src/runtime/engine/engine.ts';

export async function trainedRun(folder: string, program: Program, classes: readonly string[]): Promise<Bundle> {
  const values = initialWeights(program, 3);
  const tensors = (role: 'weight' | 'statistic', of: (name: string, size: number) => Float32Array): Tensors =>
    Object.fromEntries(
      variablesOf(program)
        .filter((variable) => variable.role === role)
        .map(({ name, type }) => [name, { dtype: 'float32' as const, shape: type.shape, data: of(name, type.shape.reduce((a, b) => a * b, 1)) }]),
    );
  const bundle: Bundle = {
    program,
    // Biases and moving statistics away from 0 and 1, so that leaving one out would show.
    weights: tensors('weight', (name) => values[name].map((value, i) => (name.endsWith('kernel') ? value : value + 0.1 + 0.01 * i))),
    statistics: tensors('statistic', (_, size) => Float32Array.from({ length: size }, (__, i) => 0.3 + 0.1 * i)),
    classes,
    pixels: 'uint8',
  };
  await mkdir(join(folder, 'model'), { recursive: true });
  await saveBundle(join(folder, 'model'), bundle, { cnnc: '0.1.0', created: '2025-01-01T00:00:00.000Z' });
  return bundle;
}
