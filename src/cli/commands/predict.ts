/** `cnnc predict RUN IMAGE…`: classes and probabilities. */
import { InvalidArgumentError, Option, type Command } from 'commander';

export interface PredictOptions {
  readonly top: number;
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
    .description('classes and probabilities of pictures')
    .option('--top <k>', 'classes to show', whole(1_000_000), 3)
    .option('--threads <n>', 'threads of the engine', whole(1024))
    .addOption(new Option('--engine <name>', 'the engine').choices(['auto', 'tensorflow', 'onnx']).default('auto'))
    .option('--json', 'one JSON object a picture')
    .option('--csv', 'path,class,probability: one line a class')
    .addHelpText('after', '\nExample:\n  cnnc predict runs/flowers/1 rose.jpg tulip.png --top 1\n')
    .action(async (run: string, images: string[], options: PredictOptions) => {
      const { predictCommand } = await import('../render-predict.ts');
      process.exitCode = await predictCommand(run, images, options);
    });
}
