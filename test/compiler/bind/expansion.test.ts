/**
 * Random programs of lets, cells, repeats, residuals, branches and arithmetic, beside the same program written out by hand: no
 * names, no cells, no repeats, each number worked out here. Both give the same layers, wired in the same way. The Program
 * survives JSON, the schema of trained models and the verifier.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import type { Cell, Program } from '../../../src/compiler/model/program.ts';
import { mergings } from '../../../src/compiler/model/tree.ts';
import { verify } from '../../../src/compiler/model/verify.ts';
import { checkProgram } from '../../../src/runtime/bundle/check-program.ts';

const runs = process.env.CNNC_SOAK ? 3000 : 60;

type Env = readonly (readonly [name: string, value: number])[];

/** Arithmetic: a name is the nth in sight. */
type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly nth: number }
  | { readonly kind: 'binary'; readonly operator: '+' | '-' | '*' | '%'; readonly a: Expr; readonly b: Expr }
  | { readonly kind: 'half'; readonly how: 'floor' | 'ceil' | 'round'; readonly a: Expr }
  | { readonly kind: 'most'; readonly how: 'min' | 'max'; readonly a: Expr; readonly b: Expr };

type Item =
  | { readonly kind: 'layer'; readonly which: number; readonly e: Expr }
  | { readonly kind: 'repeat'; readonly count: number; readonly counted: boolean; readonly bodies: readonly (readonly Item[])[] }
  | { readonly kind: 'call'; readonly nth: number; readonly args: readonly Expr[]; readonly named: boolean; readonly omit: boolean }
  | { readonly kind: 'residual'; readonly body: readonly Item[]; readonly e: Expr }
  | { readonly kind: 'branch'; readonly merge: string; readonly bodies: readonly (readonly Item[])[]; readonly e: Expr }
  | { readonly kind: 'let'; readonly e: Expr };

interface Declared {
  /** Its second parameter has this default, which may use the first. */
  readonly default: Expr;
  readonly body: readonly Item[];
}

interface Written {
  readonly lets: readonly Expr[];
  readonly cells: readonly Declared[];
  readonly body: readonly Item[];
}

const { expr } = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('number' as const), value: fc.nat(9) }),
    fc.record({ kind: fc.constant('name' as const), nth: fc.nat(9) }),
    fc.record({ kind: fc.constant('binary' as const), operator: fc.constantFrom('+' as const, '-' as const, '*' as const, '%' as const), a: tie('expr'), b: tie('expr') }),
    fc.record({ kind: fc.constant('half' as const), how: fc.constantFrom('floor' as const, 'ceil' as const, 'round' as const), a: tie('expr') }),
    fc.record({ kind: fc.constant('most' as const), how: fc.constantFrom('min' as const, 'max' as const), a: tie('expr'), b: tie('expr') }),
  ),
}));

const { item } = fc.letrec<{ item: Item }>((tie) => {
  const body = fc.array(tie('item'), { minLength: 1, maxLength: 3 });
  return {
    item: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ kind: fc.constant('layer' as const), which: fc.nat(3), e: expr }),
      fc.record({ kind: fc.constant('call' as const), nth: fc.nat(3), args: fc.array(expr, { minLength: 2, maxLength: 2 }), named: fc.boolean(), omit: fc.boolean() }),
      fc.record({ kind: fc.constant('let' as const), e: expr }),
      fc.record({ kind: fc.constant('repeat' as const), count: fc.integer({ min: 1, max: 3 }), counted: fc.boolean(), bodies: fc.array(body, { minLength: 1, maxLength: 2 }) }),
      fc.record({ kind: fc.constant('residual' as const), body, e: expr }),
      fc.record({ kind: fc.constant('branch' as const), merge: fc.constantFrom('concat', 'add', 'average', 'multiply', 'maximum'), bodies: fc.array(body, { minLength: 2, maxLength: 3 }), e: expr }),
    ),
  };
});

const items = fc.array(item, { minLength: 1, maxLength: 4 });
const written: fc.Arbitrary<Written> = fc.record({ lets: fc.array(expr, { maxLength: 2 }), cells: fc.array(fc.record({ default: expr, body: items }), { maxLength: 3 }), body: items });

// ---- as it is written

const pick = <T>(list: readonly T[], nth: number): T | null => (list.length === 0 ? null : list[nth % list.length]);

function show(e: Expr, names: readonly string[]): string {
  switch (e.kind) {
    case 'number':
      return String(e.value);
    case 'name':
      return pick(names, e.nth) ?? '1';
    case 'binary':
      // A divisor of its own, so that there is no division by 0.
      return e.operator === '%' ? `((${show(e.a, names)}) % 5)` : `(${show(e.a, names)} ${e.operator} ${show(e.b, names)})`;
    case 'half':
      return `${e.how}(${show(e.a, names)} / 2)`;
    case 'most':
      return `${e.how}(${show(e.a, names)}, ${show(e.b, names)})`;
  }
}

/** From 1 to 7, whatever the expression is. */
const filters = (e: Expr, names: readonly string[]): string => `(${show(e, names)} % 7 + 1)`;
const layer = (which: number, n: string): string => [`conv ${n} 3x3 same`, `conv ${n} 1x1`, 'relu', 'batch_norm'][which];

/** `from`: cells from this one on may be used, so that there are no circles. */
function write(body: readonly Item[], names: readonly string[], cells: number, from: number): string {
  let inSight = names;
  const lines = body.map((one): string => {
    const cell = (inner: readonly Item[], end = '') => `< ${write(inner, inSight, cells, from)}${end} >`;
    switch (one.kind) {
      case 'layer':
        return layer(one.which, filters(one.e, inSight));
      case 'let': {
        const name = `v${inSight.length}`;
        const line = `let ${name}=(${show(one.e, inSight)})`;
        inSight = [...inSight, name];
        return line;
      }
      case 'repeat': {
        const name = `i${inSight.length}`;
        const inner = one.counted ? [...inSight, name] : inSight;
        return `repeat ${one.count}${one.counted ? ` as ${name}` : ''} ${one.bodies.map((b) => `< ${write(b, inner, cells, from)} >`).join(' ')}`;
      }
      case 'call': {
        if (from >= cells) return 'relu';
        const [a, b] = one.args.map((arg) => `(${show(arg, inSight)})`);
        return `c${from + (one.nth % (cells - from))} ${one.named ? (one.omit ? `a=${a}` : `b=${b} a=${a}`) : one.omit ? a : `${a} ${b}`}`;
      }
      case 'residual':
        return `residual project ${cell(one.body)}`;
      case 'branch': {
        const end = one.merge === 'concat' ? '' : `; conv ${filters(one.e, inSight)} 1x1`;
        return `branch ${one.bodies.map((b) => cell(b, end)).join(' ')} merge=${one.merge}`;
      }
    }
  });
  // A body of lets alone would be an identity.
  return [...lines, ...(body.every(({ kind }) => kind === 'let') ? ['relu'] : [])].join('; ');
}

// ---- written out by hand

const floorMod = (a: number, b: number): number => ((a % b) + b) % b;
const half = { floor: Math.floor, ceil: Math.ceil, round: (x: number) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)) };

function value(e: Expr, env: Env): number {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'name':
      return pick(env, e.nth)?.[1] ?? 1;
    case 'binary': {
      const a = value(e.a, env);
      if (e.operator === '%') return floorMod(a, 5);
      const b = value(e.b, env);
      return e.operator === '+' ? a + b : e.operator === '-' ? a - b : a * b;
    }
    case 'half':
      return half[e.how](value(e.a, env) / 2);
    case 'most':
      return Math[e.how](value(e.a, env), value(e.b, env));
  }
}

const filtersOf = (e: Expr, env: Env): string => String(floorMod(value(e, env), 7) + 1);

function expand(body: readonly Item[], env: Env, top: Env, cells: readonly Declared[], from: number): readonly string[] {
  let inSight = env;
  const lines = body.flatMap((one): readonly string[] => {
    const cell = (inner: readonly Item[], end: readonly string[] = []) => `< ${[...expand(inner, inSight, top, cells, from), ...end].join('; ')} >`;
    switch (one.kind) {
      case 'layer':
        return [layer(one.which, filtersOf(one.e, inSight))];
      case 'let':
        inSight = [...inSight, [`v${inSight.length}`, value(one.e, inSight)]];
        return [];
      case 'repeat':
        return Array.from({ length: one.count }, (_, i) => {
          const inner: Env = one.counted ? [...inSight, [`i${inSight.length}`, i]] : inSight;
          return expand(one.bodies[i % one.bodies.length], inner, top, cells, from);
        }).flat();
      case 'call': {
        if (from >= cells.length) return ['relu'];
        const nth = from + (one.nth % (cells.length - from));
        const a = value(one.args[0], inSight);
        const given: Env = [...top, ['a', a]];
        const b = one.omit ? value(cells[nth].default, given) : value(one.args[1], inSight);
        return expand(cells[nth].body, [...given, ['b', b]], top, cells, nth + 1);
      }
      case 'residual':
        return [`residual project ${cell(one.body)}`];
      case 'branch': {
        const end = one.merge === 'concat' ? [] : [`conv ${filtersOf(one.e, inSight)} 1x1`];
        return [`branch ${one.bodies.map((b) => cell(b, end)).join(' ')} merge=${one.merge}`];
      }
    }
  });
  return body.every(({ kind }) => kind === 'let') ? ['relu'] : lines;
}

const head = 'input 6x5x3\nclasses 4\n';
const network = (body: string): string => `network < conv 2; ${body}; global_avg_pool; dense classes >\n`;

function composed({ lets, cells, body }: Written): string {
  const names: string[] = [];
  const top = lets.map((e) => {
    const line = `let v${names.length}=(${show(e, names)})`;
    names.push(`v${names.length}`);
    return line;
  });
  const declared = cells.map((cell, i) => `cell c${i}(a, b=(${show(cell.default, [...names, 'a'])})) < ${write(cell.body, [...names, 'a', 'b'], cells.length, i + 1)} >`);
  return `${head}${[...top, ...declared].join('\n')}\n${network(write(body, names, cells.length, 0))}`;
}

function byHand({ lets, cells, body }: Written): string | null {
  let top: Env = [];
  for (const e of lets) top = [...top, [`v${top.length}`, value(e, top)]];
  const lines = expand(body, top, top, cells, 0);
  const text = lines.join('; ');
  return text.length > 6_000 ? null : head + network(text);
}

const without = (keys: readonly string[], what: unknown): unknown => JSON.parse(JSON.stringify(what, (key, inner: unknown) => (keys.includes(key) ? undefined : inner)));

/** The tree without repeats and calls, which only say how it was written. */
const flat = (cell: Cell): unknown =>
  cell.nodes.flatMap((node): unknown => {
    switch (node.kind) {
      case 'layer':
        return [node.layer];
      case 'repeat':
        return node.iterations.flatMap(flat);
      case 'call':
        return flat(node.cell);
      case 'residual':
        return [{ residual: flat(node.cell), shortcut: flat(node.shortcut), output: node.output }];
      case 'branch':
        return [{ branch: node.cells.map(flat), merge: node.merge, output: node.output }];
    }
  });

function programOf(text: string): Program {
  const { program, diagnostics } = compile(text, { path: 'x.cnn' });
  expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.message), text).toEqual([]);
  return program!;
}

it('composed and written out by hand are the same program', () => {
  let seen = 0;
  fc.assert(
    fc.property(written, (made) => {
      const plain = byHand(made);
      if (plain === null) return;
      const [a, b] = [composed(made), plain].map(programOf);
      expect(without(['origin', 'network'], a)).toEqual(without(['origin', 'network'], b));
      expect(flat(a.network)).toEqual(flat(b.network));
      expect(mergings(a)).toEqual(mergings(b));
      expect(verify(a)).toEqual([]);
      // As a trained model stores it and reads it again.
      expect(checkProgram(JSON.parse(JSON.stringify(a)))).toEqual(a);
      seen++;
    }),
    { numRuns: runs, ...(process.env.CNNC_SOAK ? {} : { interruptAfterTimeLimit: 40_000 }) },
  );
  expect(seen).toBeGreaterThan(10);
});
