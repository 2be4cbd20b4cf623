/** Lines of a function's body as statements: which names are declared where, and as `let` or `const`. */

/** The name of a value by its rank, batch counted. */
export type Naming = (rank: number) => string;

/** Along a function: images of rank 4 are called `x`, vectors of rank 2 `features`. */
export const nameOf: Naming = (rank) => (rank === 4 ? 'x' : rank === 2 ? 'features' : `x${rank}d`);

export interface Line {
  readonly name: string;
  /** Of the value, batch counted. */
  readonly rank: number;
  /** An expression, or the whole of a loop that changes `name`. */
  readonly code: string;
  /** The value that goes in. */
  readonly from: string;
  readonly note: string;
  readonly loop: boolean;
  /** Whether TypeScript finds the expression's type by itself. */
  readonly inferred: boolean;
}

/**
 * Names beside the function's own, for a cell inside it: the first of the candidates that nothing else has. Its output is called
 * so; on the way there, feature maps are `aMaps` and vectors `aFeatures`.
 * @param output rank
 * @param live names whose values are still needed
 * @param ranks of the names so far: a name keeps its type
 */
export function pathName(candidates: readonly string[], output: number, live: ReadonlySet<string>, taken: ReadonlySet<string>, ranks: ReadonlyMap<string, number>): Naming {
  const namingOf = (base: string): Naming => (rank) => (rank === output ? base : `${base}${rank === 4 ? 'Maps' : rank === 2 ? 'Features' : `${rank}d`}`);
  const free = (naming: Naming): boolean => [4, 3, 2, output].every((rank) => !live.has(naming(rank)) && !taken.has(naming(rank)) && (ranks.get(naming(rank)) ?? rank) === rank);
  for (let n = 1; ; n++) {
    const naming = candidates.map((candidate) => namingOf(n === 1 ? candidate : `${candidate}${n}`)).find(free);
    if (naming) return naming;
  }
}

/** @param start what the function is given: the result where there are no lines */
export function statements(lines: readonly Line[], start: string): string {
  if (lines.length === 0) return `return ${start};`;
  const assignments = new Map<string, number>();
  lines.forEach(({ name, loop }, i) => {
    if (loop || i < lines.length - 1) assignments.set(name, (assignments.get(name) ?? 0) + 1);
  });
  const declared = new Set([start]);
  const out: string[] = [];
  lines.forEach(({ name, rank, code, from, note, loop, inferred }, i) => {
    const remark = note ? ` // ${note}` : '';
    const last = i === lines.length - 1;
    const isNew = !declared.has(name);
    if (loop) {
      if (isNew) out.push(`let ${name} = ${from};`);
      else if (name !== from) out.push(`${name} = ${from};`);
      out.push(note ? `// ${note}\n${code}` : code);
      if (last) out.push(`return ${name};`);
    } else if (last) {
      out.push(`return ${code};${remark}`);
      return;
    } else {
      const again = assignments.get(name)! > 1;
      const type = again || !inferred ? `: tf.Tensor${rank}D` : '';
      out.push(isNew ? `${again ? 'let' : 'const'} ${name}${type} = ${code};${remark}` : `${name} = ${code};${remark}`);
    }
    declared.add(name);
  });
  return out.join('\n  ');
}
