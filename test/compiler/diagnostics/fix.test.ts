/** `check --fix`: what is fixed stays fixed, and nothing gets worse. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { diagnostic } from '../../../src/compiler/diagnostics/catalogue.ts';
import type { Diagnostic } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { applyFixes, fixAll } from '../../../src/compiler/diagnostics/fix.ts';

const path = 'x.cnn';
const diagnose = (text: string): readonly Diagnostic[] => compile(text, { path }).diagnostics;
const errors = (list: readonly Diagnostic[]): readonly string[] => list.filter((d) => d.severity === 'error').map((d) => d.code);

const fixtures = fileURLToPath(new URL('../../fixtures/diagnostics/', import.meta.url));
const programs = readdirSync(fixtures).flatMap((code) => readdirSync(fixtures + code).filter((f) => f.endsWith('.cnn')).map((file) => ({ name: `${code}/${file}`, text: readFileSync(`${fixtures}${code}/${file}`, 'utf8') })));

it('a program in Keras\'s spelling becomes one in ours', () => {
  const text = `data { folder "flowers"; image 64x64; classes [daisy, rose] }
augment { rotation_range 20; horizontal_flip=True }
network <
  Conv2D 32 kernel_size=5x5 padding="same"; ReLU; MaxPooling2D pool_size=2
  Flatten; Dense classes activation="softmax"
>
fit { batch_size=16; EarlyStopping patience=3 restore_best_weights }
`;
  const fixed = fixAll(text, path, diagnose);
  expect(diagnose(fixed.text)).toEqual([]);
  expect(fixed.text).toBe(`data { folder "flowers"; image 64x64; classes [daisy, rose] }
augment { rotation 20; horizontal_flip }
network <
  conv 32 size=5x5 padding=same; relu; pool size=2
  flatten; dense classes activation=softmax
>
fit { batch 16; early_stopping patience=3 restore_best }
`);
  expect(fixAll(fixed.text, path, diagnose)).toEqual({ text: fixed.text, applied: 0 });
});

describe('every fixture', () => {
  it.each(programs)('$name', ({ text }) => {
    const before = diagnose(text);
    const { text: fixed } = fixAll(text, path, diagnose);
    const after = diagnose(fixed);
    expect(errors(after).length).toBeLessThanOrEqual(errors(before).length);
    if (errors(before).length === 0) expect(errors(after)).toEqual([]);
    // A fixed point: what is left has no fix that could be applied without harm.
    expect(fixAll(fixed, path, diagnose)).toEqual({ text: fixed, applied: 0 });
  });
});

describe('a fix that does harm', () => {
  const at = (text: string, word: string) => ({ file: path, start: text.indexOf(word), end: text.indexOf(word) + word.length });
  const warn = (text: string, word: string, instead: string) => diagnostic('CNN1002', at(text, word), { written: word, word: instead }, { fixes: [{ title: 't', safe: true, edits: [{ span: at(text, word), text: instead }] }] });
  /** `a` may become `b`, and `bad` is an error; `c` may become `d`. */
  const invented = (text: string): readonly Diagnostic[] => [
    ...(text.includes('a') ? [warn(text, 'a', 'x')] : []),
    ...(text.includes('c') ? [warn(text, 'c', 'd')] : []),
    ...(text.includes('x') ? [diagnostic('CNN1133', at(text, 'x'), {})] : []),
  ];

  it('is left alone, and the others are applied', () => {
    expect(fixAll('a c', path, invented)).toEqual({ text: 'a d', applied: 1 });
    expect(applyFixes('a c', path, invented('a c')).text).toBe('x d');
  });

  it('two that undo each other end', () => {
    const swing = (text: string): readonly Diagnostic[] => [text.includes('a') ? warn(text, 'a', 'b') : warn(text, 'b', 'a')];
    expect(fixAll('a', path, swing)).toEqual({ text: 'b', applied: 1 });
  });
});

/** Slips as people make them: letters swapped, doubled or lost, words of Keras, `=` and `:`, brackets gone. */
const slip = (text: string, at: number, kind: number): string => {
  const words = [...text.matchAll(/[A-Za-z_]{3,}|[<>{};=]|\d+/g)];
  const word = words[at % words.length];
  const [w] = word;
  const i = word.index;
  const keras: Readonly<Record<string, string>> = { conv: 'Conv2D', pool: 'MaxPooling2D', dense: 'Dense', flatten: 'Flatten', relu: 'ReLU', batch: 'batch_size', epochs: 'nb_epoch', dropout: 'Dropout' };
  const changed = [w.slice(1), w + w[w.length - 1], w.length > 2 ? w[1] + w[0] + w.slice(2) : '', keras[w] ?? w.toUpperCase(), `${w}=`, `${w} =`, ` ${w}: `, '', `${w} ${w}`, `# cnnc: allow CNN3209\n${w}`][kind % 10];
  return text.slice(0, i) + changed + text.slice(i + w.length);
};

it('never makes a damaged program worse', () => {
  const sound = readFileSync(fileURLToPath(new URL('../../../examples/shapes/shapes.cnn', import.meta.url)), 'utf8');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(9)), { minLength: 1, maxLength: 3 }), (slips) => {
      const text = slips.reduce((t, [at, kind]) => slip(t, at, kind), sound);
      const before = errors(diagnose(text));
      const fixed = fixAll(text, path, diagnose);
      const after = errors(diagnose(fixed.text));
      expect(after.length, fixed.text).toBeLessThanOrEqual(before.length);
      // New codes come only where an error was fixed that hid them.
      if (fixed.applied === 0) expect(fixed.text).toBe(text);
      if (before.length === 0) expect(after).toEqual([]);
      expect(fixAll(fixed.text, path, diagnose).applied).toBe(0);
    }),
    { numRuns: process.env.CNNC_SOAK ? 5000 : 40 },
  );
}, 600_000);
