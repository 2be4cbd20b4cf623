/** Where values come from: inputs, variables, constants. The interpreter feeds the first two. */
import { ndarray, sizeOf } from '../ndarray.ts';
import { BATCH } from '../types.ts';
import type { OpDefinition } from './definition.ts';
import { expectInputs, fail, showType } from './definition.ts';

const fed = (): never => fail('inputs and variables are fed, not computed');

export const input: OpDefinition<'input'> = {
  infer(inputs, { type }) {
    expectInputs('input', inputs, []);
    return [type];
  },
  gradient: 'zero',
  evaluate: fed,
};

export const variable: OpDefinition<'variable'> = {
  infer(inputs, { name, type }) {
    expectInputs('variable', inputs, []);
    if (type.shape.includes(BATCH)) fail(`variable ${name} is ${showType(type)}`);
    return [type];
  },
  gradient: 'zero',
  evaluate: fed,
};

export const constant: OpDefinition<'constant'> = {
  infer(inputs, { type, values }) {
    expectInputs('constant', inputs, []);
    if (type.shape.includes(BATCH) || sizeOf(type.shape) !== values.length) fail(`a constant ${showType(type)} of ${values.length} values`);
    return [type];
  },
  gradient: 'zero',
  evaluate: (_, { type, values }) => [ndarray(type.shape, values, type.dtype)],
};
