/** Where the child's program is (beside this file in src/, beside the bundle in dist/), and onnxruntime-node. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export function childPath(): string {
  const path = fileURLToPath(new URL('./onnx-child.cjs', import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} is missing from this installation`);
  return path;
}

/** The entry of the onnxruntime-node that is installed with us, null where there is none. */
export function findOnnxRuntime(): string | null {
  try {
    return createRequire(import.meta.url).resolve('onnxruntime-node');
  } catch {
    return null;
  }
}
