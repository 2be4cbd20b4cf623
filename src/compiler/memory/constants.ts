/**
 * What cannot be read off a graph, measured with `npx tsx bench/memory.ts` (two cores of an AMD EPYC, AVX2, Linux x64, Node 20, two threads,
 * glibc's malloc): least squares over its programs, rounded. Bytes where nothing else is said.
 */
const MB = 1e6;

/** cnnc's own process. */
export const own = {
  /** Node, the compiler, the trainer, sharp and the plots. */
  base: 115 * MB,
  /** Of weights and slots: read for a checkpoint while those of the one before wait to be collected, and on their way from the engine. */
  state: 2.3,
  /** An operation of the graph, as it is built and written for the engine. */
  operation: 20_000,
  /** Batches that are filled, waiting, or on their way to the engine. */
  batches: 8,
  /** Arrays are read whole, beside the file they come from. */
  arrays: 2,
} as const;

export const tensorflowCosts = {
  /** Node, libtensorflow, its threads and oneDNN. */
  base: 370 * MB,
  /** Of weights and slots: themselves, and what is left of their way in and out. */
  state: 2,
  /** Of the largest message with weights: it is there as bytes, as numbers, as a tensor, and waits to be collected. */
  message: 4,
  /** Of the tensors of a step: what oneDNN works in, and what malloc holds back. */
  tensors: 1.35,
  /** An operation of the graph: nodes, kernels, compiled primitives. */
  operation: 55_000,
} as const;

export const onnxCosts = {
  /** Node, onnxruntime and its threads. */
  base: 97 * MB,
  /** Of weights and slots: the values of a step, and those that it makes. */
  state: 2,
  /** As TensorFlow's. */
  message: 7,
  /** Of the arenas. */
  tensors: 1.15,
  /** A node of the models. */
  node: 10_000,
} as const;

/** Channels in a block of onnxruntime's convolutions: with AVX2 and on arm64. With AVX-512 it is 16, which makes little difference here. */
export const onnxBlock = 8;
