/** Where the child's program is: beside this file in src/, beside the bundle in dist/. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const childPath = (): string => {
  const path = fileURLToPath(new URL('./child.cjs', import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} is missing from this installation`);
  return path;
};
