/** `cnnc fmt` as a process. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, lstatSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cnnc } from '../support/cnnc.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'cnnc-fmt-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const get = (name: string) => readFileSync(join(folder, name), 'utf8');
const fmt = (args: readonly string[], input = '') => cnnc(['fmt', ...args], { cwd: folder, input });

const messy = 'fit {   epochs 3 ;batch 16}\n';
const neat = 'fit { epochs 3; batch 16 }\n';

it('formats in place and says which files changed', async () => {
  put('messy.cnn', messy);
  put('neat.cnn', neat);
  symlinkSync('messy.cnn', join(folder, 'link.cnn'));
  const { code, stdout, stderr } = await fmt(['neat.cnn', 'link.cnn']);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'formatted link.cnn\n' });
  expect(get('messy.cnn')).toBe(neat);
  expect(lstatSync(join(folder, 'link.cnn')).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['link.cnn', 'messy.cnn', 'neat.cnn']);
});

it('--check names what is not formatted, changes nothing and exits with 1', async () => {
  put('messy.cnn', messy);
  put('neat.cnn', neat);
  expect(await fmt(['--check', 'messy.cnn', 'neat.cnn'])).toMatchObject({ code: 1, stdout: 'messy.cnn\n', stderr: '' });
  expect(get('messy.cnn')).toBe(messy);
  expect(await fmt(['--check', 'neat.cnn'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
});

it('- formats standard input to standard output', async () => {
  expect(await fmt(['-'], messy)).toMatchObject({ code: 0, stdout: neat, stderr: '' });
  expect(await fmt(['-', '--check'], messy)).toMatchObject({ code: 1 });
});

it('leaves a program with syntax errors as it is, and formats the others', async () => {
  put('broken.cnn', 'fit {   epochs 3\n');
  put('messy.cnn', messy);
  const { code, stderr } = await fmt(['broken.cnn', 'missing.cnn', 'messy.cnn']);
  expect(code).toBe(1);
  expect(stderr).toContain('error CNN1110');
  expect(stderr).toContain('--> broken.cnn:1:5');
  expect(stderr).toMatch(/error CNN\d{4}: .*missing\.cnn/);
  expect(get('broken.cnn')).toBe('fit {   epochs 3\n');
  expect(get('messy.cnn')).toBe(neat);
  const input = await fmt(['-'], 'fit {\n');
  expect(input).toMatchObject({ code: 1, stdout: '' });
  expect(input.stderr).toContain(' 1 | fit {');
});

it('without a file it says how it is used', async () => {
  expect(await fmt([])).toMatchObject({ code: 2, stdout: '' });
});
