import sharp from 'sharp';
import { diagnostic } from '../../src/compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../src/compiler/diagnostics/diagnostic.ts';
import type { Program } from '../../src/compiler/model/program.ts';
import { fileSpan } from '../../src/compiler/source/source.ts';
import type { Predictor } from '../../src/runtime/bundle/bundle.ts';

/** Says "dark" or "light" by the mean of the pixels: enough to see that the bytes sent are the bytes judged. */
export const fakePredictor: Predictor = {
  bundle: { program: { name: 'Light <b>or</b> dark', input: [8, 8, 3], labels: { kind: 'categorical', count: 2, names: ['dark', 'light'] } } as unknown as Program, weights: {}, statistics: {}, classes: ['dark', 'light'], pixels: 'uint8' },
  async predict(image, top) {
    let mean: number;
    try {
      const { channels } = await sharp(image).stats();
      mean = channels[0].mean / 255;
    } catch {
      throw new DiagnosticError([diagnostic('CNN6063', fileSpan(''), { path: null, reason: 'not a picture' })]);
    }
    const all = [{ class: 'dark', probability: 1 - mean }, { class: 'light', probability: mean }];
    return { top: all.sort((a, b) => b.probability - a.probability).slice(0, top) };
  },
  predictPixels: async () => new Float32Array(),
  close: async () => {},
};
