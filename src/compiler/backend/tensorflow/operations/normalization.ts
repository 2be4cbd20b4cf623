/** Batch normalisation by FusedBatchNormV3 (Keras itself is unfused), softmax and its losses. */
import type { Ref, Writer } from '../writer.ts';
import { BATCH } from '../../../graph/types.ts';
import { reshape, sizeOf } from './definition.ts';
import type { Emits } from './definition.ts';

/** The kernel takes rank 4 only: [.., C] becomes [rows, 1, 1, C]. */
const asImage = (w: Writer, x: Ref, shape: readonly number[]): Ref => (shape.length === 4 ? x : reshape(w, x, [-1, 1, 1, shape[shape.length - 1]]));
const asBefore = (w: Writer, x: Ref, shape: readonly number[]): Ref => (shape.length === 4 ? x : reshape(w, x, shape));

/** float32 []: the number of elements a channel has in the batch. */
function samplesOf(w: Writer, x: Ref, shape: readonly number[]): Ref {
  const inner = shape.slice(0, -1);
  if (!inner.includes(BATCH)) return w.constant('float32', sizeOf(inner));
  const all = w.one('Prod', [w.one('Shape', [x], { out_type: 'int32' }), w.constant('int32', [0])]);
  return w.one('RealDiv', [w.one('Cast', [all], { DstT: 'float32' }), w.constant('float32', shape[shape.length - 1])]);
}

export const normalization: Emits<'batchNormTrain' | 'batchNormTrainGrad' | 'batchNormInference'> = {
  batchNormTrain({ w, reserve }, op, [x, gamma, beta]) {
    const { shape } = op.inputs[0];
    const nothing = w.constant('float32', [], [0]);
    const [y, mean, unbiased, ...reserved] = w.add('FusedBatchNormV3', [asImage(w, x, shape), gamma, beta, nothing, nothing], {
      epsilon: op.attrs.epsilon,
      is_training: true,
    });
    reserve.set(op, reserved);
    // The kernel multiplies its variance by n/(n−1), and by 1 where n = 1, when it is 0 anyway.
    const n = samplesOf(w, x, shape);
    const biased = w.one('Mul', [unbiased, w.one('RealDiv', [w.one('Sub', [n, w.constant('float32', 1)]), n])]);
    return [asBefore(w, y, shape), mean, biased];
  },
  batchNormTrainGrad({ w, reserve }, op, [dy, x, gamma, mean, variance]) {
    const { shape } = op.inputs[1];
    // On CPU the kernel keeps the mean and the biased variance for its gradient; the third is oneDNN's.
    const reserved = reserve.get(op.inputs[3].node) ?? [mean, variance, w.constant('float32', [], [0])];
    const [dx, dgamma, dbeta] = w.add('FusedBatchNormGradV3', [asImage(w, dy, shape), asImage(w, x, shape), gamma, ...reserved], {
      epsilon: op.attrs.epsilon,
      is_training: true,
    });
    return [asBefore(w, dx, shape), dgamma, dbeta];
  },
  batchNormInference({ w }, { attrs, inputs }, [x, gamma, beta, mean, variance]) {
    const { shape } = inputs[0];
    const y = w.one('FusedBatchNormV3', [asImage(w, x, shape), gamma, beta, mean, variance], { epsilon: attrs.epsilon, is_training: false });
    return [asBefore(w, y, shape)];
  },
};

export const softmaxes: Emits<'softmax' | 'logSoftmax' | 'softmaxCrossEntropy' | 'sparseSoftmaxCrossEntropy'> = {
  softmax: ({ w }, _, [x]) => w.add('Softmax', [x]),
  logSoftmax: ({ w }, _, [x]) => w.add('LogSoftmax', [x]),
  softmaxCrossEntropy({ w }, _, [logits, targets]) {
    const [loss] = w.add('SoftmaxCrossEntropyWithLogits', [logits, targets]);
    // The kernel's own gradient takes the targets' sum for 1; ours does not (weighted or partial targets).
    const total = w.one('Sum', [targets, w.constant('int32', [1])], { keep_dims: true });
    return [loss, w.one('Sub', [w.one('Mul', [w.one('Softmax', [logits]), total]), targets])];
  },
  sparseSoftmaxCrossEntropy: ({ w }, _, [logits, labels]) => w.add('SparseSoftmaxCrossEntropyWithLogits', [logits, labels]),
};
