/** CNN5xxx: training. */
import { entry } from './entry.ts';

export const trainingCodes = {};
