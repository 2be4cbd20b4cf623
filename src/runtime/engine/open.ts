/** Starts an engine that was found. */
import type { Engine } from './engine.ts';
import type { FoundEngine } from './install/places.ts';
import { inParts } from './in-parts.ts';
import { openOnnx } from './onnx/engine.ts';
import { openTensorFlow } from './tensorflow/engine.ts';

/** Rejects with the reason, in words, where it does not start. */
export const openFound = async ({ kind, path }: Pick<FoundEngine, 'kind' | 'path'>, threads: number): Promise<Engine> =>
  inParts(await (kind === 'tensorflow' ? openTensorFlow({ addonPath: path, threads }) : openOnnx({ runtimePath: path, threads })));
