/** `cnnc build FILE --to TARGET -o DIR`: the program as code or as a model of another tool. */
import type { Command } from 'commander';
import type { CompileResult } from '../../compiler/compile.types.ts';
import type { DataFacts, Program } from '../../compiler/model/program.ts';
import { isOfFiles } from '../../compiler/model/program.ts';
import type { Bundle } from '../../runtime/bundle/bundle.ts';
import { Exit, out, say } from '../io.ts';
import { importsFor } from '../imports.ts';

interface Options {
  readonly to: string;
  readonly out: string;
  readonly weights?: string;
  readonly force?: boolean;
  readonly allowPath?: boolean;
}

export function add(cli: Command): void {
  cli
    .command('build')
    .argument('<file>', 'a program, such as flowers.cnn')
    .description('write the program as TypeScript, as a SavedModel, or as ONNX')
    .requiredOption('--to <target>', 'typescript, savedmodel or onnx')
    .requiredOption('-o, --out <folder>', 'where the files go; an empty folder, or one that cnnc build wrote')
    .option('--weights <run>', 'a run folder: its trained weights go into the output too')
    .option('--allow-path', "let imports lead out of the program's folder")
    .option('--force', 'write into a folder that holds other things, and over files that were changed')
    .addHelpText('after', '\nExamples:\n  cnnc build flowers.cnn --to typescript -o flowers\n  cnnc build flowers.cnn --to savedmodel -o served/1 --weights runs/flowers/1\n  cnnc build flowers.cnn --to onnx -o flowers-onnx --weights runs/flowers/1\n')
    .action(build);
}

async function build(file: string, options: Options): Promise<void> {
  const [{ targets, available }, { diagnostic }, { fileSpan }, { report }] = await Promise.all([
    import('../build/targets.ts'),
    import('../../compiler/diagnostics/catalogue.ts'),
    import('../../compiler/source/source.ts'),
    import('../fail.ts'),
  ]);
  const make = Object.hasOwn(targets, options.to) ? targets[options.to] : undefined;
  if (!make) {
    await report([diagnostic('CNN6100', fileSpan(''), { target: options.to, planned: make === null, targets: available })]);
    process.exitCode = Exit.usage;
    return;
  }
  const bundle = options.weights === undefined ? null : await (await import('../../runtime/bundle/files.ts')).loadBundle(options.weights);
  const result = await compiled(file, bundle, options.allowPath === true);
  await report(result.diagnostics, [...result.sources.values()]);
  if (!result.program) {
    process.exitCode = Exit.errors;
    return;
  }
  if (bundle) await mustFit(result.program, bundle, file, options.weights!);

  const [{ writeFolder }, { version }, { mustBePrintable }] = await Promise.all([import('../build/folder.ts'), import('../version.ts'), import('../refusals.ts')]);
  const program = bundle?.program ?? result.program;
  if (options.to === 'typescript') mustBePrintable(program, result.ast);
  const files = await make(program, bundle);
  await writeFolder(options.out, files, { target: options.to, cnnc: version, force: options.force ?? false });
  for (const { path } of files) out(`${options.out.replace(/[\\/]+$/, '')}/${path}`);
  if (options.to === 'onnx' && program.compile.precision !== 'float32') say('the model computes in float32');
  if (options.to === 'onnx' && !bundle) say('the model is untrained: its weights are those that training begins with; --weights RUN puts trained ones in');
  process.exitCode = Exit.done;
}

/** What only the data knows comes from the trained model where there is one, otherwise from a look at the data. */
async function compiled(file: string, bundle: Bundle | null, anywhere: boolean): Promise<CompileResult> {
  const { compileFile, readProgram } = await import('../program.ts');
  if (!bundle) return compileFile(file, {}, anywhere);
  const { compile } = await import('../../compiler/compile.ts');
  const { limitOf } = await import('../memory-limit.ts');
  const text = await readProgram(file);
  return compile(text, { path: file, imports: importsFor(file, anywhere), facts: factsOf(bundle), ...(await limitOf(text)) });
}

/** The facts that the data had when the model was trained; how many pictures there were does not matter any more. */
function factsOf({ program, classes, pixels }: Bundle): DataFacts {
  return {
    labelKind: program.labels.kind,
    classes,
    sampleShape: isOfFiles(program.data.source.kind) ? null : program.input,
    pixelType: pixels,
    count: 1_000_000,
    perClass: classes.map(() => Math.floor(1_000_000 / classes.length)),
    parts: { test: program.data.split.test === null, validation: program.data.split.validation === null },
  };
}

/** Weights go into another program only if it has the same network and preprocessing. */
async function mustFit(program: Program, bundle: Bundle, file: string, run: string): Promise<void> {
  const { differences } = await import('../build/differences.ts');
  const found = differences(bundle.program, program);
  if (found.length === 0) return;
  const [{ diagnostic }, { DiagnosticError }, { fileSpan }] = await Promise.all([
    import('../../compiler/diagnostics/catalogue.ts'),
    import('../../compiler/diagnostics/diagnostic.ts'),
    import('../../compiler/source/source.ts'),
  ]);
  throw new DiagnosticError([diagnostic('CNN6102', fileSpan(''), { run, differences: found, program: file })]);
}
