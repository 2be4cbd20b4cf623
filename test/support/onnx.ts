/** Tests that need onnxruntime: they say loudly when it is missing, and why they did not run. */
import { findOnnxRuntime } from '../../src/runtime/engine/onnx/locate.ts';

let told = false;

/** True where it is installed. `describe.skipIf(!onnxAvailable())` is the way to use it. */
export function onnxAvailable(): boolean {
  const there = findOnnxRuntime() !== null;
  if (!there && !told) {
    told = true;
    console.warn('\n*** SKIPPED: the ONNX engine is not installed here, so tests that run on it were not run. Type: npx cnnc engine install onnx ***\n');
  }
  return there;
}
