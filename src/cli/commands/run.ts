/** `cnnc run FILE`: check, train, evaluate on the test part, write the run folder. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { collectSet } from '../set.ts';

export interface RunOptions {
  readonly out?: string;
  readonly epochs?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly engine: 'auto' | 'tensorflow' | 'onnx';
  readonly resume?: boolean;
  readonly initialWeights?: string;
  readonly findLr?: boolean;
  readonly set?: Readonly<Record<string, string>>;
  readonly allowPath?: boolean;
  readonly anyMemory?: boolean;
  readonly dashboard?: string | boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const whole = (low: number, high: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) throw new InvalidArgumentError(`A whole number from ${low} to ${high} is needed.`);
  return value;
};

export function add(cli: Command): void {
  cli
    .command('run')
    .argument('<file>', 'a program, such as flowers.cnn')
    .description('check, train, evaluate on the test part, write the run folder')
    .option('--out <dir>', 'folder of the run (default: runs/MODEL/NUMBER beside the program)')
    .option('--epochs <n>', 'instead of fit epochs', whole(1, 1_000_000))
    .option('--seed <n>', 'instead of fit seed', whole(0, Number.MAX_SAFE_INTEGER))
    .option('--threads <n>', 'threads of the engine; they decide the last digits of the result', whole(1, 1024))
    .addOption(new Option('--engine <name>', 'the engine').choices(['auto', 'tensorflow', 'onnx']).default('auto'))
    .option('--resume', 'go on with the newest unfinished run (or the one in --out), to the same bytes')
    .option('--initial-weights <file>', 'start from the weights of a run (weights.npz) or of Keras (.keras, .weights.h5, .h5)')
    .option('--find-lr', 'do not train: try rates from very small to far too large, and say which one to train with')
    .option('--allow-path', "let imports lead out of the program's folder")
    .option('--any-memory', 'train although the memory of this machine does not suffice by the estimate')
    .option('--set <setting>', 'any setting of the program: --set fit.batch=32 (may be repeated)', collectSet)
    .option('--dashboard [port]', 'a page with live curves')
    .option('--json', 'one JSON event a line on stdout')
    .option('--quiet', 'nothing but problems; the run folder on stdout at the end')
    .addHelpText('after', '\nExamples:\n  cnnc run flowers.cnn\n  cnnc run flowers.cnn --epochs 20 --set compile.optimizer.lr=.0005\n  cnnc run flowers.cnn --resume\n')
    .action(async (file: string, options: RunOptions) => {
      const { runCommand } = await import('../render-command.ts');
      process.exitCode = await runCommand(file, options);
    });
}
