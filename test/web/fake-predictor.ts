import sharp from 'sharp';
import { diagnostic } from '../../src/compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../src/compiler/diagnostics/diagnostic.ts';
import type { LabelKind, Program } from '../../src/compiler/model/program.ts';
import { fileSpan } from '../../src/compiler/source/source.ts';
import type { Predictor } from '../../src/runtime/bundle/bundle.ts';

/** Says "dark" or "light" by the mean of the pixels: enough to see that the bytes sent are the bytes judged. */
export const fakePredictor: Predictor = {
  bundle: { program: { name: 'Light <b>or</b> dark', input: [8, 8, 3], labels: { kind: 'categorical', count: 2, names: ['dark', 'light'] }, compile: { metrics: [], loss: { kind: 'categorical_crossentropy', from_logits: false, label_smoothing: 0 } } } as unknown as Program, weights: {}, statistics: {}, classes: ['dark', 'light'], pixels: 'uint8' },
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

const answering = (kind: LabelKind, classes: readonly string[], predict: Predictor['predict']): Predictor => {
  const { program } = fakePredictor.bundle;
  return { ...fakePredictor, bundle: { ...fakePredictor.bundle, classes, program: { ...program, labels: { kind, count: classes.length, names: classes }, compile: { ...program.compile, metrics: [{ kind: 'accuracy', name: 'accuracy', form: 'binary', threshold: 0.25 }] } } }, predict };
};

/** Two labels of a bright picture, none of a dark one. */
export const fakeLabels = answering('multilabel', ['sky', 'tree', 'house'], async (image, top) => {
  const [light] = (await fakePredictor.predict(image, 2)).top.filter((t) => t.class === 'light');
  const all = [{ class: 'tree', probability: light.probability * 0.9 }, { class: 'sky', probability: light.probability * 0.3 }, { class: 'house', probability: 0.1 }];
  return { top: all.slice(0, top), labels: all.filter((t) => t.probability > 0.25).map((t) => t.class) };
});

export const fakeValues = answering('values', ['brightness', 'angle'], async (image) => {
  const [light] = (await fakePredictor.predict(image, 2)).top.filter((t) => t.class === 'light');
  return { top: [], values: [{ name: 'brightness', value: light.probability * 255 }, { name: 'angle', value: -0.0123456 }] };
});
