/** CNN2xxx: labels, heads, losses and metrics. */
import { entry } from './entry.ts';

export const labelCodes = {};
