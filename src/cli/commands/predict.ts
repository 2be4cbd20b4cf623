/** `cnnc predict RUN IMAGE…`: classes or labels with their probabilities, or values. */
import { InvalidArgumentError, Option, type Command } from 'commander';

export interface PredictOptions {
  /** Absent: 3 classes; all labels in tables and JSON. */
  readonly top?: number;
  readonly threads?: number;
  readonly engine: 'auto' | 'tensorflow' | 'onnx';
  readonly json?: boolean;
  readonly csv?: boolean;
}

const whole = (high: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > high) throw new InvalidArgumentError(`A whole number from 1 to ${high} is needed.`);
  return value;
};

export function add(cli: Command): void {
  cli
    .command('predict')
    .argument('<run>', 'a run folder, such as runs/flowers/1')
    .argument('<image...>', 'pictures: png, jpg, webp')
    .description('what pictures are: classes or labels with their probabilities, or values')
    .option('--top <k>', 'classes to show (default: 3); labels that are there and values are always shown', whole(1_000_000))
    .option('--threads <n>', 'threads of the engine', whole(1024))
    .addOption(new Option('--engine <name>', 'the engine').choices(['auto', 'tensorflow', 'onnx']).default('auto'))
    .option('--json', 'one JSON object a picture')
    .option('--csv', 'a table: path,class,probability, a line a class; of labels and values a line a picture')
    .addHelpText('after', '\nExample:\n  cnnc predict runs/flowers/1 rose.jpg tulip.png --top 1\n')
    .action(async (run: string, images: string[], options: PredictOptions) => {
      const { predictCommand } = await import('../render-predict.ts');
      process.exitCode = await predictCommand(run, images, options);
    });
}
