/** Imports from the disk: where they may lead, what is no text, what a run remembers, and --allow-path. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importsFor } from '../../src/cli/imports.ts';
import { compile } from '../../src/compiler/compile.ts';
import { hashOf, meaningOf } from '../../src/runtime/train/identity.ts';
import { cnnc } from '../support/cnnc.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const put = (name: string, text: string | Uint8Array) => writeFileSync(at(name), text);
const stage = 'cell stage(n) < conv n 3x3; relu >\n';
const program = (path: string) => `import "${path}"\ninput 16x16x3\nclasses 3\nnetwork < stage 8; flatten; dense classes >\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-imports-'));
  mkdirSync(at('models/cells'), { recursive: true });
  put('models/cells/stage.cnn', stage);
  put('outside.cnn', stage);
  put('models/binary.cnn', new Uint8Array([0xff, 0xfe, 0x00, 0x80]));
  put('models/zeros.cnn', new Uint8Array(100));
  put('models/large.cnn', `# ${'x'.repeat(4_000_000)}\n`);
  symlinkSync(at('outside.cnn'), at('models/link.cnn'));
  symlinkSync(at('models/cells'), at('models/inner'));
  for (const [name, path] of [['good', 'cells/stage.cnn'], ['up', '../outside.cnn'], ['far', 'cells/../../outside.cnn']]) put(`models/${name}.cnn`, program(path));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const messages = (path: string, anywhere = false) => {
  const file = at('models/main.cnn');
  put('models/main.cnn', program(path));
  return compile(program(path), { path: file, imports: importsFor(file, anywhere) }).diagnostics.map(({ code, message }) => `${code} ${message}`);
};

describe('a file', () => {
  it.each([
    ['below', 'cells/stage.cnn'],
    ['with detours', './cells/../cells/./stage.cnn'],
    ['through a link that stays inside', 'inner/stage.cnn'],
    ['with backslashes', 'cells\\\\stage.cnn'],
  ])('%s is read', (_, path) => expect(messages(path)).toEqual([]));

  it.each([
    ['that is not there', 'cells/none.cnn', 'CNN1230', 'does not exist'],
    ['that is a folder', 'cells', 'CNN1230', 'it is no file'],
    ['that is no text', 'binary.cnn', 'CNN1230', 'no UTF-8'],
    ['of zeros', 'zeros.cnn', 'CNN1100', ''],
    ['that is too large', 'large.cnn', 'CNN1230', 'too large'],
    ['outside', '../outside.cnn', 'CNN1230', 'leads out'],
    ['outside by a detour', 'cells/../../outside.cnn', 'CNN1230', 'leads out'],
    ['outside by a link', 'link.cnn', 'CNN1230', 'a link that leads out'],
    ['by its whole path', '/etc/hosts', 'CNN1230', 'leads out'],
    ['with a zero in its name', 'a\\u{0}b', 'CNN1230', ''],
  ])('%s is refused', (_, path, code, part) => {
    const found = messages(path);
    expect(found.length).toBe(1);
    expect(found[0]).toMatch(new RegExp(`^${code} .*${part}`));
  });

  it('anywhere is read where that is allowed', () => {
    expect(messages('../outside.cnn', true)).toEqual([]);
    expect(messages('link.cnn', true)).toEqual([]);
  });

  it('is read once by a command, so that all it compiles is of one kind', () => {
    const { read } = importsFor(at('models/main.cnn'));
    const before = read!(at('models/cells/stage.cnn'));
    put('models/cells/stage.cnn', stage.replace('relu', 'elu'));
    expect(read!(at('models/cells/stage.cnn'))).toEqual(before);
    put('models/cells/stage.cnn', stage);
  });
});

it('a run notices that an imported file has changed, also where only the wiring did', () => {
  const meaning = (cell: string) => {
    const { program: made, diagnostics } = compile(program('a.cnn'), { path: 'x.cnn', imports: { read: () => ({ text: cell }) } });
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    return hashOf(meaningOf(made!));
  };
  const body = (wired: string) => meaning(`cell stage(n) < conv n same; ${wired} >`);
  const all = [
    body('branch < conv 8 same > < conv 8 same > merge=add'),
    body('branch < conv 8 same > < conv 8 same > merge=average'),
    body('conv 8 same; conv 8 same'),
    body('residual < conv 8 same; conv 8 same >'),
    body('residual < conv 8 same >; conv 8 same'),
    body('residual < conv 8 same >; residual < conv 8 same >'),
    body('branch < conv 8 same; conv 8 same > < > merge=add'),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(body('conv 8 same; conv 8 same')).toBe(body('repeat 2 < conv 8 same >'));
});

describe('commands', () => {
  it.each([
    ['check', ['check', 'models/up.cnn']],
    ['summary', ['summary', 'models/up.cnn']],
    ['build', ['build', 'models/up.cnn', '--to', 'typescript', '-o', 'built']],
    ['run', ['run', 'models/up.cnn']],
  ])('%s stays in the folder of the program, unless --allow-path is given', async (name, args) => {
    const refused = await cnnc(args, { cwd: folder });
    expect(refused.stderr).toContain('error CNN1230: "../outside.cnn" leads out of the program\'s folder');
    expect(refused.code).toBe(1);
    const allowed = await cnnc([...args, '--allow-path'], { cwd: folder });
    expect(allowed.stderr).not.toContain('CNN1230');
    // There is no data to run with.
    if (name === 'run') expect(allowed.stderr).toContain('CNN6060');
    else expect(allowed.code).toBe(0);
  });
});
