/** Bundles the command line into dist/: one entry, lazily loaded chunks, native modules left outside. */
import { build } from 'esbuild';
import { chmod, cp, rm, symlink } from 'node:fs/promises';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { cnnc: 'src/cli/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  external: ['sharp', '@resvg/resvg-js', 'prettier', '@tensorflow/*', 'node-api-headers'],
  banner: { js: "import { createRequire as __cnncRequire } from 'node:module'; const require = __cnncRequire(import.meta.url);" },
  logLevel: 'warning',
});
await cp('src/runtime/engine/tensorflow/child.cjs', 'dist/child.cjs');
await cp('src/cli/cnnc.cjs', 'dist/cnnc.cjs');
await cp('src/web/page', 'dist/page', { recursive: true });
await chmod('dist/cnnc.cjs', 0o755);

// In this checkout `npx cnnc` runs what was built.
await rm('node_modules/.bin/cnnc', { force: true });
await symlink('../../dist/cnnc.cjs', 'node_modules/.bin/cnnc').catch((error: NodeJS.ErrnoException) => console.warn(`npx cnnc will not be found (${error.code}); use node dist/cnnc.cjs`));
