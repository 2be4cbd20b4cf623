/** Whitening in generated code is Keras's (test/goldens/whitening.json), with and without other standardising. */
import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { compile } from '../../../src/compiler/compile.ts';
import { generate, tfjs, typecheck } from './generated.ts';
import type { Generated } from './generated.ts';

interface Case {
  readonly shape: readonly number[];
  readonly count: number;
  readonly epsilon: number;
  readonly images: readonly number[];
  readonly out: readonly number[];
}
interface Module {
  statisticsOf(images: Tfjs.Tensor4D): { readonly zca: Tfjs.Tensor2D };
  preprocess(images: Tfjs.Tensor4D, statistics: object): Tfjs.Tensor4D;
  newModel(seed: number): object;
  writeWeights(model: object, statistics: object): Promise<{ manifest: unknown; data: ArrayBuffer }>;
  readWeights(manifest: unknown, data: ArrayBuffer): ReadonlyMap<string, Tfjs.Tensor>;
  statisticsWith(weights: ReadonlyMap<string, Tfjs.Tensor>): { readonly zca: Tfjs.Tensor2D };
}
const { cases } = JSON.parse(readFileSync(new URL('../../goldens/whitening.json', import.meta.url), 'utf8')) as { readonly cases: readonly Case[] };
const made: Generated[] = [];
afterAll(() => Promise.all(made.map((generated) => generated.remove())));

async function codeOf(shape: readonly number[], preprocess: string): Promise<Module> {
  const { program, diagnostics } = compile(`input ${shape.join('x')}\nclasses 2\npreprocess { ${preprocess} }\nnetwork < flatten; dense classes >\n`, { path: 'white.cnn' });
  if (!program) throw new Error(JSON.stringify(diagnostics));
  const generated = await generate(program);
  made.push(generated);
  return (await generated.load()) as Module;
}

it.each(cases)('$count pictures of $shape, epsilon $epsilon', async ({ shape, count, epsilon, images, out }) => {
  const [tf, code] = [await tfjs(), await codeOf(shape, `scale 1/255; zca_whitening epsilon=${epsilon}`)];
  const pictures = tf.tensor4d(images as number[], [count, shape[0], shape[1], shape[2]], 'int32');
  const statistics = code.statisticsOf(pictures);
  const white = code.preprocess(pictures, statistics);
  expect(white.shape).toEqual([count, ...shape]);
  white.dataSync().forEach((value, i) => expect(Math.abs(value - out[i]), `number ${i}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(out[i]))));
  const { manifest, data } = await code.writeWeights(code.newModel(1), statistics);
  expect(code.statisticsWith(code.readWeights(manifest, data)).zca.dataSync()).toEqual(statistics.zca.dataSync());
});

it('after other ways to standardise, under --strict', async () => {
  const [one] = cases;
  await codeOf(one.shape, 'samplewise_center; zca_whitening');
  await codeOf(one.shape, 'featurewise_std_normalization; zca_whitening');
  await codeOf(one.shape, 'scale 1/255; mean_std [.5] [.25]; zca_whitening');
  expect(await typecheck(made)).toBe('');
}, 120_000);
