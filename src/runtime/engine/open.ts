/** Starts an engine that was found. */
import type { Engine } from './engine.ts';
import type { FoundEngine } from './install/places.ts';
import { openOnnx } from './onnx/engine.ts';
import { openTensorFlow } from './tensorflow/engine.ts';

/** Rejects with the reason, in words, where it does not start. */
export const openFound = ({ kind, path }: Pick<FoundEngine, 'kind' | 'path'>, threads: number): Promise<Engine> =>
  kind === 'tensorflow' ? openTensorFlow({ addonPath: path, threads }) : openOnnx({ runtimePath: path, threads });
