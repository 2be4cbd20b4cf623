/** Where bfloat16 is multiplied, from what a machine says of itself. */
import { expect, it } from 'vitest';
import { bfloat16Support } from '../../../src/runtime/engine/processor.ts';

const cpuinfo = (flags: string): string => `processor\t: 0\nmodel name\t: Some Processor\nflags\t\t: fpu sse2 avx2 ${flags}\nbugs\t\t: none\n\nprocessor\t: 1\n`;
const machine = { platform: 'linux', arch: 'x64', cpuinfo: cpuinfo('avx512f avx512_bf16'), env: {} };

it.each([
  ['avx512_bf16', machine, true],
  ['amx_bf16', { ...machine, cpuinfo: cpuinfo('amx_tile amx_bf16') }, true],
  ['avx2', { ...machine, cpuinfo: cpuinfo('') }, /neither avx512_bf16 nor amx_bf16/],
  ['avx512f alone, which emulates', { ...machine, cpuinfo: cpuinfo('avx512f avx512_bf16x') }, /neither/],
  ['no list of flags', { ...machine, cpuinfo: '' }, /neither/],
  ['oneDNN off', { ...machine, env: { TF_ENABLE_ONEDNN_OPTS: '0' } }, /TF_ENABLE_ONEDNN_OPTS=0/],
  ['macOS', { ...machine, platform: 'darwin', arch: 'arm64' }, /Linux x64 only, and this is darwin-arm64/],
])('%s', (_, given, wanted) => {
  const support = bfloat16Support(given);
  expect(support.native).toBe(wanted === true);
  if (!support.native) expect(support.reason).toMatch(wanted as RegExp);
});
