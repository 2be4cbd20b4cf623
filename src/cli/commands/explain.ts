/** `cnnc explain CODE|WORD`: the page of a message, or of a word of the language. */
import type { Command } from 'commander';
import type { Word } from '../../compiler/vocabulary/types.ts';
import { Exit, out, say } from '../io.ts';

export function add(cli: Command): void {
  cli
    .command('explain')
    .argument('[topic]', 'a code such as CNN3004, a word such as conv, or a group such as layers; without one: what there is')
    .description('explain a message or a word of the language')
    .addHelpText('after', '\nExamples:\n  cnnc explain CNN3004\n  cnnc explain conv\n  cnnc explain layers\n')
    .action(explain);
}

async function explain(topic: string | undefined): Promise<void> {
  if (topic === undefined) return list();
  const text = /^(CNN)?\d{4}$/i.test(topic) ? await pageOfCode(topic) : await pageOfWord(topic);
  if (text) out(text);
  else process.exitCode = Exit.usage;
}

async function pageOfCode(topic: string): Promise<string | null> {
  const { pages } = await import('../../compiler/diagnostics/pages.ts');
  const code = `CNN${topic.slice(-4)}`;
  if (!pages[code]) say(`There is no message ${code}; cnnc explain lists them.`);
  return pages[code] ?? null;
}

async function pageOfWord(topic: string): Promise<string | null> {
  const [{ aliases, allWords, plainSpelling, words }, { wordPage }] = await Promise.all([import('../../compiler/vocabulary/index.ts'), import('../../compiler/vocabulary/page.ts')]);
  const found = words.get(topic) ?? aliases.get(plainSpelling(topic));
  if (found) return found.map((word) => wordPage(word)).join('\n\n');
  const group = allWords.filter((word) => word.group === topic || `${word.group}s` === topic || (word.group === 'loss' && topic === 'losses'));
  if (group.length > 0) return wordsOf(group);
  const { suggest } = await import('../../compiler/diagnostics/suggest.ts');
  const old = new Map([...aliases].flatMap(([alias, [word]]) => [[alias, word.word] as const]));
  const near = suggest(topic, words.keys(), old);
  say(`There is no word \`${topic}\` in the language${near ? `; did you mean \`${near.word}\`?` : '; cnnc explain lists them.'}`);
  return null;
}

/** The words of a group, a line each: `cnnc explain layers`. */
function wordsOf(group: readonly Word[]): string {
  const width = Math.max(...group.map(({ word }) => word.length)) + 2;
  return group.map(({ word, doc, later }) => `${word.padEnd(width)}${doc}${later ? ' (not in this version yet)' : ''}`).join('\n');
}

async function list(): Promise<void> {
  const [{ allWords }, { catalogue }] = await Promise.all([import('../../compiler/vocabulary/index.ts'), import('../../compiler/diagnostics/catalogue.ts')]);
  const groups = new Map<string, string[]>();
  for (const { group, word, later } of allWords) if (!later) groups.set(group, [...(groups.get(group) ?? []), word]);
  const words = [...groups].map(([group, list]) => `${group.padEnd(12)}${[...new Set(list)].join(' ')}`);
  const codes = Object.entries(catalogue)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, entry]) => `${code}     ${entry.title}`);
  out(['Words:', ...words, '', 'Messages:', ...codes].join('\n'));
}
