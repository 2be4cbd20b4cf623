/** How the files that a program imports are read: text files of a sane size, which lie in the program's folder also when links are followed. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { ImportOptions, ReadImport } from '../compiler/imports.ts';
import { textLimit } from '../compiler/syntax/limits.ts';
import { reasonOf } from '../runtime/train/reason.ts';

/** `anywhere`: `--allow-path` was given. Each file is read once, so that all that one command compiles is of one kind. */
export function importsFor(program: string, anywhere = false): ImportOptions {
  const done = new Map<string, ReturnType<ReadImport>>();
  return {
    anywhere,
    read(path) {
      const found = done.get(path) ?? readImport(path, program, anywhere);
      done.set(path, found);
      return found;
    },
  };
}

function readImport(path: string, program: string, anywhere: boolean): ReturnType<ReadImport> {
  try {
    const [file, home] = [realpathSync(path), realpathSync(dirname(program))];
    if (!anywhere && !file.startsWith(home.endsWith(sep) ? home : home + sep)) return { problem: "it is a link that leads out of the program's folder" };
    const info = statSync(file);
    if (!info.isFile()) return { problem: 'it is no file' };
    if (info.size > 3 * textLimit) return { problem: 'it is too large for a program' };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) };
  } catch (error) {
    if (error instanceof TypeError) return { problem: 'it is no UTF-8 text' };
    return { problem: reasonOf(error) };
  }
}
