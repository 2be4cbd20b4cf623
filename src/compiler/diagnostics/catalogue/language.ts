/** CNN1xxx: the language. Syntax (1100-1199) stands in syntax.ts. */
import { commentCodes } from './comments.ts';
import { programCodes } from './programs.ts';
import { wordCodes } from './words.ts';

export const languageCodes = { ...wordCodes, ...programCodes, ...commentCodes };
