/** Every operation. A missing one is a compile error. */
import type { OpName } from '../types.ts';
import { binary, compare, logical, select } from './binary.ts';
import { conv2d, conv2dFilterGrad, conv2dInputGrad, conv2dTranspose } from './convolution.ts';
import type { OpDefinition } from './definition.ts';
import { depthwiseConv2d, depthwiseFilterGrad, depthwiseInputGrad } from './depthwise.ts';
import { applyMask, dropoutMask, uniform } from './dropout.ts';
import { crop, pad, upsampleBilinear, upsampleBilinearGrad } from './image.ts';
import { biasAdd, biasAddGrad, matmul } from './linear.ts';
import { batchNormInference, batchNormTrain, batchNormTrainGrad } from './normalization.ts';
import { adamUpdate, momentumUpdate, sgdUpdate } from './optimizer.ts';
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from './pool.ts';
import { argMax, batchSize, inTopK, oneHot, reduce } from './reduce.ts';
import { broadcastLike, cast, concat, reshape, slice, stopGradient, sumToShape, transpose } from './shape.ts';
import { logSoftmax, softmax, softmaxCrossEntropy, sparseSoftmaxCrossEntropy } from './softmax.ts';
import { constant, input, variable } from './source.ts';
import { leakyRelu, leakyReluGrad, unary, unaryGrad } from './unary.ts';
import { warp } from './warp.ts';

export const operations: { readonly [K in OpName]: OpDefinition<K> } = {
  input, variable, constant,
  unary, unaryGrad, leakyRelu, leakyReluGrad, binary, compare, logical, select,
  cast, stopGradient, reshape, transpose, concat, slice, sumToShape, broadcastLike,
  reduce, batchSize, argMax, inTopK, oneHot,
  matmul, biasAdd, biasAddGrad, conv2d, conv2dInputGrad, conv2dFilterGrad, conv2dTranspose,
  depthwiseConv2d, depthwiseInputGrad, depthwiseFilterGrad, pad, crop, upsampleBilinear, upsampleBilinearGrad,
  maxPool, maxPoolGrad, avgPool, avgPoolGrad,
  batchNormTrain, batchNormTrainGrad, batchNormInference,
  softmax, logSoftmax, softmaxCrossEntropy, sparseSoftmaxCrossEntropy,
  dropoutMask, uniform, applyMask, warp,
  adamUpdate, sgdUpdate, momentumUpdate,
};
