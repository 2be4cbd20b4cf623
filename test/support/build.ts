/** Before any test: the bundled command line, built again when a source is newer. Tests of whole commands run it as users do. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const newest = (folder: string): number => Math.max(...(readdirSync(folder, { recursive: true }) as string[]).map((f) => statSync(join(folder, f)).mtimeMs));

export default function setup(): void {
  // Another build is tested: the caller's affair.
  if (process.env.CNNC_BIN) return;
  const built = 'dist/cnnc.mjs';
  if (existsSync(built) && statSync(built).mtimeMs > newest('src')) return;
  execFileSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'scripts/build.ts'], { stdio: 'inherit' });
}
