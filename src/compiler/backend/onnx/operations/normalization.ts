/** Batch normalisation by means and BatchNormalization, softmax and its cross-entropies. */
import type { Emits } from './definition.ts';
import { alike } from './elementwise.ts';
import { channelsFirst, plain, reshape, result } from './definition.ts';

export const normalization: Emits<'batchNormTrain' | 'batchNormTrainGrad' | 'batchNormInference'> = {
  batchNormTrain(context, { attrs, outputs }, [given, gamma, beta]) {
    const { w } = context;
    const { name: x, axes, back } = channelsFirst(context, given);
    const mean = w.one('ReduceMean', [x, w.ints(axes)], { keepdims: 1 });
    const centred = w.one('Sub', [x, mean]);
    const variance = w.one('ReduceMean', [w.one('Mul', [centred, centred]), w.ints(axes)], { keepdims: 0 });
    const flat = reshape(w, mean, [-1]);
    const y = w.one('BatchNormalization', [x, plain(context, gamma), plain(context, beta), flat, variance], { epsilon: { float: attrs.epsilon } });
    return [back(y, outputs[0]), result(flat, outputs[1]), result(variance, outputs[2])];
  },

  /** With x̂ = (x − mean)·inverse: dx = γ·inverse·(dy − mean(dy) − x̂·mean(dy·x̂)). */
  batchNormTrainGrad(context, { attrs, outputs }, [dyGiven, xGiven, gamma, mean, variance]) {
    const { w } = context;
    const { name: x, axes, column, back } = channelsFirst(context, xGiven);
    const { name: dy } = channelsFirst(context, alike(context, xGiven, dyGiven));
    const vector = (v: string): string => reshape(w, v, column);
    const inverse = w.one('Reciprocal', [w.one('Sqrt', [w.one('Add', [plain(context, variance), w.floats(attrs.epsilon)])])]);
    const centred = w.one('Sub', [x, vector(plain(context, mean))]);
    const total = (v: string): string => w.one('ReduceSum', [v, w.ints(axes)], { keepdims: 0 });
    const average = (v: string): string => w.one('ReduceMean', [v, w.ints(axes)], { keepdims: 0 });
    const product = w.one('Mul', [dy, centred]);
    const dbeta = total(dy);
    const dgamma = w.one('Mul', [total(product), inverse]);
    const scale = w.one('Mul', [plain(context, gamma), inverse]);
    // dx = scale·dy − slope·(x − mean) − offset
    const slope = w.one('Mul', [scale, w.one('Mul', [average(product), w.one('Mul', [inverse, inverse])])]);
    const offset = w.one('Mul', [scale, average(dy)]);
    const dx = w.one('Sub', [w.one('Sub', [w.one('Mul', [dy, vector(scale)]), w.one('Mul', [centred, vector(slope)])]), vector(offset)]);
    return [back(dx, outputs[0]), result(dgamma, outputs[1]), result(dbeta, outputs[2])];
  },

  batchNormInference(context, { attrs, outputs }, [given, ...statistics]) {
    const { name: x, back } = channelsFirst(context, given);
    const y = context.w.one('BatchNormalization', [x, ...statistics.map((s) => plain(context, s))], { epsilon: { float: attrs.epsilon } });
    return [back(y, outputs[0])];
  },
};

export const softmaxes: Emits<'softmax' | 'logSoftmax' | 'softmaxCrossEntropy' | 'sparseSoftmaxCrossEntropy'> = {
  softmax: (context, { outputs }, [x]) => [result(context.w.one('Softmax', [plain(context, x)], { axis: -1 }), outputs[0])],
  logSoftmax: (context, { outputs }, [x]) => [result(context.w.one('LogSoftmax', [plain(context, x)], { axis: -1 }), outputs[0])],

  softmaxCrossEntropy(context, { outputs }, [logitsGiven, targetsGiven]) {
    const { w } = context;
    const [logits, targets] = [plain(context, logitsGiven), plain(context, targetsGiven)];
    const logs = w.one('LogSoftmax', [logits], { axis: -1 });
    // 0 · −∞ is 0: a class without target adds nothing.
    const costs = w.one('Where', [w.one('Equal', [targets, w.floats(0)]), w.floats(0), w.one('Mul', [targets, logs])]);
    const loss = w.one('Neg', [w.one('ReduceSum', [costs, w.ints([1])], { keepdims: 0 })]);
    const total = w.one('ReduceSum', [targets, w.ints([1])], { keepdims: 1 });
    const backprop = w.one('Sub', [w.one('Mul', [w.one('Softmax', [logits], { axis: -1 }), total]), targets]);
    return [result(loss, outputs[0]), result(backprop, outputs[1])];
  },

  sparseSoftmaxCrossEntropy(context, { inputs, outputs }, [logitsGiven, labels]) {
    const { w } = context;
    const logits = plain(context, logitsGiven);
    const column = reshape(w, labels.name, [-1, 1]);
    const logs = w.one('LogSoftmax', [logits], { axis: -1 });
    const loss = w.one('Neg', [reshape(w, w.one('GatherElements', [logs, column], { axis: 1 }), [-1])]);
    const classes = w.constant('int32', Array.from({ length: inputs[0].shape[1] }, (_, i) => i));
    const hit = w.one('Cast', [w.one('Equal', [column, classes])], { to: 1 });
    return [result(loss, outputs[0]), result(w.one('Sub', [w.one('Softmax', [logits], { axis: -1 }), hit]), outputs[1])];
  },
};
