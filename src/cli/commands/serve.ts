/** `cnnc serve RUN`: the page of a trained model, on this machine only. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Predictor } from '../../runtime/bundle/bundle.ts';
import { Exit, out, say } from '../io.ts';

const number = (low: number, high: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) throw new InvalidArgumentError(`A whole number from ${low} to ${high} is needed.`);
  return value;
};

export function add(cli: Command): void {
  cli
    .command('serve')
    .argument('<run>', 'a run folder, such as runs/flowers/1')
    .description('a local page that takes a picture from the camera, a drop or a file and shows what it is')
    .option('--port <port>', 'port on this machine; 0 takes a free one', number(0, 65535), 8123)
    .option('--top <k>', 'classes to show (default: 5), or labels (default: all)', number(1, 1000))
    .option('--threads <n>', 'threads of the engine', number(1, 1024))
    .addOption(new Option('--engine <name>', 'the engine').choices(['auto', 'tensorflow', 'onnx']).default('auto'))
    .addHelpText('after', '\nExample:\n  cnnc serve runs/flowers/1\n')
    .action(async (run: string, options: { port: number; top?: number; threads?: number; engine: 'auto' | 'tensorflow' | 'onnx' }) => {
      const [{ openPredictor }, { startServer }, { tellChoice }] = await Promise.all([import('../../runtime/bundle/predictor.ts'), import('../../web/server.ts'), import('../engine-choice.ts')]);
      const predictor = await lasting(() => openPredictor(run, { engine: options.engine, threads: options.threads, chosen: tellChoice }));
      try {
        const serving = await startServer(predictor, { port: options.port, top: options.top ?? (predictor.bundle.program.labels.kind === 'multilabel' ? predictor.bundle.classes.length : 5) });
        out(serving.url);
        say(`${predictor.bundle.program.name} is at ${serving.url} (Ctrl-C ends it)`);
        await new Promise<void>((done) => {
          process.once('SIGINT', done);
          process.once('SIGTERM', done);
        });
        await serving.close();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        const { diagnostic } = await import('../../compiler/diagnostics/catalogue.ts');
        const { DiagnosticError } = await import('../../compiler/diagnostics/diagnostic.ts');
        const { fileSpan } = await import('../../compiler/source/source.ts');
        throw new DiagnosticError([diagnostic('CNN6150', fileSpan(''), { port: options.port })]);
      } finally {
        await predictor.close();
      }
      process.exitCode = Exit.done;
    });
}

/** A predictor whose engine is started again when its process ended: a page stays open for days. */
async function lasting(open: () => Promise<Predictor>): Promise<Predictor> {
  const first = await open();
  let current = Promise.resolve(first);
  const ended = (error: unknown): boolean => error instanceof Error && 'diagnostics' in error && (error as DiagnosticError).diagnostics.some((d) => d.code === 'CNN6066');
  const trying = async <T>(work: (predictor: Predictor) => Promise<T>): Promise<T> => {
    const used = current;
    try {
      return await work(await used);
    } catch (error) {
      if (!ended(error)) throw error;
      // The first to notice starts it; the others use the same.
      if (current === used) {
        say('the engine ended and is started again');
        current = open();
        current.catch(() => (current = used));
      }
      return work(await current);
    }
  };
  return {
    bundle: first.bundle,
    predict: (image, top) => trying((predictor) => predictor.predict(image, top)),
    predictPixels: (pixels, count) => trying((predictor) => predictor.predictPixels(pixels, count)),
    close: async () => (await current).close(),
  };
}
