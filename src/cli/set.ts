/** The option `--set section.word=value`. */
import { InvalidArgumentError } from 'commander';

/** Collects `--set fit.batch=32` for commander: one object of all. */
export function collectSet(text: string, all: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('A setting is written section.word=value, for example fit.batch=32.');
  return { ...all, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}
