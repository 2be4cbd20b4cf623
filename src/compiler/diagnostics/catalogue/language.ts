/** CNN1xxx: the language. */
import { entry } from './entry.ts';

export const languageCodes = {};
