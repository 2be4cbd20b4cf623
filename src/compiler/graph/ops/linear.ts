/** Matrix products and biases. */
import { ndarray } from '../ndarray.ts';
import type { Value } from '../types.ts';
import { BATCH } from '../types.ts';
import type { GradientContext, OpDefinition } from './definition.ts';
import { channelsOf, expectInputs, expectShape, fail, float, showType } from './definition.ts';

function matmulGradient({ g, dy, inputs: [a, b], attrs: { transposeA, transposeB }, needs }: GradientContext<'matmul'>): (Value | null)[] {
  const da = (): Value => (transposeA ? g.matmul(b, dy, { transposeA: transposeB, transposeB: true }) : g.matmul(dy, b, { transposeB: !transposeB }));
  const db = (): Value => (transposeB ? g.matmul(dy, a, { transposeA: true, transposeB: transposeA }) : g.matmul(a, dy, { transposeA: !transposeA }));
  return [needs[0] ? da() : null, needs[1] ? db() : null];
}

export const matmul: OpDefinition<'matmul'> = {
  infer(inputs, { transposeA, transposeB }) {
    expectInputs('matmul', inputs, [['float', 2], ['float', 2]]);
    const [m, k] = transposeA ? [...inputs[0].shape].reverse() : inputs[0].shape;
    const [k2, p] = transposeB ? [...inputs[1].shape].reverse() : inputs[1].shape;
    if (k !== k2 || p === BATCH) fail(`matmul of ${showType(inputs[0])}${transposeA ? 'ᵀ' : ''} and ${showType(inputs[1])}${transposeB ? 'ᵀ' : ''}`);
    return [float([m, p], inputs[0])];
  },
  gradient: matmulGradient,
  evaluate([a, b], { transposeA, transposeB }) {
    const [m, k] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
    const p = transposeB ? b.shape[0] : b.shape[1];
    const [am, ak] = transposeA ? [1, m] : [k, 1];
    const [bk, bp] = transposeB ? [1, k] : [p, 1];
    const out = ndarray([m, p]);
    for (let i = 0; i < m; i++) {
      for (let l = 0; l < k; l++) {
        const factor = a.data[i * am + l * ak];
        for (let j = 0; j < p; j++) out.data[i * p + j] += factor * b.data[l * bk + j * bp];
      }
    }
    return [out];
  },
};

export const biasAdd: OpDefinition<'biasAdd'> = {
  infer(inputs) {
    expectInputs('biasAdd', inputs, [['float'], ['float', 1]]);
    expectShape('biasAdd', 'the bias', inputs[1], [channelsOf('biasAdd', inputs[0])]);
    return [inputs[0]];
  },
  gradient: ({ g, dy, needs }) => [dy, needs[1] ? g.biasAddGrad(dy) : null],
  evaluate: ([x, bias]) => [ndarray(x.shape, x.data.map((v, i) => v + bias.data[i % bias.data.length]))],
};

export const biasAddGrad: OpDefinition<'biasAddGrad'> = {
  infer(inputs) {
    expectInputs('biasAddGrad', inputs, [['float']]);
    return [float([channelsOf('biasAddGrad', inputs[0])], inputs[0])];
  },
  gradient: 'none',
  evaluate([dy]) {
    const out = ndarray([dy.shape.at(-1)!]);
    dy.data.forEach((v, i) => {
      out.data[i % out.data.length] += v;
    });
    return [out];
  },
};
