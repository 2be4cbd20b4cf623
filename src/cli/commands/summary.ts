/** `cnnc summary FILE`: layers, shapes, parameters, multiply-adds and memory of the network. */
import type { Command } from 'commander';
import { Exit, out } from '../io.ts';
import { collectSet } from '../set.ts';

interface Options {
  readonly json?: boolean;
  readonly set?: Readonly<Record<string, string>>;
}

export function add(cli: Command): void {
  cli
    .command('summary')
    .argument('<file>', 'a program, such as flowers.cnn')
    .description('show the layers, shapes, parameters, multiply-adds and memory of a network')
    .option('--json', 'as JSON (docs/cli.md)')
    .option('--set <setting=value>', 'change a setting, for example fit.batch=32; may be repeated', collectSet)
    .addHelpText('after', '\nExamples:\n  cnnc summary flowers.cnn\n  cnnc summary flowers.cnn --json\n')
    .action(summary);
}

async function summary(file: string, options: Options): Promise<void> {
  const [{ compileFile }, { report }] = await Promise.all([import('../program.ts'), import('../fail.ts')]);
  const result = await compileFile(file, options.set);
  await report(result.diagnostics, [...result.sources.values()]);
  if (!result.program) {
    process.exitCode = Exit.errors;
    return;
  }
  if (options.json) {
    const { summarise } = await import('../../compiler/model/summary.ts');
    out(JSON.stringify(summarise(result.program), null, 2));
  } else {
    const { summaryTable } = await import('../../compiler/model/table.ts');
    out(summaryTable(result.program));
  }
}
