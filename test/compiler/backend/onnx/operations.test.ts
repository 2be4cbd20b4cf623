/** Every operation on onnxruntime beside its float64 meaning: the table of cases is the TensorFlow backend's. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { OpName } from '../../../../src/compiler/graph/types.ts';
import type { Engine } from '../../../../src/runtime/engine/engine.ts';
import { openOnnx } from '../../../../src/runtime/engine/onnx/engine.ts';
import { findOnnxRuntime } from '../../../../src/runtime/engine/onnx/locate.ts';
import { onnxAvailable } from '../../../support/engine.ts';
import { expectMeaning } from '../compare.ts';
import { cases } from '../tensorflow/cases.ts';

describe.skipIf(!onnxAvailable()).each([false, true])('operations on onnxruntime (portable: %s)', (portable) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOnnx({ runtimePath: findOnnxRuntime()!, threads: 1, portable });
  });
  afterAll(() => engine?.close());

  it.each(Object.keys(cases) as OpName[])('%s', (op) => expectMeaning(engine, op));
});
