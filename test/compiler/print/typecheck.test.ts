/** Generated code and the examples of its README compile strictly; hostile names stay names. */
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { composed } from './composed.ts';
import { generate, typecheck } from './generated.ts';
import type { Generated } from './generated.ts';
import { alternating, changing, program, programs } from './programs.ts';
import { programOf, runs } from './words.ts';

const made: Generated[] = [];
afterAll(() => Promise.all(made.map((generated) => generated.remove())));

async function generated(p: Program): Promise<Generated> {
  const one = await generate(p);
  made.push(one);
  return one;
}

/** The README's code as modules, with what it takes from its surroundings declared. */
async function withReadme(one: Generated): Promise<Generated> {
  const blocks = [...one.files.get('README.md')!.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code.replaceAll('./src/index.ts', './index.ts'));
  expect(blocks).toHaveLength(3);
  const surroundings = `import type * as tf from '@tensorflow/tfjs-core';
import type { Model, Samples, WeightsManifest } from './index.ts';
declare const manifest: WeightsManifest, data: ArrayBuffer, images: tf.Tensor4D, labels: Samples['labels'], sampleWeights: tf.Tensor1D, validation: Samples | null;
declare function keep(epoch: number, model: Model): void;
export const used = [manifest, data, images, labels, sampleWeights, validation, keep];
`;
  await Promise.all(blocks.map((code, i) => writeFile(join(one.folder, 'src', `readme${i}.ts`), surroundings + code)));
  return one;
}

it('compiles under --strict', async () => {
  const all = await Promise.all([...Object.values({ ...programs, ...composed, ...changing }), ...runs.map((row) => programOf(row, [4, 4, 1]))].map(async (p) => withReadme(await generated(p))));
  expect(await typecheck(all)).toBe('');
}, 120_000);

it('has no any, and says so when something does not fit', async () => {
  const one = await generated(alternating(9));
  for (const [path, text] of one.files) if (path.endsWith('.ts')) expect(text, path).not.toMatch(/\bany\b/);
  await writeFile(join(one.folder, 'src/wrong.ts'), "import { newModel } from './index.ts';\nnewModel('seed');\n");
  expect(await typecheck([one])).toContain('wrong.ts');
});

// ---------------------------------------------------------------- injection

const nasty = ["*/ alert(1) /*", "'; process.exit(1) //", '`${process.exit(1)}`', '__proto__', 'constructor', '\u2028alert(1)\u2029', '</script><script>', '// @ts-nocheck', '\\', '"', "\n};\n", '\u202Ereversed', '\ud800', '卷积', '', ' ', '@ts-ignore', '[x](javascript:alert(1))', '<img src=x onerror=alert(1)>', '$&', '{{', '#', '---', '```'];
const name = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 30 }), fc.tuple(fc.constantFrom(...nasty), fc.string({ maxLength: 5 }), fc.constantFrom(...nasty)).map((parts) => parts.join('')));

/** A little program that uses names wherever a program can have them. */
function named([model, layer, cell, metric]: readonly string[], classes: readonly string[]): Program {
  return program({
    name: model,
    input: [8, 8, 1],
    network: [
      ['conv', { filters: 2, name: layer }],
      { repeat: 2, cells: [[['conv', { filters: 2, padding: 'same', name: cell }], ['relu']]] },
      ['flatten'], ['dense', { units: classes.length }], ['softmax'],
    ],
    labels: { kind: 'categorical', count: classes.length, names: classes },
    metrics: [{ kind: 'mae', name: metric }],
  });
}

it('lets hostile names be names', async () => {
  const runs = process.env.CNNC_SOAK ? 300 : 12;
  const projects: Generated[] = [];
  const uniqueNames = fc.uniqueArray(name, { minLength: 4, maxLength: 4 }).filter((names) => names[3] !== 'loss');
  await fc.assert(
    fc.asyncProperty(uniqueNames, fc.uniqueArray(name, { minLength: 2, maxLength: 6 }), async (names, classes) => {
      const p = named(names, classes);
      const one = await generated(p);
      projects.push(one);
      const code = (await one.load()) as { modelName: string; classes: string[]; newModel(): { variables: Map<string, unknown> } };
      expect(code.modelName).toBe(p.name);
      expect(code.classes).toEqual(classes);
      expect([...code.newModel().variables.keys()]).toEqual(p.layers.flatMap((layer) => layer.variables.map((variable) => variable.name)));
      expect(JSON.parse(one.files.get('package.json')!).name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const [path, text] of one.files) expect(text, path).not.toMatch(/[\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    }),
    { numRuns: runs, examples: [[nasty.slice(0, 4), nasty.slice(4)], [nasty.slice(6, 10), nasty.slice(10, 16)]] },
  );
  expect(await typecheck(projects)).toBe('');
}, 600_000);

it('the examples compile', async () => {
  const paths = readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.cnn') && !path.startsWith('zoo'));
  expect(paths.length).toBeGreaterThan(2);
  const projects: Generated[] = [];
  for (const path of paths) {
    const text = readFileSync(join('examples', path), 'utf8');
    // What the data would say; its pictures are not needed for code.
    const sampleShape = /\bimage\b/.test(text) ? null : [28, 28, 1];
    const classes = Array.from({ length: Number(/classes=(\d+)/.exec(text)?.[1] ?? 10) }, (_, i) => `class ${i}`);
    const facts = { labelKind: 'sparse', classes, sampleShape, pixelType: 'uint8', count: 5000, perClass: classes.map(() => 500), parts: { test: false, validation: false } } as const;
    const result = compile(text, { path, facts });
    expect(result.program, `${path}: ${result.diagnostics.map(({ message }) => message).join()}`).not.toBeNull();
    projects.push(await generated(result.program!));
  }
  expect(await typecheck(projects)).toBe('');
});
