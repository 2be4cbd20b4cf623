/** For `compile`: a limit that a program sets holds on either engine, as far as it runs the program. */
import { missingType } from '../backend/capabilities.ts';
import { buildTraining } from '../graph/training.ts';
import type { MemoryOf } from '../model/budget.ts';
import { memoryEstimator } from './estimate.ts';
import { onnx } from './onnx.ts';
import { tensorflow } from './tensorflow.ts';

export const onBothEngines: MemoryOf = (program) => {
  const graph = buildTraining(program);
  return [tensorflow, onnx].filter(({ engine }) => missingType(engine, graph) === undefined).map((engine) => memoryEstimator(program, engine, { graph }));
};
