/**
 * Writes one operation. Where values are bfloat16 some kernels are not what the graph means, one rounding at the end
 * (measured on TensorFlow 2.21 without AVX-512: BiasAddGrad of 16,384 rows loses nine tenths of the sum, a depthwise filter's
 * gradient 4 %): those that add up in bfloat16 run in float32 between two casts, always. Convolutions and matrix products are
 * the reason to compute in bfloat16; they do where the processor does (oneDNN adds up in float32 there), and elsewhere, where
 * TensorFlow's kernels are up to twenty times slower than float32's, they run in float32 between casts too.
 */
import type { Attrs, Operation, OpName } from '../../../graph/types.ts';
import type { Ref } from '../writer.ts';
import type { Context } from './definition.ts';
import { operations } from './table.ts';

const heavy: ReadonlySet<OpName> = new Set<OpName>(['matmul', 'conv2d', 'conv2dInputGrad', 'conv2dFilterGrad', 'conv2dTranspose']);
/** The resizing kernels have a float32 side each. */
const rounding: ReadonlySet<OpName> = new Set<OpName>([
  'depthwiseConv2d', 'depthwiseInputGrad', 'depthwiseFilterGrad', 'avgPool', 'avgPoolGrad', 'upsampleBilinear', 'upsampleBilinearGrad',
]);
/** Inputs of which only the shape is used. */
const shapeOnly: Partial<Record<OpName, number>> = { conv2dInputGrad: 2, depthwiseInputGrad: 2, avgPoolGrad: 1 };

export function emit(context: Context, op: Operation, inputs: readonly Ref[]): readonly Ref[] {
  const write = operations[op.op] as (context: Context, op: Operation, inputs: readonly Ref[]) => readonly Ref[];
  if (!inputs.some(({ dtype }) => dtype === 'bfloat16') || !inFloat32(context, op)) return write(context, op, inputs);
  const { w } = context;
  const wide = inputs.map((ref, i) => (ref.dtype === 'bfloat16' && i !== shapeOnly[op.op] ? w.one('Cast', [ref], { DstT: 'float32' }) : ref));
  return write(context, op, wide).map((ref, i) => (op.outputs[i].dtype === 'bfloat16' ? w.one('Cast', [ref], { DstT: 'bfloat16' }) : ref));
}

function inFloat32({ bfloat16 }: Context, op: Operation): boolean {
  if (heavy.has(op.op)) return bfloat16 === 'emulated';
  return rounding.has(op.op) || (op.op === 'maxPoolGrad' && overlaps(op.attrs as Attrs<'maxPoolGrad'>));
}

/** A place in several windows adds up what each of them gives it. */
const overlaps = ({ size, stride }: Attrs<'maxPoolGrad'>): boolean => size[0] > stride[0] || size[1] > stride[1];
