/** Whether TensorFlow multiplies bfloat16 here as fast as the processor can, or cnnc has it computed in float32 and rounded (backend/tensorflow/operations/emit.ts). */
import { readFileSync } from 'node:fs';

export type Bfloat16Support = { readonly native: true } | { readonly native: false; readonly reason: string };

interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** /proc/cpuinfo, where there is one. */
  readonly cpuinfo: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * TensorFlow's products of bfloat16 are oneDNN's, on x64, where the processor has instructions for them: Intel's from Sapphire Rapids,
 * AMD's from Zen 4. Its other kernels of bfloat16 (macOS, arm64, older processors) are slower than those of float32.
 */
export function bfloat16Support({ platform, arch, cpuinfo, env }: Machine = thisMachine()): Bfloat16Support {
  if (platform !== 'linux' || arch !== 'x64') return { native: false, reason: `TensorFlow multiplies bfloat16 on Linux x64 only, and this is ${platform}-${arch}` };
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1].split(' ') ?? [];
  if (!flags.includes('avx512_bf16') && !flags.includes('amx_bf16')) return { native: false, reason: 'this processor multiplies no bfloat16: it has neither avx512_bf16 nor amx_bf16' };
  if (env.TF_ENABLE_ONEDNN_OPTS === '0') return { native: false, reason: 'oneDNN, which multiplies bfloat16, is switched off: TF_ENABLE_ONEDNN_OPTS=0' };
  return { native: true };
}

function thisMachine(): Machine {
  let cpuinfo = '';
  try {
    cpuinfo = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // Another system, or one that hides it.
  }
  return { platform: process.platform, arch: process.arch, cpuinfo, env: process.env };
}
