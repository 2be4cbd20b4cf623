/** Tests that need the real engine: they say loudly when it is missing, and why they did not run. */
import { findEngines } from '../../src/runtime/engine/install/places.ts';

let told = false;

/** True where an engine is installed. `describe.skipIf(!engineAvailable())` is the way to use it. */
export function engineAvailable(): boolean {
  const there = findEngines('tensorflow').length > 0;
  if (!there && !told) {
    told = true;
    console.warn('\n*** SKIPPED: the TensorFlow engine is not installed here, so tests that train were not run. Type: npx cnnc engine install ***\n');
  }
  return there;
}

let toldOnnx = false;

/** True where the ONNX engine is installed. */
export function onnxAvailable(): boolean {
  const there = findEngines('onnx').length > 0;
  if (!there && !toldOnnx) {
    toldOnnx = true;
    console.warn('\n*** SKIPPED: the ONNX engine is not installed here, so tests of it were not run. Type: npx cnnc engine install onnx ***\n');
  }
  return there;
}
