/** Matrix products and biases. */
import { flatLayout, IMAGE, PLAIN, storedAxis } from '../layout.ts';
import type { Layout } from '../layout.ts';
import { aligned, convert, plain, result } from './definition.ts';
import type { Emits, Ref } from './definition.ts';

/** The layout of a matrix whose one axis is kept as `like` keeps its own. */
const along = (like: Layout, axis: number): Layout => (like.kind === 'flat' ? flatLayout(axis, like.image) : PLAIN);
const flatOn = ({ layout }: Ref, axis: number): Layout => (layout.kind === 'flat' && layout.axis === axis ? layout : PLAIN);

export const linear: Emits<'matmul' | 'biasAdd' | 'biasAddGrad'> = {
  /** What is summed over must have one order in both; what is kept keeps its order. */
  matmul(context, { attrs, outputs }, [a, b]) {
    const [summedA, summedB] = [attrs.transposeA ? 0 : 1, attrs.transposeB ? 1 : 0];
    const inner = [flatOn(a, summedA), flatOn(b, summedB)].find((layout) => layout.kind === 'flat');
    const x = inner ? convert(context, a, along(inner, summedA)) : a;
    const [keptA, keptB] = [flatOn(x, 1 - summedA), flatOn(b, 1 - summedB)];
    // A result has one axis in another order, not two.
    const y = inner ? convert(context, b, along(inner, summedB)) : keptA.kind === 'flat' ? convert(context, b, PLAIN) : b;
    const layout = inner ? PLAIN : keptA.kind === 'flat' ? along(keptA, 0) : along(keptB, 1);
    const name = context.w.one('Gemm', [x.name, y.name], { transA: attrs.transposeA ? 1 : 0, transB: attrs.transposeB ? 1 : 0 });
    return [result(name, outputs[0], layout)];
  },
  biasAdd(context, { outputs }, [x, bias]) {
    return [result(context.w.one('Add', [x.name, aligned(context, bias, x.layout, x.shape.length)]), outputs[0], x.layout)];
  },
  biasAddGrad(context, { outputs }, [given]) {
    const { w } = context;
    const last = given.shape.length - 1;
    const x = given.shape.length === 4 ? convert(context, given, IMAGE) : given.layout.kind === 'flat' && given.layout.axis !== last ? { ...given, name: plain(context, given), layout: PLAIN } : given;
    const axes = given.shape.map((_, axis) => axis).filter((axis) => axis !== last).map((axis) => storedAxis(axis, x.layout)).sort((p, q) => p - q);
    const sum = w.one('ReduceSum', [x.name, w.ints(axes)], { keepdims: 0 });
    return [result(sum, outputs[0], x.layout.kind === 'flat' ? flatLayout(0, x.layout.image) : PLAIN)];
  },
};
