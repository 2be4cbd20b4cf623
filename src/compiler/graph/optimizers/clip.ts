/** Limits of gradients. Source: Keras base_optimizer.py (`_clip_gradients`, `clip_by_global_norm`) and tf.clip_by_norm. */
import type { OptimizerOptions } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';

export function clipGradients(g: Builder, gradients: readonly Value[], clip: OptimizerOptions['clip']): readonly Value[] {
  if (clip === null || gradients.length === 0) return gradients;
  const limit = g.scalar(clip.limit);
  switch (clip.by) {
    case 'value':
      return gradients.map((gradient) => g.minimum(g.maximum(gradient, g.scalar(-clip.limit)), limit));
    case 'norm':
      return gradients.map((gradient) => g.div(g.mul(gradient, limit), g.maximum(g.unary('sqrt', squares(g, gradient)), limit)));
    case 'global_norm': {
      const norm = g.unary('sqrt', gradients.map((gradient) => squares(g, gradient)).reduce((a, b) => g.add(a, b)));
      // An infinite norm makes all of them NaN, as in Keras: norm − norm is 0 otherwise.
      const scale = g.add(g.mul(limit, g.minimum(g.unary('reciprocal', norm), g.scalar(1 / clip.limit))), g.sub(norm, norm));
      return gradients.map((gradient) => g.mul(gradient, scale));
    }
  }
}

const squares = (g: Builder, x: Value): Value => g.reduce('sum', g.unary('square', x), x.shape.map((_, axis) => axis));
