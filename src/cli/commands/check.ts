/** `cnnc check FILE…`: everything that is wrong with programs and, on the surface, with their data. */
import { Option, type Command } from 'commander';
import { Exit, out, say } from '../io.ts';

interface Options {
  readonly format: 'text' | 'json' | 'sarif';
  readonly data: boolean;
  readonly strict?: boolean;
  readonly fix?: boolean;
  readonly allowPath?: boolean;
}

export function add(cli: Command): void {
  cli
    .command('check')
    .argument('<file...>', 'programs, such as flowers.cnn')
    .description('report all that is wrong with programs, without training')
    .addOption(new Option('--format <form>', 'how to report').choices(['text', 'json', 'sarif']).default('text'))
    .option('--no-data', 'do not look at the data')
    .option('--strict', 'exit with 1 for warnings too')
    .option('--allow-path', "let imports lead out of the program's folder")
    .option('--fix', 'write the fixes that keep the meaning into the files')
    .addHelpText('after', '\nExamples:\n  cnnc check flowers.cnn\n  cnnc check --fix old.cnn\n  cnnc check --no-data --format sarif *.cnn > cnnc.sarif\n')
    .action(check);
}

async function check(files: readonly string[], options: Options): Promise<void> {
  const { checkFile } = await import('../check.ts');
  const results = [];
  const progress = progressLine();
  for (const file of files) results.push(await checkFile(file, { data: options.data, memory: options.format === 'text', fix: options.fix === true, anywhere: options.allowPath === true, onProgress: progress.show }));
  progress.end();
  const diagnostics = results.flatMap((r) => r.diagnostics);
  const sources = results.flatMap((r) => r.sources);

  if (options.format === 'text') {
    for (const { path, data, memory } of results) for (const line of [data, memory]) if (line !== null) say(`${path}: ${line}`);
    const { report } = await import('../fail.ts');
    await report(diagnostics, sources);
    if (diagnostics.length === 0) say(`${files.length === 1 ? files[0] : `${files.length} programs`}: no problems found`);
  } else {
    const byPath = new Map(sources.map((s) => [s.path, s]));
    if (options.format === 'json') {
      const { renderJson } = await import('../../compiler/diagnostics/render/json.ts');
      out(renderJson(results, byPath));
    } else {
      const [{ renderSarif }, { pages }, { version }] = await Promise.all([import('../../compiler/diagnostics/render/sarif.ts'), import('../../compiler/diagnostics/pages.ts'), import('../version.ts')]);
      out(renderSarif(results, byPath, version, pages));
    }
  }
  const fixed = results.reduce((sum, r) => sum + r.fixed, 0);
  if (fixed > 0) say(`${fixed} problem${fixed === 1 ? '' : 's'} fixed`);
  if (diagnostics.some((d) => d.severity === 'error' || (options.strict && d.severity === 'warning'))) process.exitCode = Exit.errors;
}

/** On a terminal, when it takes more than a second: pictures are looked at for the first time. */
function progressLine(): { readonly show: (done: number, total: number) => void; readonly end: () => void } {
  let began = 0;
  let last = 0;
  return {
    show(done, total) {
      const now = performance.now();
      if (done === 1) began = now;
      if (!process.stderr.isTTY || now - began < 1000 || now - last < 100) return;
      last = now;
      process.stderr.write(`\r\x1b[Klooking at pictures: ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`);
    },
    end() {
      if (last > 0) process.stderr.write('\r\x1b[K');
    },
  };
}
