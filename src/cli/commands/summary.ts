/** `cnnc summary FILE`: layers, shapes, parameters, multiply-adds and memory of the network; with --diagram its picture. */
import type { Command } from 'commander';
import { Exit, out } from '../io.ts';
import { collectSet } from '../set.ts';

interface Options {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly diagram?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly allowPath?: boolean;
}

export function add(cli: Command): void {
  cli
    .command('summary')
    .argument('<file>', 'a program, such as flowers.cnn')
    .description('show the layers, shapes, parameters, multiply-adds and memory of a network')
    .option('--json', 'as JSON (docs/cli.md)')
    .option('--all', 'every layer; without it equal ones stand once, with their number')
    .option('--diagram <picture>', 'draw the network into a file: .svg (light and dark) or .png')
    .option('--allow-path', "let imports lead out of the program's folder")
    .option('--set <setting=value>', 'change a setting, for example fit.batch=32; may be repeated', collectSet)
    .addHelpText('after', '\nExamples:\n  cnnc summary flowers.cnn\n  cnnc summary flowers.cnn --json\n  cnnc summary flowers.cnn --diagram flowers.svg\n')
    .action(summary);
}

async function summary(file: string, options: Options): Promise<void> {
  if (options.diagram !== undefined) {
    const { kindOf } = await import('../diagram.ts');
    kindOf(options.diagram);
  }
  const [{ compileFile }, { report }] = await Promise.all([import('../program.ts'), import('../fail.ts')]);
  const result = await compileFile(file, options.set, options.allowPath);
  await report(result.diagnostics, [...result.sources.values()]);
  if (!result.program) {
    process.exitCode = Exit.errors;
    return;
  }
  if (options.diagram !== undefined) {
    const { writeDiagram } = await import('../diagram.ts');
    await writeDiagram(result.program, options.diagram);
  }
  const [{ cacheFolder }, { readRates }] = await Promise.all([import('../../runtime/files/cache-folder.ts'), import('../../runtime/engine/install/rates-file.ts')]);
  const rates = await readRates(cacheFolder());
  const { estimatesFor } = await import('../memory.ts');
  const engines = await estimatesFor(result.program, result.facts);
  if (options.json) {
    const { summarise } = await import('../../compiler/model/summary.ts');
    out(JSON.stringify(summarise(result.program, rates, engines), null, 2));
  } else {
    const { summaryTable } = await import('../../compiler/model/table.ts');
    out(summaryTable(result.program, { all: options.all, rates, engines, width: Math.min(120, Math.max(80, process.stdout.columns ?? 120)) }));
  }
}
