/** Generated code trains, measures and predicts as the graph does, within 1e-4. Each word for itself: words.test.ts. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { expectAgreement } from './agree.ts';
import type { Module } from './agree.ts';
import { composed } from './composed.ts';
import { generate, tfjs } from './generated.ts';
import type { Generated } from './generated.ts';
import { programs } from './programs.ts';

let tf: typeof Tfjs;
const made: Generated[] = [];
beforeAll(async () => {
  tf = await tfjs();
});
afterAll(() => Promise.all(made.map((generated) => generated.remove())));

describe('the first three steps and predictions', () => {
  it.each(Object.entries({ ...programs, ...composed }))('%s', async (_, p) => {
    const generated = await generate(p);
    made.push(generated);
    await expectAgreement(tf, p, (await generated.load()) as Module, 3);
  });
});
