/**
 * Arithmetic in parentheses: numbers only, with Python's meaning (true division, `%` with the sign of the divisor, halves
 * rounded to even). null: known only later, or reported.
 */
import type { Expression, Value } from '../syntax/ast.ts';
import type { Span } from '../source/source.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { show } from './describe.ts';
import { replace } from './report.ts';
import { findValue, isExcused, namesInSight } from './scope.ts';
import type { Scope } from './scope.ts';
import { valueOf } from './resolve.ts';

const roundHalfEven = (x: number): number => {
  const low = Math.floor(x);
  const rest = x - low;
  return rest < 0.5 ? low : rest > 0.5 ? low + 1 : low % 2 === 0 ? low : low + 1;
};

const functions: Readonly<Record<string, { readonly of: (...x: number[]) => number; readonly least: number; readonly most: number }>> = {
  min: { of: Math.min, least: 2, most: Infinity },
  max: { of: Math.max, least: 2, most: Infinity },
  floor: { of: Math.floor, least: 1, most: 1 },
  ceil: { of: Math.ceil, least: 1, most: 1 },
  round: { of: roundHalfEven, least: 1, most: 1 },
};

/** The result; no rounding, except that there is no -0. */
export function evaluate(expression: Expression, scope: Scope): number | null {
  const result = compute(expression, scope);
  return result === null ? null : result + 0;
}

function compute(expression: Expression, scope: Scope): number | null {
  const { report } = scope.env;
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return named(expression.text, expression.span, scope);
    case 'negate': {
      const x = compute(expression.operand, scope);
      return x === null ? null : -x;
    }
    case 'call': {
      const { name, args, span } = expression;
      const known = Object.hasOwn(functions, name.text) ? functions[name.text] : null;
      const numbers = args.map((arg) => compute(arg, scope));
      if (!known) {
        const suggestion = suggest(name.text, Object.keys(functions))?.word ?? null;
        report.add('CNN1224', name.span, { name: name.text, known: Object.keys(functions), wants: null, found: args.length }, suggestion === null ? {} : { fixes: [replace(`write ${suggestion}`, name.span, suggestion)] });
        return null;
      }
      if (args.length < known.least || args.length > known.most) {
        report.add('CNN1224', span, { name: name.text, known: [], wants: known.most === 1 ? 'one number' : 'two numbers or more', found: args.length });
        return null;
      }
      return numbers.includes(null) ? null : known.of(...(numbers as number[]));
    }
    case 'binary': {
      const a = compute(expression.left, scope);
      const b = compute(expression.right, scope);
      if (a === null || b === null) return null;
      const result = operate(expression.operator, a, b);
      if (Number.isFinite(result)) return result;
      report.add('CNN1223', expression.span, { operator: expression.operator, left: a, right: b });
      return null;
    }
  }
}

/** Python's `%`: exact, with the sign of the divisor. */
function floorMod(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function operate(operator: '+' | '-' | '*' | '/' | '%' | '^', a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return floorMod(a, b);
    case '^':
      return a ** b;
  }
}

function named(text: string, span: Span, scope: Scope): number | null {
  const { report } = scope.env;
  const found = findValue(scope, text);
  if (!found) {
    if (text === 'classes') return classesAt(span, scope);
    if (isExcused(scope, text)) return null;
    const suggestion = suggest(text, [...namesInSight(scope, 'values'), 'classes'])?.word ?? null;
    report.add('CNN1220', span, { name: text, suggestion }, suggestion === null ? {} : { fixes: [replace(`write ${suggestion}`, span, suggestion)] });
    return null;
  }
  const value = valueOf(found, scope, span);
  if (value.kind === 'word' && value.unknown) return null;
  if (value.kind === 'word' && value.text === 'classes') return classesAt(span, scope);
  const number = numberOf(value);
  if (number === null) report.add('CNN1222', span, { name: text, found: show(value) }, { related: [{ span: found.name.span, label: 'declared here' }] });
  return number;
}

/** The number of classes, in the network. */
function classesAt(span: Span, { env }: Scope): number | null {
  if (!env.inNetwork) env.report.add('CNN1229', span, {});
  return env.inNetwork ? env.classes : null;
}

export function numberOf(value: Value): number | null {
  switch (value.kind) {
    case 'number':
    case 'quantity':
      return value.value;
    case 'percent':
      return value.value / 100;
    case 'ratio':
      return value.denominator === 0 ? null : value.numerator / value.denominator;
    default:
      return null;
  }
}
