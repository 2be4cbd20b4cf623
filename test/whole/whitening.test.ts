/** `zca_whitening` from the program to an answer: both engines alike, one matrix from the cache, models that carry it. */
import { describe, expect, it } from 'vitest';
import { engineAvailable, onnxAvailable } from '../support/engine.ts';
import { workplace } from './workplace.ts';

const here = workplace();
here.write('white.cnn', 'data { synthetic shapes 120 classes=3; image 8x8 gray }\npreprocess { zca_whitening epsilon=.1 }\nnetwork < conv 4; relu; flatten; dense classes >\nfit { epochs 2; batch 16 }\n');

describe.skipIf(!engineAvailable())('whitening', () => {
  it('trains, and is built', async () => {
    const ran = await here.cnnc(['run', 'white.cnn', '--engine', 'tensorflow', '--out', 'a']);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: '' });
    const model = await here.cnnc(['build', 'white.cnn', '--to', 'onnx', '-o', 'model', '--weights', 'a']);
    expect(model, model.stderr).toMatchObject({ code: 0 });
    expect(here.read('a/model/statistics.npz').length).toBeGreaterThan(64 * 64 * 4);
  });

  it.skipIf(!onnxAvailable())('is the same on the other engine, the matrix out of the cache', async () => {
    const ran = await here.cnnc(['run', 'white.cnn', '--engine', 'onnx', '--out', 'b']);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: '' });
    expect(Buffer.compare(here.read('b/model/statistics.npz'), here.read('a/model/statistics.npz'))).toBe(0);
    const [a, b] = ['a', 'b'].map((run) => here.json(`${run}/history.json`) as { loss: number[] });
    for (const epoch of [0, 1]) expect(Math.abs(a.loss[epoch] - b.loss[epoch])).toBeLessThan(2e-3);
  });
});
