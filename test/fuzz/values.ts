/**
 * Values of parameters as `.cnn` text, drawn from what the vocabulary says of them: type, bounds, default, flags. A parameter
 * of a new word needs nothing here. Sizes stay small, so that the float64 interpreter runs a step at once.
 */
import fc from 'fast-check';
import { isActivation } from '../../src/compiler/check/tail.ts';
import { constraints, initializers, layers, regularizers } from '../../src/compiler/vocabulary/index.ts';
import { spell, spellNumber } from '../../src/compiler/vocabulary/params.ts';
import type { Param, ParamType, Word } from '../../src/compiler/vocabulary/types.ts';

type Text = fc.Arbitrary<string>;

const largestInteger = 6;
const activations = Object.values(layers).filter((word) => isActivation(word.word) && !word.later).map((word) => word.word);

/** Learning rates that change within the few steps of a random program. */
const schedules = [
  'exponential_decay(.01, steps=2, rate=.5)', 'inverse_time_decay(.01, steps=2, rate=.5, staircase)', 'cosine_decay(.001, steps=6, warmup_target=.01, warmup_steps=2)',
  'cosine_decay_restarts(.01, steps=2)', 'piecewise([1, 3], [.01, .003, .001])', 'polynomial_decay(.01, steps=4, power=2)', 'one_cycle(.01, steps=6)',
];

/** A use of a word with its options: `conv 4 size=3x2 same`. Every option may be left out. */
export function useOf(word: Word): Text {
  const params = word.params.filter((param) => !param.later && !param.rest);
  return fc.tuple(...params.map((param) => argument(word, param))).map((args) => [word.word, ...args.filter((text) => text !== '')].join(' '));
}

/** The same as a call where the language wants one: `top_k(2)`, `random_normal(stddev=.1)`. */
export function callOf(word: Word): Text {
  const params = word.params.filter((param) => !param.later && !param.rest);
  return fc.tuple(...params.map((param) => argument(word, param))).map((args) => {
    const given = args.filter((text) => text !== '');
    return given.length === 0 ? word.word : `${word.word}(${given.join(', ')})`;
  });
}

/** The empty text: left out. */
function argument(word: Word, param: Param): Text {
  const value = valueOf(param);
  if (param.required) return param.position === undefined ? value.map((text) => `${param.name}=${text}`) : value;
  // `horizontal_flip off` is written without a name.
  const named = param.type.kind === 'switch' && param.position === 0 ? value : value.map((text) => `${param.name}=${text}`);
  const flags = word.group === 'initializer' || word.group === 'metric' ? [] : Object.keys(param.flags ?? {});
  const written = flags.length > 0 ? fc.oneof(named, fc.constantFrom(...flags)) : named;
  return fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 2, arbitrary: written });
}

function valueOf(param: Param): Text {
  const { type } = param;
  switch (type.kind) {
    case 'integer':
      return fc.integer({ min: Math.max(1, type.min ?? 1), max: Math.min(largestInteger, type.max ?? largestInteger) }).map(String);
    case 'number':
    case 'fraction':
      return fc.constantFrom(...numbersAround(param, type));
    case 'shift':
      return fc.constantFrom('.1', '.3', '25%', '1px', '2px');
    case 'size2':
      return fc.oneof(fc.integer({ min: 1, max: 4 }).map(String), fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).map((sides) => sides.join('x')));
    case 'range':
      return fc.constantFrom('.2', '.8..1.2', '.5..1', '1..1.5');
    case 'choice':
      return fc.constantFrom(...type.of);
    case 'switch':
      return fc.constantFrom('on', 'off');
    case 'string':
      return fc.constantFrom('"stem"', '"block"', '"c"', '"last-1"');
    case 'numbers':
      return fc.array(fc.constantFrom('.25', '.5', '.75', '1'), { minLength: 1, maxLength: 3 }).map((list) => `[${list.join(', ')}]`);
    case 'initializer':
      return fc.oneof(...Object.values(initializers).filter((word) => !word.later).map(callOf));
    case 'regularizer':
      // Of a matrix only, which kernels alone are, and those of dense layers alone.
      return fc.oneof(fc.constant('none'), ...Object.values(regularizers).filter(({ word }) => word !== 'orthogonal_regularizer' || param.name === 'kernel_regularizer').map(callOf));
    case 'constraint':
      return fc.oneof(fc.constant('none'), ...Object.values(constraints).map(callOf));
    case 'integers':
      return fc.constantFrom(...(type.min < -1 ? ['0', '[0]', '[-1]', '[0, 1]'] : type.min === 0 ? ['0', '1', '[1, 0]'] : type.min < 0 ? ['[-1]', '[-1, 1]', '[1, -1, 1]', '[2, -1, 2]', '[-1, 3, 1]'] : ['[1]', '[2, 1, 3]', '[3, 1, 2]', '[1, 3, 2]']));
    case 'sides':
      return fc.constantFrom('1', '2', '1x2', '[1, 0]', '[1, 0, 2, 1]', '[0, 1, 0, 0]');
    case 'activation':
      return fc.constantFrom('none', ...activations);
    case 'rate':
      return fc.oneof({ weight: 3, arbitrary: fc.constantFrom('.1', '.01', '.003', '.001') }, { weight: 2, arbitrary: fc.constantFrom(...schedules) });
    case 'words':
    case 'name':
    case 'imageSize':
    case 'bytes':
    case 'use':
    case 'any':
      throw new Error(`no values for ${param.name}: ${type.kind}`);
  }
}

/** The default and numbers near it, as far as the bounds allow. */
function numbersAround(param: Param, type: Extract<ParamType, { kind: 'number' | 'fraction' }>): readonly string[] {
  const { min = type.kind === 'fraction' ? 0 : -Infinity, max = Infinity, exclusiveMin = false, exclusiveMax = false } = { exclusiveMin: undefined, ...type };
  const fits = (n: number): boolean => (exclusiveMin ? n > min : n >= min) && (exclusiveMax ? n < max : n <= max);
  const middle = typeof param.value === 'number' ? param.value : fraction(param.default ?? '');
  const near = middle === null || middle === 0 ? (max <= 1 ? [0, 0.25, 0.5, 0.9] : max <= 255 ? [0, 10, 45] : [0, 0.25, 0.5, -0.25]) : [middle, middle / 2, middle * 2, middle / 4, ...(middle < 0.01 ? [middle * 10] : [])];
  const numbers = near.filter(fits).map((n) => spellNumber(Number(n.toPrecision(6))));
  const standard = param.value !== undefined ? spell(param.value, { kind: 'number' }) : param.default;
  return [...new Set([...(middle !== null && standard ? [standard] : []), ...numbers])];
}

/** `1/255`, `.5`; null for words. */
function fraction(text: string): number | null {
  const [top, bottom = '1'] = text.split('/');
  const n = Number(top) / Number(bottom);
  return text !== '' && Number.isFinite(n) ? n : null;
}
