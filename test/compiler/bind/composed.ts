/** What tests of composition share: programs with a head, what they compile to, and what is said about them. */
import { expect } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import type { CompileOptions } from '../../../src/compiler/compile.types.ts';
import { renderText } from '../../../src/compiler/diagnostics/render/text.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { verify } from '../../../src/compiler/model/verify.ts';

export interface Parts {
  readonly top?: string;
  readonly input?: string;
  readonly classes?: number;
  /** With its brackets left out; `tail` follows. */
  readonly network?: string;
  readonly tail?: string;
}

export const write = ({ top = '', input = '32x32x3', classes = 4, network = 'conv 8', tail = 'flatten; dense classes' }: Parts): string =>
  `${top}\ninput ${input}\nclasses ${classes}\nnetwork < ${[network, tail].filter((part) => part !== '').join('; ')} >\n`;

export const run = (parts: Parts, options: Partial<CompileOptions> = {}) => compile(write(parts), { path: 'x.cnn', ...options });

/** The Program; fails the test where there is none, or where it does not hold together. */
export function program(parts: Parts, options: Partial<CompileOptions> = {}): Program {
  const result = run(parts, options);
  expect(renderText(result.diagnostics.filter((d) => d.severity === 'error'), result.sources)).toBe('');
  const made = result.program!;
  expect(verify(made)).toEqual([]);
  return made;
}

/** `CNN1001 stge`: each code with the text it stands at. */
export function said(parts: Parts, options: Partial<CompileOptions> = {}): readonly string[] {
  const { diagnostics, sources } = run(parts, options);
  return diagnostics.map(({ code, span }) => `${code} ${sources.get(span.file)?.text.slice(span.start, span.end) ?? ''}`);
}

/** Errors only. */
export const errors = (parts: Parts, options: Partial<CompileOptions> = {}): readonly string[] => {
  const found = new Set(run(parts, options).diagnostics.filter((d) => d.severity === 'error').map((d) => d.code));
  return said(parts, options).filter((line) => found.has(line.slice(0, 7)));
};

/** `conv 8 → relu`: words and, where given, the numbers asked for. */
export const words = ({ layers }: Program): string => layers.map(({ word, args }) => ['filters', 'units', 'rate'].reduce((text, key) => (Object.hasOwn(args, key) ? `${text} ${String((args as Record<string, unknown>)[key])}` : text), word as string)).join(', ');
