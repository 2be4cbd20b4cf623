/** Values that are words with parameters of their own: initializers and activations of layers. */
import type { ActivationWord } from '../model/program.ts';
import type { Value } from '../syntax/ast.ts';
import type { Given, Param, ParamValue, Word } from '../vocabulary/types.ts';
import { constraints, initializers, regularizers } from '../vocabulary/index.ts';
import { activationLayers } from '../vocabulary/layers/activations.ts';
import { given } from '../vocabulary/given.ts';
import type { Place } from './coerce.ts';
import { respell, wrong } from './coerce.ts';
import { lookUp } from './lookup.ts';
import { bindArguments } from './arguments.ts';

const isActivation = (word: string): word is ActivationWord => Object.hasOwn(activationLayers, word);

/** `activation=relu`; `none` and Keras's `linear` are no activation. Slopes are those of Keras's functions. */
export function coerceActivation(value: Value, param: Param, place: Place): ParamValue | undefined {
  const written = value.kind === 'word' ? value.text : value.kind === 'string' ? value.value : null;
  if (written === null) return wrong(value, param, place);
  if (written === 'none') return { activation: null };
  if (['linear', 'None', 'identity'].includes(written)) {
    respell(value, 'none', place);
    return { activation: null };
  }
  const found = lookUp(written, 'network');
  if ((found.kind === 'word' || found.kind === 'alias') && isActivation(found.word.word)) {
    if (found.kind === 'alias' || value.kind === 'string') respell(value, found.word.word, place);
    return { activation: found.word.word };
  }
  if ((found.kind === 'word' || found.kind === 'alias') && found.word.later) {
    place.report.add('CNN1003', value.span, { what: `\`${found.word.word}\`` });
    return undefined;
  }
  const suggestion = found.kind === 'unknown' && found.suggestion && isActivation(found.suggestion) ? found.suggestion : null;
  place.report.add('CNN1001', value.span, { what: 'activation', word: written, suggestion, keras: null });
  return undefined;
}

/** `kernel_initializer=he_normal`, `random_normal(stddev=.02)`. */
export function coerceInitializer(value: Value, param: Param, place: Place): ParamValue | undefined {
  const made = coerceFunction(value, param, place, 'initializer', initializers);
  return made && { initializer: made };
}

/** `kernel_regularizer=l2(.01)`, `none`. */
export function coerceRegularizer(value: Value, param: Param, place: Place): ParamValue | undefined {
  if (isNone(value)) return { regularizer: null };
  const made = coerceFunction(value, param, place, 'regularizer', regularizers);
  return made && { regularizer: made };
}

/** `kernel_constraint=max_norm(2)`, `none`. */
export function coerceConstraint(value: Value, param: Param, place: Place): ParamValue | undefined {
  if (isNone(value)) return { constraint: null };
  const made = coerceFunction(value, param, place, 'constraint', constraints);
  return made && { constraint: made };
}

const isNone = (value: Value): boolean => value.kind === 'word' && value.text === 'none';

/** A word of a group, alone or with its arguments in parentheses. */
function coerceFunction<T>(value: Value, param: Param, place: Place, group: string, table: Readonly<Record<string, Word & { readonly build: (given: Given) => T }>>): T | undefined {
  const written = value.kind === 'word' ? value.text : value.kind === 'string' ? value.value : value.kind === 'call' ? value.name.text : null;
  if (written === null) return wrong(value, param, place);
  const found = lookUp(written, group);
  if ((found.kind !== 'word' && found.kind !== 'alias') || !Object.hasOwn(table, found.word.word)) {
    place.report.add('CNN1001', value.kind === 'call' ? value.name.span : value.span, {
      what: group,
      word: written,
      suggestion: found.kind === 'unknown' ? found.suggestion : null,
      keras: null,
    });
    return undefined;
  }
  const { build } = table[found.word.word];
  if (value.kind === 'call') {
    if (found.kind === 'alias') respell({ kind: 'word', text: written, span: value.name.span }, found.word.word, place);
    const bound = bindArguments(found.word, value.args, value.options, value.span, written, place.report, place.names);
    if (!bound.sound) return undefined;
    return build(given(found.word, new Map([...bound.args].map(([name, arg]) => [name, arg.value]))));
  }
  if (found.kind === 'alias' || value.kind === 'string') respell(value, found.word.word, place);
  return build(given(found.word, new Map()));
}
