/** Shapes of a whole model: where the model states them itself, they are found again. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bytesOf, sizesOf } from '../../../../src/compiler/backend/onnx/sizes.ts';
import { onnxModel } from '../../../../src/compiler/backend/onnx/model.ts';
import { variableLayouts } from '../../../../src/compiler/backend/onnx/variables.ts';
import { compile } from '../../../../src/compiler/compile.ts';
import { buildTraining } from '../../../../src/compiler/graph/training.ts';

const zoo = (name: string): string => readFileSync(`examples/zoo/${name}.cnn`, 'utf8').replace('224x224', '64x64');
const small = (network: string, more = ''): string => `data { synthetic shapes 60 classes=4; image 24x20 rgb }\n${more}\nnetwork < ${network}; flatten; dense 12; softmax; dense classes >`;

it.each<[string, string]>([
  ['mobilenet', zoo('mobilenet')],
  ['densenet-121', zoo('densenet-121')],
  ['every kind of window', small('conv 8 5x3 stride=2; relu; conv 8 3x3 same dilation=2; conv_transpose 8 3x3 stride=2 same; pool 3x3 stride=2 same; avg_pool 3x3 stride=2 same; separable_conv 8 3x3 same; upsample 2 interpolation=bilinear; zero_pad 1; cropping 1')],
  ['norms and activations', small('conv 8 3x3; batch_norm; gelu; conv 8 3x3; layer_norm; mish; group_norm groups=4; selu; prelu; spatial_dropout .3; gaussian_noise .1; dropout .3')],
  ['augmented, weighed, clipped', small('conv 8 3x3; relu6; pool 2', 'augment { rotation 10; contrast .2; erase .2; mixup .2 }\ncompile { optimizer ftrl global_clipnorm=1 ema; loss focal; metrics accuracy auc f1 top_k(2) }\nfit { class_weight balanced }')],
])('%s', (_, text) => {
  const { program, diagnostics } = compile(text, { path: 'x.cnn' });
  if (!program) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'));
  const graph = buildTraining(program);
  const layouts = variableLayouts(graph);
  for (const fn of [graph.train, graph.evaluate, graph.predict]) {
    for (const block of [8, null]) {
      const { model } = onnxModel(fn, layouts, { block });
      const sizes = sizesOf(model, 5);
      for (const { name, type: { tensorType } } of model.graph.output) {
        const shape = tensorType.shape.dim.map(({ value }) => (value.case === 'dimParam' ? 5 : Number(value.value)));
        expect([name, sizes.get(name)?.shape]).toEqual([name, shape]);
      }
      for (const [name, sized] of sizes) expect([name, Number.isInteger(bytesOf(sized)) && bytesOf(sized) >= 0]).toEqual([name, true]);
    }
  }
});
