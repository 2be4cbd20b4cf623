/**
 * A random network as a tree of lines that grows: layers, repeats, residuals, branches, named cells and their uses. What holds no
 * layers yet is not written, so that every stage of growth is a program.
 */
import type { CellWish, NodeWish, NumberWish } from './wishes.ts';

type Written = { readonly kind: 'line'; readonly text: string } | Block | { readonly kind: 'use'; readonly cell: Cell; readonly args: string };

interface Block {
  readonly kind: 'block';
  readonly head: string;
  readonly cells: readonly Written[][];
  /** Behind the cells: ` merge=add`. */
  readonly tail: string;
  /** Whether empty cells are written: a branch's are the identity. */
  readonly identity: boolean;
}

interface Cell {
  readonly name: string;
  readonly wish: CellWish;
  readonly body: Written[];
  grown: boolean;
}

/** What numbers may be written as here: parameters, counters, values by name. */
type Names = readonly string[];

interface Place {
  /** All cells of the branch that this is one of: what changes the size must do so in each. */
  readonly beside: readonly Written[][];
  readonly names: Names;
  /** The first named cell that may be used: none uses itself. */
  readonly from: number;
}

export interface Growing {
  /** Lines of the network, declarations among them. */
  lines(): readonly string[];
  /** Grows by one wish, as far as it fits. */
  grow(wish: NodeWish): void;
}

/** Why a form of a layer does not fit, where no other form of it would: a name that is there, feature maps or vectors wanted, too large. */
const hopeless = ['CNN1017', 'CNN3001', 'CNN3002', 'large'];

/** @param problems why the network as it is now makes no program; empty: it makes one. @param refused called where a layer fits in no form */
export function growing(wished: readonly CellWish[], values: Names, problems: (lines: readonly string[]) => readonly string[], refused: (what: string, codes: readonly string[]) => void): Growing {
  const network: Written[] = [];
  const cells: readonly Cell[] = wished.map((wish, i) => ({ name: `c${i}`, wish, body: [], grown: false }));

  const lines = (): readonly string[] => {
    const used = cells.filter((cell) => isFilled(cell.body));
    return [...used.map(({ name, wish, body }) => `cell ${name}${wish.params.length > 0 ? `(${wish.params.map(({ name: param, value }) => (value === null ? param : `${param}=${value}`)).join(', ')})` : ''} < ${write(body)} >`), ...network.filter((one) => isFilled([one])).map((one) => write([one]))];
  };

  /** Adds the first of some forms that fits to the first of some choices of places. */
  const add = (what: string, forms: readonly Written[], choices: readonly (readonly Written[][])[]): void => {
    const codes = new Set<string>();
    for (const places of choices)
      for (const one of forms) {
        for (const place of places) place.push(one);
        const found = problems(lines());
        if (found.length === 0) return;
        for (const place of places) place.pop();
        for (const code of found) codes.add(code);
        if (found.every((code) => hopeless.includes(code))) return refused(what, [...codes]);
      }
    refused(what, [...codes]);
  };

  const grow = (wish: NodeWish, place: Written[], { beside, names, from }: Place): void => {
    switch (wish.kind) {
      case 'layer': {
        const forms = variants(wish.text, wish.number, names).map((text): Written => ({ kind: 'line', text }));
        return add(wish.text, forms, beside.length > 1 ? [[place], beside] : [[place]]);
      }
      case 'use': {
        if (from === cells.length) return;
        const cell = cells[from + (wish.cell % (cells.length - from))];
        const args = wish.args.slice(0, cell.wish.params.length).map((value, i) => (i === 0 ? numbered(value, wish.number, names) : value));
        // What has a default may be left out.
        const given = args.filter((_, i) => wish.full || cell.wish.params[i].value === null);
        const one: Written = { kind: 'use', cell, args: given.map((arg) => ` ${arg}`).join('') };
        if (cell.grown) return add(cell.name, [one], [[place]]);
        cell.grown = true;
        place.push(one);
        for (const inner of cell.wish.nodes) grow(inner, cell.body, { beside: [], names: cell.wish.params.map(({ name }) => name).concat(values), from: cells.indexOf(cell) + 1 });
        if (!isFilled(cell.body)) place.pop();
        return;
      }
      default: {
        const block: Block = { kind: 'block', head: headOf(wish), cells: wish.cells.map(() => []), tail: wish.kind === 'branch' ? ` merge=${wish.merge}` : '', identity: wish.kind === 'branch' };
        place.push(block);
        const inside = wish.kind === 'repeat' && wish.counter ? [`i${names.length}`, ...names] : names;
        wish.cells.forEach((nodes, i) => {
          for (const inner of nodes) grow(inner, block.cells[i], { beside: wish.kind === 'branch' ? block.cells : [], names: inside, from });
        });
        if (!isFilled([block])) place.splice(place.indexOf(block), 1);
        return;
      }
    }
    function headOf(block: Exclude<NodeWish, { kind: 'layer' | 'use' }>): string {
      if (block.kind === 'repeat') return `repeat ${block.count}${block.counter ? ` as i${names.length}` : ''}`;
      return block.kind === 'residual' ? `residual${block.project}` : 'branch';
    }
  };

  return { lines, grow: (wish) => grow(wish, network, { beside: [], names: values, from: 0 }) };
}

const isFilled = (body: readonly Written[]): boolean => body.some((one) => one.kind === 'line' || (one.kind === 'use' ? isFilled(one.cell.body) : one.cells.some(isFilled)));

const write = (body: readonly Written[]): string => body.filter((one) => isFilled([one])).map(writeOne).join('; ');

function writeOne(one: Written): string {
  if (one.kind === 'line') return one.text;
  if (one.kind === 'use') return one.cell.name + one.args;
  const cells = one.identity ? one.cells : one.cells.filter(isFilled);
  return `${one.head} ${cells.map((cell) => (isFilled(cell) ? `< ${write(cell)} >` : '< >')).join(' ')}${one.tail}`;
}

/** A number as itself, by a name, or computed from one. */
function numbered(value: string, how: NumberWish, names: Names): string {
  if (how.kind === 'plain' || names.length === 0) return value;
  const name = names[how.name % names.length];
  return how.kind === 'name' ? name : how.kind === 'sum' ? `(${name} + ${value})` : `(${value} * 2 - min(${name}, ${value}))`;
}

/** A layer as wished, with a plain number, and with a window that keeps the size. */
function variants(text: string, how: NumberWish, names: Names): readonly string[] {
  const clever = text.replace(/^((?:\w*conv|dense) )(\d+)\b/, (_, word: string, value: string) => word + numbered(value, how, names));
  return [...new Set([clever, text])].flatMap((one) => {
    const same = `${one.replace(/ (same|valid|padding=\w+)(?= |$)/g, '')} same`;
    return /^(conv|pool|avg_pool)\b/.test(one) && same !== one ? [one, same] : [one];
  });
}
