/**
 * The trained model as data: `model/program.json` (Program), `model/weights.npz`, `model/statistics.npz` when featurewise,
 * `model/bundle.json` ({schema, cnnc, classes, pixels, created}). The graph is rebuilt from the Program, never loaded.
 */
import type { Program } from '../../compiler/model/program.ts';
import type { Tensors } from '../engine/engine.ts';

export interface Bundle {
  readonly program: Program;
  /** Of role weight, by graph variable name. */
  readonly weights: Tensors;
  /** `preprocess/mean`, `preprocess/std` (float32 [C]) or empty. */
  readonly statistics: Tensors;
  readonly classes: readonly string[];
  /** How pixels entered training: pictures as 0..255, or arrays of numbers as they were. */
  readonly pixels: 'uint8' | 'float32';
}

export interface Prediction {
  /** Classes or labels, most probable first (of `binary` the answer first); of values none. */
  readonly top: readonly { readonly class: string; readonly probability: number }[];
  /** Of several labels: those above the threshold, most probable first, however few `top` has. */
  readonly labels?: readonly string[];
  /** Of values: all of them, in their order. */
  readonly values?: readonly { readonly name: string; readonly value: number }[];
}

/** Predicts pictures with the preprocessing of training. Used by `predict`, `serve`, exports' tests. */
export interface Predictor {
  readonly bundle: Bundle;
  /** Encoded pictures (png, jpg, webp bytes); rejects with DiagnosticError for one that cannot be decoded. */
  predict(image: Uint8Array, top: number): Promise<Prediction>;
  /** Decoded pixels [n, H, W, C] as the graph takes them → [n, K]. */
  predictPixels(pixels: Uint8Array | Float32Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}
