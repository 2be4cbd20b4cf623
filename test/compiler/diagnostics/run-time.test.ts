/**
 * Messages that take a fault of the machine to see: the engine, its installation, the disk. Where the fault can be made cheaply the code
 * that reports it runs; of the others (a full disk while installing, a missing compiler, a damaged download) the wording is held.
 */
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../../src/cli/render-load.ts';
import { diagnostic } from '../../../src/compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../src/compiler/diagnostics/diagnostic.ts';
import type { Diagnostic } from '../../../src/compiler/diagnostics/diagnostic.ts';
import { renderText } from '../../../src/compiler/diagnostics/render/text.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { fileSpan } from '../../../src/compiler/source/source.ts';
import { probe } from '../../../src/runtime/data/find.ts';
import { EngineDied } from '../../../src/runtime/engine/engine.ts';
import type { Engine } from '../../../src/runtime/engine/engine.ts';
import { required } from '../../../src/runtime/engine/install/steps.ts';
import { faultOf } from '../../../src/runtime/train/faults.ts';
import { guarded } from '../../../src/runtime/train/guard.ts';

const thrown = async (work: () => unknown): Promise<readonly Diagnostic[]> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics;
    throw error;
  }
  return [];
};
const codes = async (work: () => unknown): Promise<readonly string[]> => (await thrown(work)).map((d) => d.code);

describe('faults that can be made', () => {
  it('CNN4077, CNN6060: a program without data', async () => {
    const text = 'input 8x8x3\nclasses 3\nnetwork < flatten; dense classes >';
    expect(await codes(() => loadProgram('x.cnn', text, {}))).toEqual(['CNN6060']);
    const plan = { source: { kind: 'none' } } as Parameters<typeof probe>[0];
    expect(await codes(() => probe(plan, { base: '.' }))).toEqual(['CNN4077']);
  });

  it('CNN5007, CNN5002: an engine that refuses, and one that ends', async () => {
    const failing = (error: Error): Engine => guarded({ run: () => Promise.reject(error) } as unknown as Engine);
    const place = { saved: 'epoch 3', during: 'step 12' };
    const faultAt = async (error: Error) => {
      const engine = failing(error);
      const reason = await engine.run('train', {}).catch((e: unknown) => e);
      return (await faultOf(reason, { fit: { batch: 32 } } as Program, engine, place, 'cnnc run x.cnn --resume'))?.diagnostics.map((d) => d.code);
    };
    expect(await faultAt(new Error('out of range'))).toEqual(['CNN5007']);
    expect(await faultAt(new EngineDied('SIGKILL'))).toEqual(['CNN5002']);
    expect(await faultOf(new Error('ours'), {} as Program, {} as Engine, place, '')).toBeNull();
  });

  it('CNN6011: an engine that could not be fetched', async () => {
    expect(await codes(() => required('onnx', { ok: false, reasons: ['no network'] }))).toEqual(['CNN6011']);
  });
});

it('the wording of those that cannot', async () => {
  const nowhere = fileSpan('');
  const all = [
    diagnostic('CNN5006', nowhere, {}),
    diagnostic('CNN6004', nowhere, { path: '/elsewhere', reason: 'no space left on the disk' }),
    diagnostic('CNN6010', nowhere, { engine: 'tensorflow', trouble: 'there is no libtensorflow for 32-bit processors' }),
    diagnostic('CNN6013', nowhere, { lines: [] }),
    diagnostic('CNN6013', nowhere, { lines: ['binding.cc:3: error: expected a declaration'] }),
    diagnostic('CNN6014', nowhere, { free: 0.2e9, needed: 1.5e9, folder: '/cache/cnnc' }),
    diagnostic('CNN6016', nowhere, { reason: 'the archive ends too early' }),
    diagnostic('CNN6066', nowhere, { reason: 'SIGKILL' }),
    diagnostic('CNN6067', nowhere, { path: '/elsewhere/run', reason: 'permission denied' }),
  ];
  await expect(`${renderText(all, new Map())}\n`).toMatchFileSnapshot('run-time.txt');
});
