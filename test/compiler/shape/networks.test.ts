/** Networks as Keras builds them: shapes and parameter counts of every layer, and refusals at the same layer (scripts/goldens/networks.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { summarise } from '../../../src/compiler/model/summary.ts';
import { verify } from '../../../src/compiler/model/verify.ts';
import { programSchema } from '../../../src/runtime/bundle/program-schema.ts';

interface Golden {
  readonly seed: number;
  readonly input: readonly number[];
  readonly lines: readonly string[];
  readonly layers: readonly { readonly output: readonly number[]; readonly params: number; readonly trainable: number }[];
  /** `line` of `lines` that Keras refuses, after `layers` layers. */
  readonly refused: { readonly line: number; readonly layers: number; readonly reason: string } | null;
}

const goldens = JSON.parse(readFileSync(new URL('../../fixtures/goldens/networks.json', import.meta.url), 'utf8')) as readonly Golden[];
const built = goldens.filter(({ refused }) => refused === null);
const words = new Set(goldens.flatMap(({ lines }) => lines.map((line) => line.trim().split(' ')[0])));
const refused = goldens.filter((golden) => golden.refused !== null);

/** A network that was cut where Keras refused it ends as others do. */
const textOf = ({ input, lines, refused: cut }: Golden): string => `input ${input.join('x')}\nclasses 5\nnetwork <\n${[...lines, ...(cut ? ['  flatten', '  dense classes'] : [])].join('\n')}\n>\n`;

describe('networks that Keras builds', () => {
  it('has enough of them', () => expect(built.length).toBeGreaterThanOrEqual(120));

  it('has every layer that has weights or changes shapes', () => {
    const wanted = ['conv', 'depthwise_conv', 'separable_conv', 'conv_transpose', 'dense', 'pool', 'avg_pool', 'global_pool', 'global_avg_pool', 'zero_pad', 'cropping', 'upsample', 'batch_norm', 'layer_norm', 'group_norm', 'flatten', 'reshape', 'permute', 'prelu', 'repeat', 'branch', 'residual'];
    expect(wanted.filter((word) => !words.has(word))).toEqual([]);
  });

  it.each(built.map((golden) => [golden.seed, golden] as const))('network %i', (_, golden) => {
    const { program, diagnostics } = compile(textOf(golden), { path: 'golden.cnn' });
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
    const layers = summarise(program!).layers.slice(0, golden.layers.length);
    expect(layers.map(({ output, params, trainable }) => ({ output, params, trainable }))).toEqual(golden.layers);
    expect(verify(program!)).toEqual([]);
    expect(() => programSchema(JSON.parse(JSON.stringify(program)), '')).not.toThrow();
  });
});

describe('networks that Keras refuses', () => {
  it('has enough of them', () => expect(refused.length).toBeGreaterThanOrEqual(50));

  it.each(refused.map((golden) => [golden.seed, golden.refused!.reason, golden] as const))('network %i: %s', (_, __, golden) => {
    const text = textOf(golden);
    const errors = compile(text, { path: 'golden.cnn' }).diagnostics.filter((d) => d.severity === 'error');
    const lines = errors.map(({ span }) => text.slice(0, span.start).split('\n').length - 4);
    expect(errors.map(({ code }) => code).join(), text).toMatch(/^CNN30\d\d$/);
    expect(lines).toEqual([golden.refused!.line]);
  });
});
