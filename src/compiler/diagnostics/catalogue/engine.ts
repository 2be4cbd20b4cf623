/** CNN6xxx: the engine, files and commands. */
import { entry } from './entry.ts';

export const engineCodes = {};
