/** What to say when the loss is no number any more: which weights went first, and what may have made them. */
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { Optimizer, Program } from '../../compiler/model/program.ts';
import { rateAt } from '../../compiler/graph/schedule.ts';
import { fileSpan } from '../../compiler/source/source.ts';
import type { Engine, Tensors } from '../engine/engine.ts';
import { short } from '../report/numbers.ts';
import type { NotFinite } from './loop.ts';

/** Keras's defaults. */
const usualRate = (kind: Optimizer['kind']): number => (kind === 'sgd' ? 0.01 : 0.001);

export async function explainNotFinite(fault: NotFinite, program: Program, engine: Engine): Promise<Diagnostic> {
  const names = program.layers.flatMap((layer) => layer.variables.map((v) => v.name));
  const layer = firstBroken(program, await engine.state(names));
  const { optimizer } = program.compile;
  const usual = usualRate(optimizer.kind);
  const lr = rateAt(optimizer.lr, fault.step - 1);
  const times = lr / usual;
  const { scale, featurewiseStd, samplewiseStd, meanStd, zca } = program.preprocess;
  return diagnostic('CNN5001', layer?.layer.origin ?? program.layers.at(-1)?.origin ?? fileSpan(''), {
    step: fault.step,
    epoch: fault.epoch + 1,
    losses: fault.losses.map((value) => short(value)),
    layer: layer ? { name: layer.layer.name, weights: layer.weights } : null,
    optimizer: optimizer.kind,
    lr: short(lr),
    usual: short(usual),
    times,
    // Back to the usual one, or a tenth of what is not unusual.
    suggestion: short(times >= 10 ? usual : lr / 10),
    unscaled: scale === 1 && !featurewiseStd && !samplewiseStd && meanStd === null && !zca && program.labels.kind !== 'values',
  });
}

/** The first layer in network order with a weight that is no finite number. */
function firstBroken(program: Program, weights: Tensors): { readonly layer: Program['layers'][number]; readonly weights: 'NaN' | 'infinite' } | null {
  for (const layer of program.layers) {
    for (const { name } of layer.variables) {
      const data = weights[name].data as Float32Array;
      const at = data.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) return { layer, weights: data.some(Number.isNaN) ? 'NaN' : 'infinite' };
    }
  }
  return null;
}
