/** Every change of training pictures at once, on either engine: the same pictures reach the network, run for run and engine for engine. */
import { describe, expect, it } from 'vitest';
import { engineAvailable, onnxAvailable } from '../support/engine.ts';
import { workplace } from './workplace.ts';

const here = workplace();
here.write(
  'all.cnn',
  `data { synthetic shapes 120 classes=3; image 16x16 }
augment {
  rotation 10 p=.5; shear 8; random_crop .8 p=.7; horizontal_flip p=.3
  channel_shift 15; brightness .7..1.3; contrast .8..1.2; saturation .5..1.5; hue 20; blur 1 p=.5; noise 8; erase 20% p=.5 value=99
}
network < conv 8; relu; pool 2; flatten; dense classes >
fit { epochs 2; batch 16; seed 3 }
`,
);
for (const mix of ['mixup', 'cutmix']) here.write(`${mix}.cnn`, here.read('all.cnn').toString().replace('rotation 10 p=.5;', `${mix} 1 p=.8; rotation 10 p=.5;`));
const history = async (engine: string, run: string, program = 'all.cnn'): Promise<Record<string, number[]>> => {
  const ran = await here.cnnc(['run', program, '--engine', engine, '--out', run]);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return here.json(`${run}/history.json`) as Record<string, number[]>;
};

describe.skipIf(!engineAvailable())('all augmentations', () => {
  it('give the same bytes twice', async () => {
    expect(await history('tensorflow', 'one')).toEqual(await history('tensorflow', 'two'));
    expect(here.read('one/weights.npz').equals(here.read('two/weights.npz'))).toBe(true);
  });

  it.skipIf(!onnxAvailable())('give the same numbers on both engines', async () => {
    const [a, b] = [await history('tensorflow', 'a'), await history('onnx', 'b')];
    for (const epoch of [0, 1]) expect(Math.abs(a.loss[epoch] - b.loss[epoch])).toBeLessThan(2e-3);
  });

  it.skipIf(!onnxAvailable()).each(['mixup', 'cutmix'])('%s, too', async (mix) => {
    const [a, b] = [await history('tensorflow', `${mix}-a`, `${mix}.cnn`), await history('onnx', `${mix}-b`, `${mix}.cnn`)];
    for (const epoch of [0, 1]) expect(Math.abs(a.loss[epoch] - b.loss[epoch])).toBeLessThan(2e-3);
    const built = await here.cnnc(['build', `${mix}.cnn`, '--to', 'typescript', '-o', `${mix}-code`]);
    expect(built, built.stderr).toMatchObject({ code: 0 });
    expect(here.read(`${mix}-code/src/mix.ts`).toString()).toContain(mix);
  });
});
