/**
 * Convolutions, forward and by their input. Where the processor has kernels for channels in blocks, the runtime's own blocked
 * convolution serves (operators of its layout optimizer, which it uses itself where weights are constant: about 1.4 times the
 * speed of Conv); elsewhere ONNX's Conv and ConvTranspose.
 */
import type { Attrs as OpAttrs, ConvAttrs, Operation, Value } from '../../../graph/types.ts';
import { IMAGE, KERNEL } from '../layout.ts';
import { NCHWC } from '../writer.ts';
import type { Attrs, Writer } from '../writer.ts';
import { convert, plain, reshape, result } from './definition.ts';
import type { Context, Emits } from './definition.ts';
import { filterGradient } from './filter-gradient.ts';
import { along, convAttrs, leftOver } from './window.ts';
import type { Along } from './window.ts';

const windows = (image: readonly number[], filter: readonly number[], attrs: ConvAttrs): readonly [Along, Along] => along(image, { ...attrs, size: filter.slice(0, 2) });

/** Kernels of the blocked convolution are [O/b, I/b, H, W, b of I, b of O]. (Images of few channels gain nothing from it.) */
interface Blocked {
  readonly block: number;
  readonly ins: number;
  readonly outs: number;
}

/** Image [N,C,H,W] to image, through blocks. The kernel is blocked already; a bias may follow it. */
function blockedConv(w: Writer, image: string, weights: readonly string[], outs: number, attrs: Attrs): string {
  const made = w.one('Conv', [w.one('ReorderInput', [image], {}, { domain: NCHWC }), ...weights], { ...attrs, group: 1 }, { domain: NCHWC });
  return w.one('ReorderOutput', [made], { channels: outs }, { domain: NCHWC });
}

/** @param kernel [O,I,H,W] */
function blockedKernel(w: Writer, kernel: string, { block, ins, outs }: Blocked, size: readonly number[]): string {
  const split = reshape(w, kernel, [outs / block, block, ins / block, block, ...size]);
  return reshape(w, w.one('Transpose', [split], { perm: [0, 2, 4, 5, 3, 1] }), [outs, ins, ...size]);
}

/** The kernel [O,I,H,W] turned by 180° as that of the convolution back from O to I, blocked. */
function turnedKernel(w: Writer, kernel: string, { block, ins, outs }: Blocked, size: readonly number[]): string {
  const turned = w.one('Slice', [kernel, w.ints([-1, -1]), w.ints([-1000000, -1000000]), w.ints([2, 3]), w.ints([-1, -1])]);
  const split = reshape(w, turned, [outs / block, block, ins / block, block, ...size]);
  return reshape(w, w.one('Transpose', [split], { perm: [2, 0, 4, 5, 1, 3] }), [ins, outs, ...size]);
}

const blockedFor = (context: Context, [, , ins, outs]: readonly number[]): Blocked | null => {
  const { block } = context;
  return block !== null && ins % block === 0 && outs % block === 0 ? { block, ins, outs } : null;
};

/** What may follow a convolution in the same pass: the bias of a variable, then relu, where nobody asks for what is between. */
interface Tail {
  readonly bias: Value | null;
  readonly relu: boolean;
  readonly operations: readonly Operation[];
}

function tailOf(context: Context, y: Value): Tail {
  const follower = (value: Value): Operation | null => {
    const users = context.users(value);
    return users.length === 1 && !context.isOutput(value) && users[0].inputs[0] === value ? users[0] : null;
  };
  const next = follower(y);
  if (next?.op !== 'biasAdd' || next.inputs[1].node.op !== 'variable') return { bias: null, relu: false, operations: [] };
  const last = follower(next.outputs[0]);
  const relu = last?.op === 'unary' && (last.attrs as OpAttrs<'unary'>).fn === 'relu';
  return { bias: next.inputs[1], relu, operations: relu ? [next, last] : [next] };
}

export const convolutions: Emits<'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad'> = {
  conv2d(context, { attrs, inputs, outputs }, [x, filter]) {
    const { w } = context;
    const shape = inputs[1].shape;
    const [image, kernel] = [convert(context, x, IMAGE).name, convert(context, filter, KERNEL).name];
    const window = convAttrs(windows(inputs[0].shape, shape, attrs));
    const { bias, relu, operations } = tailOf(context, outputs[0]);
    const added = bias ? [plain(context, context.read((bias.node as Operation<'variable'>).attrs.name, bias))] : [];
    const blocked = blockedFor(context, shape);
    const y = blocked
      ? blockedConv(w, image, [blockedKernel(w, kernel, blocked, shape.slice(0, 2)), ...added], blocked.outs, relu ? { ...window, activation: 'Relu' } : window)
      : w.one('Conv', [image, kernel, ...added], window);
    const made = result(relu && !blocked ? w.one('Relu', [y]) : y, outputs[0], IMAGE);
    for (const op of operations) context.done.set(op, made);
    return [made];
  },

  conv2dInputGrad(context, { attrs, inputs, outputs }, [dy, filter]) {
    const { w } = context;
    const shape = inputs[1].shape;
    const axes = windows(inputs[2].shape, shape, attrs);
    const [gradient, kernel] = [convert(context, dy, IMAGE).name, convert(context, filter, KERNEL).name];
    const blocked = blockedFor(context, shape);
    if (blocked && axes.every((a) => a.stride === 1)) {
      // Where the window hung over the edge before, it hangs over the other one now.
      const turned = axes.map((a) => ({ ...a, before: (a.size - 1) * a.dilation - a.before, after: (a.size - 1) * a.dilation - a.after }));
      return [result(blockedConv(w, gradient, [turnedKernel(w, kernel, blocked, shape.slice(0, 2))], blocked.ins, convAttrs(turned)), outputs[0], IMAGE)];
    }
    return [result(w.one('ConvTranspose', [gradient, kernel], { ...convAttrs(axes), output_padding: axes.map(leftOver) }), outputs[0], IMAGE)];
  },

  conv2dFilterGrad(context, { attrs, inputs, outputs }, [x, dy]) {
    const [rows, columns] = windows(inputs[0].shape, attrs.filterShape, attrs);
    return [result(filterGradient(context.w, convert(context, x, IMAGE).name, convert(context, dy, IMAGE).name, { rows, columns, filter: attrs.filterShape }), outputs[0], KERNEL)];
  },
};
