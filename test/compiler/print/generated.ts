/** Generated code made to run: formatted, written below node_modules (so that packages resolve), bundled, imported. */
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { format } from 'prettier';
import type * as Tfjs from '@tensorflow/tfjs-core';
import tfjsPackage from '@tensorflow/tfjs-core/package.json' with { type: 'json' };
import { printTypescript } from '../../../src/compiler/print/typescript/index.ts';
import type { Program } from '../../../src/compiler/model/program.ts';

const cache = resolve('node_modules/.cache/cnnc-print');

/** tfjs-core with its gradients and the cpu backend as one module: plain Node cannot load the gradients by themselves. */
const shared = join(cache, `tfjs-${tfjsPackage.version}.mjs`);

async function buildShared(): Promise<void> {
  if (existsSync(shared)) return;
  const temporary = join(cache, `building-${process.pid}.mjs`);
  await mkdir(cache, { recursive: true });
  await build({
    stdin: {
      contents: "export * from '@tensorflow/tfjs-core'; import '@tensorflow/tfjs-core/dist/register_all_gradients'; import '@tensorflow/tfjs-backend-cpu';",
      resolveDir: resolve('.'),
    },
    outfile: temporary, bundle: true, format: 'esm', platform: 'node', mainFields: ['module', 'main'], logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  await rename(temporary, shared);
}

export async function tfjs(): Promise<typeof Tfjs> {
  await buildShared();
  const tf = (await import(pathToFileURL(shared).href)) as typeof Tfjs;
  await tf.setBackend('cpu');
  return tf;
}

export interface Generated {
  readonly folder: string;
  readonly files: ReadonlyMap<string, string>;
  /** What its src/index.ts exports. */
  load(): Promise<unknown>;
  remove(): Promise<void>;
}

/** @param options.pretty formatted, as a person is given it; what only runs need not be */
export async function generate(program: Program, { pretty = true } = {}): Promise<Generated> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'code-'));
  const files = new Map<string, string>();
  for (const { path, text } of printTypescript(program)) {
    const formatted = pretty ? await format(text, { filepath: path, singleQuote: true, printWidth: 120 }) : text;
    files.set(path, formatted);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), formatted);
  }
  return {
    folder,
    files,
    async load() {
      const outfile = join(folder, 'bundle.mjs');
      await tfjs();
      await build({
        entryPoints: [join(folder, 'src/index.ts')], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'error',
        plugins: [{ name: 'tfjs', setup: (b) => b.onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => ({ path: pathToFileURL(shared).href, external: true })) }],
      });
      return import(pathToFileURL(outfile).href);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** One run of the compiler over many generated projects; '' or its messages. */
export async function typecheck(projects: readonly Generated[]): Promise<string> {
  const [first] = projects;
  const config = { ...JSON.parse(first.files.get('tsconfig.json')!), include: projects.map(({ folder }) => join(folder, 'src')) };
  await writeFile(join(first.folder, 'tsconfig.all.json'), JSON.stringify(config));
  const run = promisify(execFile)(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', join(first.folder, 'tsconfig.all.json')]);
  return run.then(() => '', (error: { stdout: string }) => error.stdout);
}
