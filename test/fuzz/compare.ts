/** One program on every engine and on the interpreter, and what they do not agree on. */
import type { Engine, Tensors } from '../../src/runtime/engine/engine.ts';
import { dataOf } from './data.ts';
import type { FuzzCase } from './generate.ts';
import { reference } from './reference.ts';
import { differences, diverges, distance, sizeOfPredictions, tolerances, traceOf, type Runner, type Trace } from './trace.ts';

/** What the engines and the interpreter do not agree on in so many steps of training, as text. Engines compute while the interpreter does. */
export async function disagreements(one: FuzzCase, engines: readonly Engine[], steps: number): Promise<readonly string[]> {
  const data = dataOf(one);
  const exact = { name: 'interpreter', runner: reference() };
  const inexact = [1, 2, 3].map((errors) => ({ name: 'inexact', runner: reference(errors) }));
  const others = engines.map((engine) => ({ name: engine.info.kind, runner: engine }));
  const trace = async ({ name, runner }: { readonly name: string; readonly runner: Runner }): Promise<{ readonly name: string; readonly trace: Trace }> => ({ name, trace: await traceOf(runner, one, data, steps) });
  const traced = await Promise.all([exact, ...inexact, ...others].map(trace));
  const [{ trace: truth }] = traced;
  const rounding = traced.filter(({ name }) => name === 'inexact').map((each) => each.trace);
  const pairs = traced.filter(({ name }) => name !== 'inexact').flatMap((a, i, list) => list.slice(i + 1).map((b) => [a, b] as const));
  const found = pairs.flatMap(([a, b]) => differences(a.trace, b.trace, truth, rounding, one.program).map((text) => `${a.name} and ${b.name}: ${text}`));

  // Whatever became of the weights: the same ones give the same answers.
  const same: Tensors = Object.fromEntries(Object.entries(truth.last).map(([name, { shape, data: values }]) => [name, { dtype: 'float32', shape, data: Float32Array.from(values) }]));
  const answer = async ({ runner }: { readonly runner: Runner }): Promise<ArrayLike<number>> => {
    await runner.restore(same);
    return (await runner.run('predict', { x: data.x })).y.data;
  };
  const right = await answer(exact);
  const size = sizeOfPredictions(right);
  const noise = distance(right, await answer(inexact[0]));
  const allowed = tolerances.predictions + (tolerances.slack * noise) / size;
  for (const other of diverges(truth) || !Number.isFinite(noise) ? [] : others) {
    const apart = distance(right, await answer(other)) / size;
    if (!(apart <= allowed)) found.push(`${other.name}: predictions with the interpreter's weights: ${apart.toExponential(2)} > ${allowed.toExponential(2)}`);
  }
  return found;
}
