/** `mse`: the mean over the outputs of the squared differences; of class labels, to their one-hot rows. */
import type { Value } from '../types.ts';
import type { LossContext } from './context.ts';

export const meanSquaredError = ({ g, network, targets }: LossContext): Value =>
  g.reduce('mean', g.squaredDifference(network.output, targets.rows), [1]);
