/**
 * CNN5xxx: faults that stop a run (exit code 3), and warnings about what a run had to do without.
 * Numbers come as text where the caller knows best how to write them.
 */
import { entry } from './entry.ts';

export const trainingCodes = {
  CNN5001: entry('error', 'not a number', (f: {
    readonly step: number;
    readonly epoch: number;
    /** The loss of the last steps as text, oldest first: `2.31`, `5.2e8`, `NaN`. None: the loss hides it, the weights were found broken at the end of the epoch. */
    readonly losses: readonly string[];
    /** First layer in network order whose weights are no numbers any more; null when they all still are. */
    readonly layer: { readonly name: string; readonly weights: 'NaN' | 'infinite' } | null;
    readonly optimizer: string;
    readonly lr: string;
    /** The optimizer's usual learning rate, and how many times of it this one is. */
    readonly usual: string;
    readonly times: number;
    readonly suggestion: string;
    /** Pixels go in as 0..255. */
    readonly unscaled: boolean;
  }) => ({
    message:
      f.losses.length === 0
        ? `training stopped after step ${f.step} (epoch ${f.epoch}): ${f.layer ? 'weights' : 'numbers of the optimizer'} are not finite any more`
        : `training stopped at step ${f.step} (epoch ${f.epoch}): the loss is ${f.losses.at(-1) === 'NaN' ? 'not a number any more' : 'infinite'}`,
    label: f.layer ? `weights of ${f.layer.name} became ${f.layer.weights}` : undefined,
    notes: [
      f.losses.length === 0 ? 'the loss still looks like a number: relu and max-pooling can drop a NaN, and the filter that made it looks dead' : `the loss of the last steps: ${f.losses.join(' → ')}`,
      ...(f.layer || f.losses.length === 0 ? [] : ['all weights are still finite: the overflow is in the activations or the loss']),
      ...(f.times >= 10 ? [`learning rate ${f.lr} is ${f.times >= 1e6 ? f.times.toExponential(0).replace('e+', 'e') : Math.round(f.times)} times ${f.optimizer}'s usual ${f.usual}`] : []),
      ...(f.unscaled ? ['the pictures enter the network as 0..255, which makes large steps likely'] : []),
    ],
    help: [`try a smaller learning rate: optimizer ${f.optimizer} lr=${f.suggestion}`, ...(f.unscaled ? ['or scale the pixels:          preprocess { scale 1/255 }'] : [])],
  })),

  CNN5002: entry('error', 'engine ended', (f: { readonly reason: string; readonly during: string; readonly saved: string | null; readonly resume: string; readonly batch: number }) => ({
    message: `the engine's process ended by itself during ${f.during}: ${f.reason.split('\n')[0]}`,
    notes: [
      ...f.reason.split('\n').slice(1),
      f.saved ? `nothing before ${f.saved} is lost: its checkpoint is kept` : 'no checkpoint was written yet',
      ...(/KILL|memory/i.test(f.reason) ? [`a process that the system kills has often run out of memory; a smaller batch needs less: fit { batch ${Math.max(1, Math.floor(f.batch / 2))} }`] : []),
    ],
    help: [`${f.saved ? 'continue' : 'start again'}: ${f.resume}`],
  })),

  CNN5003: entry('error', 'cannot write', (f: { readonly what: string; readonly path: string; readonly reason: string; readonly full: boolean; readonly saved: string | null; readonly resume: string }) => ({
    message: `${f.what} could not be written: ${f.full ? 'the disk is full' : f.reason}`,
    notes: [`the file would have been ${f.path}; nothing half-written was left`, f.saved ? `the checkpoint of ${f.saved} is whole` : 'no earlier checkpoint exists'],
    help: [`${f.full ? 'make room' : 'make the folder writable'}, then: ${f.resume}`],
  })),

  CNN5004: entry('warning', 'damaged checkpoint', (f: { readonly path: string; readonly reason: string }) => ({
    message: `a checkpoint is damaged and was passed over: ${f.reason}`,
    notes: [`${f.path}`, 'training goes on from the one before it, so the steps in between are done again'],
  })),

  CNN5005: entry('error', 'no whole checkpoint', (f: { readonly folder: string; readonly tried: number; readonly again: string }) => ({
    message: `none of the ${f.tried === 1 ? 'checkpoint' : `${f.tried} checkpoints`} of this run can be read`,
    notes: [f.folder],
    help: [`start a new run: ${f.again}`],
  })),

  CNN5006: entry('warning', 'no fonts', (_: Record<never, never>) => ({
    message: 'this machine has no fonts, so the PNG plots have no lettering',
    notes: ['the SVG plots are complete: their text is drawn by whoever shows them'],
    help: ['on Debian and Ubuntu: apt install fonts-dejavu-core'],
  })),

  CNN5007: entry('error', 'engine refused', (f: { readonly during: string; readonly reason: string; readonly saved: string | null; readonly resume: string }) => ({
    message: `the engine failed during ${f.during}`,
    notes: [f.reason, f.saved ? `nothing before ${f.saved} is lost: its checkpoint is kept` : 'no checkpoint was written yet'],
    help: [`to try once more: ${f.resume}`],
  })),

  CNN5040: entry('warning', 'bfloat16 is emulated', (f: { readonly reason: string }) => ({
    message: 'bfloat16 is emulated on this machine: training is slower in it than in float32',
    label: 'faster on other processors',
    notes: [f.reason, 'the numbers are those of a processor that has it, up to the order of sums'],
    help: ['for speed here: --set compile.precision=float32', 'bfloat16 is for processors with avx512_bf16 or amx_bf16: Intel from Sapphire Rapids on, AMD from Zen 4 on'],
  })),

  CNN5041: entry('error', 'no bfloat16 on this engine', (f: { readonly reason: string }) => ({
    message: 'the ONNX engine cannot compute in bfloat16, as `precision mixed_bfloat16` asks',
    label: 'not on --engine onnx',
    notes: [f.reason],
    help: ['use the other engine: --engine tensorflow (to get it: npx cnnc engine install tensorflow)', 'or train in float32: --set compile.precision=float32'],
  })),
};
