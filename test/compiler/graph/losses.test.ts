/** Losses and their gradients against Keras in float64, in the fused and the clipped forms, at ordinary and at extreme values. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gradients } from '../../../src/compiler/graph/autodiff.ts';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { lossOfSamples } from '../../../src/compiler/graph/losses/table.ts';
import type { NetworkOutput } from '../../../src/compiler/graph/lower/network.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { targetsOf, targetType } from '../../../src/compiler/graph/targets.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import type { CrossEntropy, Loss } from '../../../src/compiler/model/program.ts';

interface Case {
  readonly kind: CrossEntropy['kind'] | 'mse';
  readonly from_logits: boolean;
  readonly label_smoothing: number;
  readonly targets: 'classes' | 'rows';
  readonly loss: readonly number[];
  readonly gradient: readonly number[];
}

interface Goldens {
  readonly probabilities: readonly number[];
  readonly logits: readonly number[];
  readonly classes: readonly number[];
  readonly rows: readonly number[];
  readonly cases: readonly Case[];
}

const goldens = JSON.parse(readFileSync(join(import.meta.dirname, '../../goldens/losses.json'), 'utf8')) as Goldens;

/** How the loss sees the network: by `from_logits`, or by the softmax or sigmoid that it ends with. */
type Head = 'none' | 'softmax' | 'sigmoid';

function run(one: Case, loss: Loss, head: Head): { loss: Float64Array; gradient: Float64Array } {
  const g = builder();
  const values = one.from_logits ? goldens.logits : goldens.probabilities;
  const x = g.input('x', { dtype: 'float32', shape: [BATCH, 3] });
  const labels = { kind: one.targets === 'classes' ? 'categorical' : 'multilabel', count: 3, names: null } as const;
  const network: NetworkOutput =
    head === 'none' ? { output: x, head: null } : { output: head === 'softmax' ? g.softmax(x) : g.unary('sigmoid', x), head: { activation: head, logits: x } };
  const samples = lossOfSamples({ g, network, targets: targetsOf(g, labels, g.input('y', targetType(labels))) }, loss);
  const [gradient] = gradients(g, g.reduce('mean', samples, [0]), [x]);
  const y = one.targets === 'classes' ? ndarray([6], goldens.classes, 'int32') : ndarray([6, 3], goldens.rows);
  const results = interpret([samples, gradient], { y, x: ndarray([6, 3], values) });
  return { loss: results[0].data, gradient: results[1].data };
}

const lossOf = ({ kind, from_logits, label_smoothing }: Case): Loss => (kind === 'mse' ? { kind } : { kind, from_logits, label_smoothing });

function expectNumbers(got: Float64Array, wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, i) => expect(Math.abs(value - wanted[i]), `element ${i}: ${value}, not ${wanted[i]}`).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(wanted[i]))));
}

describe('losses are Keras’s', () => {
  it.each(goldens.cases)('$kind from_logits=$from_logits smoothing=$label_smoothing', (one) => {
    const result = run(one, lossOf(one), 'none');
    expectNumbers(result.loss, one.loss);
    expectNumbers(result.gradient, one.gradient);
  });

  it.each(goldens.cases.filter((one) => one.from_logits))('$kind fused with its head, smoothing=$label_smoothing', (one) => {
    const head = one.kind === 'binary_crossentropy' ? 'sigmoid' : 'softmax';
    // With and without `from_logits`: after its own head the loss always takes the values before it.
    for (const fromLogits of [false, true]) {
      const result = run(one, { ...lossOf(one), from_logits: fromLogits } as Loss, head);
      expectNumbers(result.loss, one.loss);
      expectNumbers(result.gradient, one.gradient);
    }
  });
});

it('smooths integer labels as one-hot rows', () => {
  const smoothed = goldens.cases.find((one) => one.kind === 'categorical_crossentropy' && one.from_logits && one.label_smoothing > 0)!;
  const result = run(smoothed, { kind: 'sparse_categorical_crossentropy', from_logits: true, label_smoothing: smoothed.label_smoothing }, 'none');
  expectNumbers(result.loss, smoothed.loss);
});
