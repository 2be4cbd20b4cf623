/** CNN3xxx: shapes. */
import { entry } from './entry.ts';

export const shapeCodes = {};
