/** `cnnc run --json`: one event a line on stdout, fields as docs/cli.md has them. Epochs count from 0, steps from 1; NaN is null. */
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { summarise } from '../compiler/model/summary.ts';
import type { View } from './render-run.ts';
import { pace } from './render-terminal.ts';

/** `step`, `epoch`, … are written as they come; equal runs differ in `seconds`, `imagesPerSecond` and paths only. */
export function jsonView(write: (line: string) => void, now: () => number = () => performance.now()): View {
  const event = (name: string, fields: object): void => write(JSON.stringify({ schema: 1, event: name, ...fields }));
  const speed = pace(now);
  const rounded = (n: number | null): number | null => (n === null ? null : Math.round(n * 10) / 10);
  return {
    opening: () => undefined,
    whitening: () => undefined,
    start: (s) => {
      const { program, parts } = s;
      const summary = summarise(program);
      speed.reset();
      event('start', {
        cnnc: s.cnnc,
        program: s.path,
        model: program.name,
        folder: s.folder,
        resumed: s.resumed,
        classes: s.classes,
        parts,
        layers: program.layers.length,
        params: summary.params.total,
        macs: summary.macs,
        memory: s.memory.total,
        engine: s.engine,
        seed: program.fit.seed,
        epochs: program.fit.epochs,
        batch: program.fit.batch,
        batches: Math.ceil(parts.train / program.fit.batch),
      });
    },
    step: (r) => {
      speed.step(r.samples);
      event('step', { ...r, imagesPerSecond: rounded(speed.rate()) });
    },
    measured: () => undefined,
    epoch: (r) => {
      event('epoch', { ...r, imagesPerSecond: rounded(speed.rate()), seconds: Math.round(speed.seconds() * 1000) / 1000 });
      speed.reset();
    },
    saved: (file, step, epoch, why) => event('saved', { file, step, epoch, why }),
    stopping: () => undefined,
    end: ({ start, result }) => event('end', { status: result.status, folder: start.folder, epochs: result.epochs, stoppedEarly: result.stoppedEarly, kept: result.kept, test: result.test, seconds: result.seconds }),
    diagnostics: (diagnostics) => {
      const errors = diagnostics.filter((d) => d.severity === 'error');
      if (errors.length > 0) event('error', { diagnostics: errors.map(told) });
      if (errors.length < diagnostics.length) event('warning', { diagnostics: diagnostics.filter((d) => d.severity !== 'error').map(told) });
    },
  };
}

const told = ({ code, severity, message, label, span, notes, help }: Diagnostic): object => ({ code, severity, message, label: label ?? null, file: span.file || null, start: span.start, end: span.end, notes, help });
