/**
 * A model that tells how many channels a block of the runtime's own convolutions has on this processor, and whether they
 * compute: `order` is [1,16,1,2] of 0, 1, 2 … as it lies in blocks, `difference` that of a blocked convolution from ONNX's.
 */
import { encodeModel } from './messages.ts';
import { NCHWC, writer } from './writer.ts';

export function blockProbe(): Uint8Array {
  const w = writer();
  const x = w.floats(Array.from({ length: 32 }, (_, i) => i), [1, 16, 1, 2]);
  // Constants would be folded away by the optimizer, in the layout that is asked about.
  const fed = w.one('Add', [x, 'zero']);
  const order = w.one('ReorderInput', [fed], {}, { domain: NCHWC });
  const attrs = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };
  // A kernel of ones is the same in blocks.
  const kernel = w.one('Expand', ['one', w.ints([16, 16, 1, 1])]);
  const blocked = w.one('ReorderOutput', [w.one('Conv', [order, kernel], { ...attrs, group: 1 }, { domain: NCHWC })], { channels: 16 }, { domain: NCHWC });
  const difference = w.one('ReduceMax', [w.one('Abs', [w.one('Sub', [blocked, w.one('Conv', [fed, kernel], attrs)])]), w.ints([0, 1, 2, 3])], { keepdims: 0 });
  const nodes = [
    ...w.nodes,
    { name: 'order', opType: 'Identity', domain: '', input: [order], output: ['order'], attribute: [] },
    { name: 'difference', opType: 'Identity', domain: '', input: [difference], output: ['difference'], attribute: [] },
  ];
  const type = (shape: readonly number[]) => ({ tensorType: { elemType: 1, shape: { dim: shape.map((d) => ({ value: { case: 'dimValue' as const, value: BigInt(d) } })) } } });
  return encodeModel({
    irVersion: 8n,
    producerName: 'cnnc',
    graph: {
      name: 'probe', node: nodes, initializer: w.constants,
      input: [{ name: 'zero', type: type([]) }, { name: 'one', type: type([]) }],
      output: [{ name: 'order', type: type([1, 16, 1, 2]) }, { name: 'difference', type: type([]) }],
    },
    opsetImport: [{ domain: '', version: 18n }, { domain: NCHWC, version: 1n }],
    metadataProps: [],
  });
}

/** The channels of a block, from what the probe gave; null where the blocked operators do not serve. */
export function blockOf(order: Float32Array, difference: number): number | null {
  const block = order.indexOf(1);
  return (block === 8 || block === 16) && Math.abs(difference) < 1e-3 ? block : null;
}
