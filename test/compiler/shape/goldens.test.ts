/** Shapes and parameter counts equal Keras's (scripts/goldens/shapes.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { summarise } from '../../../src/compiler/model/summary.ts';

interface Golden {
  readonly input: readonly number[];
  readonly layers: readonly { readonly text: string; readonly output: readonly number[]; readonly params: number; readonly trainable: number }[];
  readonly total: number;
}

const goldens = JSON.parse(readFileSync(new URL('../../fixtures/goldens/shapes.json', import.meta.url), 'utf8')) as readonly Golden[];

describe('stacks as Keras computes them', () => {
  it('has enough of them', () => expect(goldens.length).toBeGreaterThanOrEqual(40));

  it.each(goldens.map((golden, i) => [i, golden] as const))('stack %i', (_, golden) => {
    const classes = golden.layers.at(-1)!.output[0];
    const text = `input ${golden.input.join('x')}\nclasses ${classes}\nnetwork <\n${golden.layers.map((layer) => `  ${layer.text}`).join('\n')}\n>`;
    const { program, diagnostics } = compile(text, { path: 'golden.cnn' });
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    const summary = summarise(program!);
    const written = summary.layers.slice(0, golden.layers.length);
    expect(written.map(({ output, params, trainable }) => ({ output, params, trainable }))).toEqual(golden.layers.map(({ output, params, trainable }) => ({ output, params, trainable })));
    expect(summary.params.total).toBe(golden.total);
  });
});
