/** Every operation on TensorFlow beside its float64 meaning. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { OpName } from '../../../../src/compiler/graph/types.ts';
import { openEngine } from '../../../../src/runtime/engine/choose.ts';
import type { Engine } from '../../../../src/runtime/engine/engine.ts';
import { engineAvailable } from '../../../support/engine.ts';
import { expectMeaning } from '../compare.ts';
import { cases } from './cases.ts';

describe.skipIf(!engineAvailable())('operations on TensorFlow', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ engine: 'tensorflow', threads: 2 });
  });
  afterAll(() => engine?.close());

  it.each(Object.keys(cases) as OpName[])('%s', (op) => expectMeaning(engine, op));
});
