/** Generated code to be read by people. `npx vitest run test/compiler/print/snapshots.test.ts -u` writes it anew; read the difference. */
import { expect, it } from 'vitest';
import type { Program } from '../../../src/compiler/model/program.ts';
import { generate } from './generated.ts';
import { alternating, flowers } from './programs.ts';

it.each<[string, Program]>([
  ['flowers', flowers(150, 32, 64)],
  ['alternating', alternating(28)],
])('%s', async (name, program) => {
  const generated = await generate(program);
  for (const [path, text] of generated.files) await expect(text).toMatchFileSnapshot(`snapshots/${name}/${path}`);
  await generated.remove();
});
