/** What the ONNX engine computes itself, beside the interpreter: masks bit for bit, warped images, and that the module is not stale. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { onnxKernels, KERNELS } from '../../../../scripts/generate/onnx-kernels.ts';
import { IMAGE, PLAIN, toStored } from '../../../../src/compiler/backend/onnx/layout.ts';
import type { Layout } from '../../../../src/compiler/backend/onnx/layout.ts';
import type { HostInput } from '../../../../src/compiler/backend/onnx/operations/definition.ts';
import { builder } from '../../../../src/compiler/graph/build.ts';
import { interpret } from '../../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../../src/compiler/graph/ndarray.ts';
import { draws, Purpose } from '../../../../src/compiler/graph/philox.ts';

interface Place {
  readonly length: number;
}
interface Kernels {
  drawMask(input: HostInput, count: number, key: Int32Array, step: number): Place;
  warpImages(input: HostInput, images: Uint8Array | Float32Array, count: number, transforms: Float32Array): Place;
  view(place: Place): Float32Array | Uint8Array;
}
const { openKernels } = createRequire(import.meta.url)('../../../../src/runtime/engine/onnx/onnx-kernels.cjs') as { openKernels(): Kernels };

it('the module is what its source compiles to', async () => {
  expect(Buffer.from(await onnxKernels()).equals(readFileSync(KERNELS)), 'stale: npm run generate').toBe(true);
});

describe('dropout masks', () => {
  const KEY = Int32Array.of(123456789, -987654321);
  const shapes: readonly (readonly [readonly number[], Layout])[] = [
    [[5, 1], PLAIN], [[3, 7], PLAIN], [[2, 1000], PLAIN], [[3, 5, 7, 3], PLAIN],
    [[3, 5, 7, 3], IMAGE], [[2, 8, 8, 16], IMAGE], [[3, 9, 7, 32], IMAGE], [[2, 6, 5, 40], IMAGE], [[2, 4, 4, 5], IMAGE], [[2, 1, 3, 16], IMAGE],
    [[3, 7 * 5 * 16], { kind: 'flat', axis: 1, image: [7, 5, 16] }], [[3, 60], { kind: 'flat', axis: 1, image: [4, 5, 3] }],
  ];
  const rates = [[8, 64, 0.75], [8, 255, 1 / 256], [16, 19661, 1 - 19661 / 65536], [16, 1, 65535 / 65536], [8, 0, 1]] as const;

  it.each(shapes)('%j in %j', (shape, layout) => {
    const kernels = openKernels();
    for (const [bits, threshold, keep] of rates) {
      for (const stream of [0, 3, 0xffffffff]) {
        const g = builder();
        const attrs = { bits, threshold, stream };
        const like = g.input('like', { dtype: 'float32', shape: [-1, ...shape.slice(1)] });
        const mask = g.dropoutMask(g.constant([...KEY], [2], 'int32'), g.constant([42], [], 'int32'), like, attrs);
        const wanted = Uint8Array.from(interpret([mask], { like: ndarray(shape) })[0].data);
        const input: HostInput = { kind: 'mask', name: 'mask', attrs, keep, key: 'key', step: 'step', shape: [-1, ...shape.slice(1)], layout };
        const floats = kernels.view(kernels.drawMask(input, shape[0], KEY, 42));
        const stored = toStored(wanted, shape, layout);
        expect(floats).toEqual(Float32Array.from(stored, (kept) => (kept ? 1 / keep : 0)));
        const bytes = kernels.view(kernels.drawMask({ ...input, name: 'bytes', keep: null }, shape[0], KEY, 42));
        expect(bytes).toEqual(stored);
      }
    }
  });
});

describe('the warp', () => {
  const random = draws(3, Purpose.synthetic);
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  /** Turned, shifted, scaled, some with perspective; the first leaves the images as they are. */
  const transforms = Float32Array.from(
    Array.from({ length: 12 }, (_, i) => {
      if (i === 0) return [1, 0, 0, 0, 1, 0, 0, 0];
      const [angle, zoom] = [between(-3, 3), between(0.6, 1.7)];
      const perspective = i % 3 === 0 ? [between(-0.01, 0.01), between(-0.01, 0.01)] : [0, 0];
      return [zoom * Math.cos(angle), -zoom * Math.sin(angle), between(-9, 9), zoom * Math.sin(angle), zoom * Math.cos(angle), between(-9, 9), ...perspective];
    }).flat(),
  );

  for (const [height, width, channels] of [[17, 13, 3], [8, 9, 1], [1, 5, 2]]) {
    for (const fill of ['nearest', 'constant', 'reflect', 'wrap'] as const) {
      it(`of ${height}x${width}x${channels}, ${fill}, is within 1e-4 of the interpreter's`, () => {
        const count = transforms.length / 8;
        const shape = [count, height, width, channels];
        const bytes = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.below(256));
        const g = builder();
        const images = g.input('images', { dtype: 'float32', shape: [-1, height, width, channels] });
        const attrs = { interpolation: 'bilinear', fill, fillValue: 128 } as const;
        const warped = g.warp(images, g.input('transforms', { dtype: 'float32', shape: [-1, 8] }), attrs);
        const wanted = interpret([warped], { images: ndarray(shape, bytes), transforms: ndarray([count, 8], transforms) })[0].data;
        const stored = toStored(Float32Array.from(wanted), shape, IMAGE);
        const input: HostInput = { kind: 'warp', name: 'warped', attrs, images: 'images', transforms: 'transforms', shape: [-1, height, width, channels], layout: IMAGE };
        for (const pixels of [bytes, Float32Array.from(bytes)]) {
          const kernels = openKernels();
          const got = kernels.view(kernels.warpImages(input, pixels, count, transforms));
          expect(got.length).toBe(stored.length);
          // In parts of white. Where wrap and reflect jump, a coordinate on the edge may fall to either side.
          const far = [...got].filter((v, i) => Math.abs(v - stored[i]) / 255 > 1e-4).length;
          expect(far).toBeLessThanOrEqual(fill === 'wrap' ? got.length / 500 : 0);
        }
      });
    }
  }
});
