/**
 * The folded network as pieces. A shape is written beside the line where it is another than the one written last, after a stack of
 * layers and not inside it; shapes are compared as text, since what stands for several copies has several.
 */
import { fold, layersIn, layersUnder } from '../../model/folds.ts';
import type { FoldedCell, FoldedNode, Group } from '../../model/folds.ts';
import type { Program, Shape } from '../../model/program.ts';
import { sameShape, showShape } from '../../shape/shape.ts';
import { describeOf } from './describe.ts';
import type { Describe } from './describe.ts';
import type { Piece } from './geometry.ts';
import { branch, end, frame, more, residual, stack } from './pieces.ts';
import type { Arm } from './pieces.ts';
import { below, columns } from './sequence.ts';
import type { Step } from './sequence.ts';
import { family, mergeText, shapesText } from './words.ts';

/** Pieces in order; the shape written last beside their line, and the one that leaves them. */
interface Flow {
  readonly steps: readonly Step[];
  readonly shown: string;
  readonly current: string;
}

type Shown = Extract<Group, { kind: 'shown' }>;

/** Frames higher than this have columns. */
const highFrame = 1500;
/** What is drawn of one repeat or branch. */
const mostGroups = 6;

export const foldForDiagram = (program: Program): FoldedCell => fold(program, { what: 'alike', most: mostGroups });

/** Blocks and frames that a folded network has when it is drawn. */
export const blocksOf = (cell: FoldedCell): number =>
  cell.nodes.reduce((sum, node) => {
    if (node.kind === 'layer') return sum + 1;
    if (node.kind === 'call') return sum + 1 + blocksOf(node.cell);
    if (node.kind === 'residual') return sum + 1 + blocksOf(node.cell) + blocksOf(node.shortcut);
    return sum + node.groups.reduce((inner, group) => inner + 1 + (group.kind === 'hidden' ? 0 : group.cells.reduce((n, one) => n + blocksOf(one), 0)), 0);
  }, 0);

/** The whole network from its input to its answer, `answer` in words. */
export function networkSteps(program: Program, folded: FoldedCell, answer: string): readonly Step[] {
  const input = showShape(program.input);
  const { steps } = flow({ program, describe: describeOf(program) }, [folded]);
  const width = program.layers.at(-1)?.output.at(-1) ?? 1;
  return [{ piece: end(`input ${input}`, program.input[program.input.length - 1]), after: null }, ...steps, { piece: end(answer, width), after: null }];
}

interface Context {
  readonly program: Program;
  readonly describe: Describe;
}

/** Cells one after the other. What enters them is written already: outside, or by what leaves the iteration before. */
function flow(context: Context, cells: readonly FoldedCell[]): Flow {
  const { program, describe } = context;
  let steps: { readonly piece: Piece; after: string | null }[] = [];
  let beside = shapesText(cells[0].inputs);
  let current = beside;

  /** Writes the shape beside the line, if it is a new one. Comes before every piece. */
  const write = (): void => {
    const before = steps.at(-1);
    if (!before || current === beside) return;
    before.after = current;
    beside = current;
  };
  const put = (piece: Piece, out: string, written = beside): void => {
    steps.push({ piece, after: null });
    current = out;
    beside = written;
  };

  const place = (node: Exclude<FoldedNode, { kind: 'layer' }>): void => {
    write();
    switch (node.kind) {
      case 'call': {
        const out = shapesText(everyOf(node.cell.outputs, node.times));
        const inside = flow(context, [node.cell]);
        put(framed(context, inside, node.text, node.times, layersUnder(node), out), out, inside.shown);
        break;
      }
      case 'residual': {
        const out = shapesText(node.outputs);
        const shortcut = node.shortcut.nodes.length > 0 ? below(flow(context, [node.shortcut]).steps) : null;
        put(residual(armOf(flow(context, [node.cell])), shortcut, `residual: ${out}`), out, out);
        break;
      }
      case 'branch': {
        const out = shapesText(node.outputs);
        const arms = node.groups.flatMap((group) => armsOf(context, group, beside));
        const told = node.merge !== 'concat' && arms.some((arm) => arm.shown === out);
        put(branch(arms, mergeText[node.merge], `branch merge=${node.merge}: ${out}`), out, told ? out : beside);
        break;
      }
      case 'repeat':
        repeat(node);
    }
  };

  const repeat = (node: Extract<FoldedNode, { kind: 'repeat' }>): void => {
    const [only] = node.groups;
    if (!only) return;
    if (node.groups.length === 1 && only.kind === 'shown') {
      if (only.times > 1) rounds(only);
      else only.cells.forEach(run);
      return;
    }
    // Iterations that differ stand in one frame, those that are alike in frames of their own inside it.
    const outside = steps;
    steps = [];
    for (const group of node.groups) {
      write();
      if (group.kind === 'hidden') put(more(`… ${group.to - group.from} more iterations`, group.layers), shapesText(group.outputs));
      else if (group.times > 1) rounds(group);
      else group.cells.forEach(run);
    }
    const made = boxed(context, steps, `repeat ${node.count}`, 1, layersUnder(node), null);
    steps = outside;
    put(made, current);
  };

  /** Alike rounds as one frame; where a round is one use of a cell the frame is that cell's. */
  const rounds = (group: Shown): void => {
    const named = callOf(group);
    const inner = named ? [named.cell] : group.cells;
    const times = group.times * (named?.times ?? 1);
    const out = shapesText(everyOf(inner[inner.length - 1].outputs, times));
    const title = group.cells.length === 1 ? 'repeat' : `repeat, ${group.cells.length} cells in turn`;
    const inside = flow(context, inner);
    put(framed(context, inside, named?.text ?? title, times, group.cells.flatMap(layersIn), out), out, inside.shown);
  };

  const run = ({ nodes }: FoldedCell): void => {
    for (let i = 0; i < nodes.length; ) {
      const node = nodes[i];
      if (node.kind !== 'layer') {
        place(node);
        i++;
        continue;
      }
      let to = i + 1;
      while (to < nodes.length && joins(program, nodes[to])) to++;
      const stacked = nodes.slice(i, to).flatMap((one) => (one.kind === 'layer' ? [one.layers] : []));
      write();
      put(stack(stacked.map(describe.block)), shapesText(stacked[stacked.length - 1].map((index) => program.layers[index].output)));
      i = to;
    }
  };

  cells.forEach(run);
  return { steps, shown: beside, current };
}

/** Layers that change no shape stand on the layer before them. */
function joins({ layers }: Program, node: FoldedNode): boolean {
  if (node.kind !== 'layer' || !['normalisation', 'activation', 'dropout'].includes(family(layers[node.layers[0]].word))) return false;
  return node.layers.every((i) => sameShape(layers[i].input, layers[i].output));
}

/** The use of a cell that is all there is in each round of a group. */
function callOf({ cells }: Shown): Extract<FoldedNode, { kind: 'call' }> | null {
  const [node] = cells[0].nodes;
  return cells.length === 1 && cells[0].nodes.length === 1 && node.kind === 'call' ? node : null;
}

const armOf = ({ steps, shown, current }: Flow): Arm => ({ piece: below(steps), label: current === shown ? null : current });

function armsOf(context: Context, group: Group, beside: string): readonly (Arm & { readonly shown: string })[] {
  if (group.kind === 'hidden') return [{ piece: more(`… ${group.to - group.from} more`, group.layers), label: null, shown: beside }];
  return group.cells.map((cell) => {
    const named = callOf(group);
    const inside = flow(context, [group.times > 1 && named ? named.cell : cell]);
    const arm = armOf(inside);
    if (group.times === 1) return { ...arm, shown: inside.current };
    return { ...arm, piece: boxed(context, inside.steps, named?.text ?? 'side by side', group.times * (named?.times ?? 1), layersIn(cell), null), shown: inside.current };
  });
}

/** @param out what leaves the frame: where each copy gives another shape, they are written inside */
const framed = (context: Context, { steps, shown, current }: Flow, title: string, times: number, layers: readonly number[], out: string): Piece =>
  boxed(context, steps, title, times, layers, current !== shown && current !== out ? current : null);

function boxed({ describe }: Context, steps: readonly Step[], title: string, times: number, layers: readonly number[], trail: string | null): Piece {
  const straight = below(steps, trail, true);
  return frame(straight.height > highFrame ? columns(steps, highFrame * 0.7, trail) : straight, describe.frame(title, times, layers));
}

/** What comes out at last of each copy, where `times` of them follow each other. */
const everyOf = (outputs: readonly Shape[], times: number): readonly Shape[] => (times === 1 ? outputs : outputs.filter((_, i) => i % times === times - 1));
