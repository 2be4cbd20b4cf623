/** src/runtime/engine/onnx/kernels/kernels.as → onnx-kernels.wasm, by AssemblyScript's compiler. */
import asc from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SOURCE = 'src/runtime/engine/onnx/kernels/kernels.as';

/** Bytes of the module; throws with the compiler's messages. */
export async function onnxKernels(): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--enable', 'simd'];
  // The compiler takes sources by their extension alone.
  const { error, stderr } = await asc.main(['kernels.ts', '--outFile', 'kernels.wasm', ...options], {
    readFile: (name) => (name === 'kernels.ts' ? readFileSync(root + SOURCE, 'utf8') : null),
    writeFile: (_, contents) => {
      wasm = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`${SOURCE} does not compile: ${stderr.toString() || String(error)}`);
  return wasm;
}

/** Where they stand in the project. */
export const KERNELS = 'src/runtime/engine/onnx/onnx-kernels.wasm';
