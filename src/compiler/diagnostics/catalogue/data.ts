/** CNN4xxx: data. */
import { entry } from './entry.ts';

export const dataCodes = {};
