/** Gradients through residuals and branches of every merge, with respect to the image and each weight, against finite differences. */
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { lowerNetwork } from '../../../src/compiler/graph/lower/network.ts';
import { expectGradients } from './support/differences.ts';

it.each([
  ['concat', 'branch < conv 2 2x2 same > < conv 1 1x1; tanh > < >'],
  ['add', 'branch < conv 2 2x2 same; tanh > < conv 2 1x1 > merge=add'],
  ['average', 'branch < conv 2 2x2 same; tanh > < conv 2 1x1 > < conv 2 1x1; sigmoid > merge=average'],
  ['multiply', 'branch < conv 2 2x2 same; tanh > < conv 2 1x1 > < conv 2 1x1 > merge=multiply'],
  ['maximum', 'branch < conv 2 2x2 same > < conv 2 1x1 > merge=maximum'],
  ['an image used three times', 'branch < > < > < residual < conv 1 1x1 > > merge=multiply'],
  ['residual', 'conv 2 1x1; residual < conv 2 2x2 same; tanh >'],
  ['projection', 'residual project < conv 2 2x2 same stride=2; batch_norm; tanh >'],
  ['branches in branches', 'branch < branch < conv 1 1x1; tanh > < > merge=add > < residual project=conv < conv 2 1x1; tanh > > merge=concat'],
])('%s', (_, network) => {
  const { program, diagnostics } = compile(`input 4x3x1\nclasses 2\nnetwork < ${network}; flatten; dense classes >`, { path: 'x.cnn' });
  expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
  const variables = program!.layers.flatMap((layer) => layer.variables);
  const trainable = variables.filter((v) => v.trainable);
  expectGradients(
    {
      inputs: [{ shape: [2, ...program!.input], batch: true }, ...trainable.map(({ shape }) => ({ shape }))],
      build: (g, [x, ...weights]) => {
        const variable = (name: string) => {
          const at = trainable.findIndex((v) => v.name === name);
          // Moving statistics have no part in a training step's output.
          const { shape } = variables.find((v) => v.name === name)!;
          return at >= 0 ? weights[at] : g.constant(shape.flatMap((size) => Array.from({ length: size }, () => 0)), shape);
        };
        return lowerNetwork({ g, mode: 'train', variable, random: null, poolFirst: false, update: () => undefined, penalty: () => undefined }, program!, x).output;
      },
      range: [-1, 1],
    },
    7,
  );
});
