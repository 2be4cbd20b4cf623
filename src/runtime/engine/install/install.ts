/**
 * `cnnc engine install`: the engine that was asked for; without a name TensorFlow, and where that cannot be had the one that npm alone
 * brings, so that whoever could install cnnc can train.
 */
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import type { EngineKind } from '../engine.ts';
import { installOnnx } from './onnx.ts';
import type { Installed, InstallOptions } from './steps.ts';
import { installTensorFlow } from './tensorflow.ts';

export interface Installation extends Installed {
  /** Why it is not the faster engine. */
  readonly instead: Diagnostic | null;
}

/** Throws DiagnosticError CNN6010–CNN6016 (for both engines, where neither could be installed), or the signal's reason. */
export async function installEngine(kind: EngineKind | 'auto', options: InstallOptions): Promise<Installation> {
  if (kind === 'onnx') return { ...(await installOnnx(options)), instead: null };
  try {
    return { ...(await installTensorFlow(options)), instead: null };
  } catch (error) {
    if (kind !== 'auto' || !(error instanceof DiagnosticError)) throw error;
    options.progress('TensorFlow cannot be installed here; taking onnxruntime');
    try {
      return { ...(await installOnnx(options)), instead: error.diagnostics[0] };
    } catch (second) {
      throw second instanceof DiagnosticError ? new DiagnosticError([...error.diagnostics, ...second.diagnostics]) : second;
    }
  }
}
