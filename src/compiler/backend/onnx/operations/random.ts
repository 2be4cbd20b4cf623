/** Dropout and the warp of augmentation: the engine draws the bits and warps the pictures, the graph takes what it made. */
import type { Attrs, Operation, Value } from '../../../graph/types.ts';
import { IMAGE, PLAIN } from '../layout.ts';
import { Unsupported } from '../../unsupported.ts';
import { convert, elementwise, result } from './definition.ts';
import type { Context, Emits } from './definition.ts';

/** The name of a fed input. */
function inputName(value: Value, what: string): string {
  if (value.node.op !== 'input') throw new Unsupported('host-input', `${what} must be fed`);
  return (value.node as Operation<'input'>).attrs.name;
}

/** The words of a key, where a layer draws by a seed of its own. */
const keyOf = (value: Value, what: string): string | readonly number[] => (value.node.op === 'constant' ? (value.node as Operation<'constant'>).attrs.values : inputName(value, what));

/** The one keep rate of all uses, where every use applies the mask. */
function keepOf(context: Context, mask: Value): number | null {
  const users = context.users(mask);
  if (context.isOutput(mask) || users.length === 0 || users.some((user) => user.op !== 'applyMask')) return null;
  const rates = new Set(users.map((user) => (user.attrs as Attrs<'applyMask'>).keep));
  return rates.size === 1 ? [...rates][0] : null;
}

export const random: Emits<'dropoutMask' | 'uniform' | 'applyMask'> = {
  uniform(context, { id, attrs, inputs, outputs }) {
    const name = `uniform/${id}`;
    context.host({ kind: 'uniform', name, attrs, key: keyOf(inputs[0], 'the key of random numbers'), step: inputName(inputs[1], 'the step of random numbers'), shape: outputs[0].shape, layout: PLAIN });
    return [result(name, outputs[0])];
  },
  dropoutMask(context, { id, attrs, inputs, outputs }, [, , like]) {
    const name = `mask/${id}`;
    const keep = keepOf(context, outputs[0]);
    context.host({
      kind: 'mask', name, attrs, keep, key: keyOf(inputs[0], 'the key of a dropout mask'), step: inputName(inputs[1], 'the step of a dropout mask'),
      shape: outputs[0].shape, layout: like.layout,
    });
    return [result(name, outputs[0], like.layout)];
  },
  applyMask(context, { attrs, inputs, outputs }, [x, mask]) {
    const { w } = context;
    // One pass: times 1/keep or 0. What is dropped and not a number stays so, where the operation's meaning is 0; no network gets well by that.
    const multiplied = keepOf(context, inputs[1]) !== null && inputs[1].node.op === 'dropoutMask';
    if (multiplied) return [result(w.one('Mul', [x.name, convert(context, mask, x.layout).name]), outputs[0], x.layout)];
    return [elementwise(context, outputs[0], [x, mask], ([v, m]) => w.one('Where', [m, w.one('Div', [v, w.floats(attrs.keep)]), w.floats(0)]))];
  },
};

export const images: Emits<'warp'> = {
  warp(context, { id, attrs, inputs, outputs }) {
    const name = `warped/${id}`;
    const [images, transforms] = inputs;
    // The pictures as they were fed: uint8 before their cast, or numbers.
    const source = images.node.op === 'cast' ? images.node.inputs[0] : images;
    context.host({
      kind: 'warp', name, attrs, images: inputName(source, 'pictures to warp'), transforms: inputName(transforms, 'the transforms of a warp'),
      shape: outputs[0].shape, layout: IMAGE,
    });
    return [result(name, outputs[0], IMAGE)];
  },
};
