/** Generated code to be read by people. `npx vitest run test/compiler/print/snapshots.test.ts -u` writes it anew; read the difference. */
import { expect, it } from 'vitest';
import type { Program } from '../../../src/compiler/model/program.ts';
import { inception, resnet } from './composed.ts';
import { generate } from './generated.ts';
import { alternating, flowers } from './programs.ts';

it.each<[string, Program]>([
  ['flowers', flowers(150, 32, 64)],
  ['alternating', alternating(28)],
  ['resnet', resnet(32, 16)],
  ['inception', inception(32)],
])('%s', async (name, program) => {
  const generated = await generate(program);
  for (const [path, text] of generated.files) await expect(text).toMatchFileSnapshot(`snapshots/${name}/${path}`);
  await generated.remove();
});
