/** `categorical_generalized_crossentropy`: (1 − p^q)/q of the right class's probability (Zhang and Sabuncu 2018), as in Keras (losses.py): neither fused nor clipped. */
import type { Loss } from '../../model/program.ts';
import type { Value } from '../types.ts';
import type { LossContext } from './context.ts';

export function generalizedCrossEntropy({ g, network, targets }: LossContext, { q }: Extract<Loss, { readonly kind: 'categorical_generalized_crossentropy' }>): Value {
  const p = g.reduce('sum', g.mul(network.output, targets.rows), [1]);
  return g.div(g.sub(g.scalar(1), g.pow(p, g.scalar(q))), g.scalar(q));
}
