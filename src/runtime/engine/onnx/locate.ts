/** Where the child's program is (beside this file in src/, beside the bundle in dist/), and onnxruntime-node. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findEngines } from '../install/places.ts';

export function childPath(): string {
  const path = fileURLToPath(new URL('./onnx-child.cjs', import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} is missing from this installation`);
  return path;
}

/** The entry of the onnxruntime-node that serves, null where there is none. */
export const findOnnxRuntime = (): string | null => findEngines('onnx')[0]?.path ?? null;
