/**
 * Bundles the command line into dist/: one entry, lazily loaded chunks, native modules left outside. A run under way goes on while
 * this builds anew: files are replaced whole, and chunks of the build before stay for a day (`--clean` removes them at once).
 */
import { build } from 'esbuild';
import { chmod, cp, mkdir, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

if (process.argv.includes('--clean')) await rm('dist', { recursive: true, force: true });
const { outputFiles } = await build({
  entryPoints: { cnnc: 'src/cli/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  external: ['sharp', '@resvg/resvg-js', 'prettier', '@tensorflow/*', 'node-api-headers', 'h5wasm'],
  banner: { js: "import { createRequire as __cnncRequire } from 'node:module'; const require = __cnncRequire(import.meta.url);" },
  logLevel: 'warning',
  write: false,
});
await mkdir('dist', { recursive: true });
// The entry comes last: what it imports is then there.
for (const { path, contents } of [...outputFiles].sort((a, b) => Number(basename(a.path) === 'cnnc.mjs') - Number(basename(b.path) === 'cnnc.mjs'))) {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}
const day = 24 * 60 * 60 * 1000;
const fresh = new Set(outputFiles.map((file) => basename(file.path)));
for (const name of await readdir('dist')) {
  if (!/\.(mjs|tmp)$/.test(name) || fresh.has(name)) continue;
  const { mtimeMs } = await stat(join('dist', name));
  if (Date.now() - mtimeMs > day) await rm(join('dist', name), { force: true });
}
await cp('src/runtime/engine/tensorflow/child.cjs', 'dist/child.cjs');
for (const name of ['onnx-child.cjs', 'onnx-kernels.cjs', 'onnx-kernels.wasm']) await cp(`src/runtime/engine/onnx/${name}`, `dist/${name}`);
await cp('src/cli/cnnc.cjs', 'dist/cnnc.cjs');
await cp('src/web/page', 'dist/page', { recursive: true });
await chmod('dist/cnnc.cjs', 0o755);

// In this checkout `npx cnnc` runs what was built.
await rm('node_modules/.bin/cnnc', { force: true });
await symlink('../../dist/cnnc.cjs', 'node_modules/.bin/cnnc').catch((error: NodeJS.ErrnoException) => error.code === 'EEXIST' || console.warn(`npx cnnc will not be found (${error.code}); use node dist/cnnc.cjs`));
