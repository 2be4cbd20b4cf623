/** `cnnc fmt FILE…`: the one layout, in place, to be compared with, or from stdin to stdout. */
import type { Command } from 'commander';
import { Exit, out, say } from '../io.ts';

interface Options {
  readonly check?: boolean;
}

export function add(cli: Command): void {
  cli
    .command('fmt')
    .argument('<file...>', 'programs, or - for standard input')
    .description('format programs in place')
    .option('--check', 'change nothing; name the files that are not formatted and exit with 1')
    .addHelpText('after', '\nExamples:\n  cnnc fmt flowers.cnn\n  cnnc fmt --check *.cnn\n  cnnc fmt - < flowers.cnn\n')
    .action(fmt);
}

async function fmt(files: readonly string[], options: Options): Promise<void> {
  for (const file of files) {
    try {
      if (!(await formatOne(file, options.check === true))) process.exitCode = Exit.errors;
    } catch (error) {
      // A program that cannot be read or parsed leaves the others to be formatted.
      const [{ DiagnosticError }, { fail }] = await Promise.all([import('../../compiler/diagnostics/diagnostic.ts'), import('../fail.ts')]);
      if (!(error instanceof DiagnosticError)) throw error;
      if (file === '-') await reportStdin(error);
      else await fail(error);
      process.exitCode = Exit.errors;
    }
  }
}

/** The text of standard input, kept for messages. */
let input = '';

async function reportStdin(error: import('../../compiler/diagnostics/diagnostic.ts').DiagnosticError): Promise<void> {
  const [{ report }, { sourceFile }] = await Promise.all([import('../fail.ts'), import('../../compiler/source/source.ts')]);
  await report(error.diagnostics, [sourceFile('-', input)]);
}

/** Whether the file was as it should be, or now is. */
async function formatOne(file: string, check: boolean): Promise<boolean> {
  const [{ format }, { readProgram }] = await Promise.all([import('../../compiler/format/format.ts'), import('../program.ts')]);
  if (file === '-') {
    input = await readStdin();
    const formatted = await format(input, file);
    if (check) return formatted === input;
    process.stdout.write(formatted);
    return true;
  }
  const text = await readProgram(file);
  const formatted = await format(text, file);
  if (formatted === text) return true;
  if (check) {
    out(file);
    return false;
  }
  const [{ writeFileAtomic }, { realpath }] = await Promise.all([import('../../runtime/files/atomic.ts'), import('node:fs/promises')]);
  await writeFileAtomic(await realpath(file), formatted);
  say(`formatted ${file}`);
  return true;
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
