/** The boxes of a diagram and how boxes go together: stacks of layers, frames, shortcuts, branches. */
import { clipText, textWidth } from '../svg/text.ts';
import type { Block, Frame, Junction, More, Piece, Placed, Shape } from './geometry.ts';
import { fontSize, labelBeside, labelSize, line } from './sequence.ts';

const padding = 14;
const titleHeight = 30;
/** How far the pile of a frame that stands for several sticks out. */
export const pile = (times: number): number => (times > 1 ? 8 : 0);
const longestText = 260;
const mostSlack = 40;

export interface LayerBlock {
  readonly block: Omit<Block, 'kind' | 'x' | 'y' | 'width' | 'height'>;
  /** Channels or units, and the longer side of the image (1 without one). */
  readonly channels: number;
  readonly side: number;
}

/** Layers on top of each other as one: width stands for channels, height for the image's size, both logarithmic. */
export function stack(layers: readonly LayerBlock[]): Piece {
  const widthOf = ({ block, channels }: LayerBlock): number =>
    Math.max(64 + 13 * Math.log2(channels + 1), 24 + textWidth(block.text, fontSize) + (block.note === '' ? 0 : 12 + textWidth(block.note, labelSize)));
  const shown = layers.map((layer) => ({ ...layer, block: { ...layer.block, text: clipText(layer.block.text, longestText, fontSize) } }));
  const width = Math.round(Math.max(...shown.map(widthOf)));
  let y = 0;
  const shapes = shown.map(({ block, side }, i): Block => {
    const small = block.family === 'normalisation' || block.family === 'activation' || block.family === 'dropout';
    const height = small ? 20 : Math.round(26 + 2.4 * Math.log2(side));
    const made: Block = { kind: 'block', ...block, x: 0, y, width, height };
    y += height + (i < shown.length - 1 ? 2 : 0);
    return made;
  });
  return { width, height: y, port: width / 2, open: false, shapes, children: [] };
}

export function end(text: string, channels: number): Piece {
  const shown = clipText(text, longestText, fontSize);
  const width = Math.round(Math.max(64 + 13 * Math.log2(channels + 1), 36 + textWidth(shown, fontSize)));
  return { width, height: 28, port: width / 2, open: false, shapes: [{ kind: 'end', text: shown, x: 0, y: 0, width, height: 28 }], children: [] };
}

export function more(text: string, layers: readonly number[]): Piece {
  const width = Math.round(28 + textWidth(text, fontSize));
  const shape: More = { kind: 'more', text, layers, x: 0, y: 0, width, height: 26 };
  return { width, height: 26, port: width / 2, open: false, shapes: [shape], children: [] };
}

/** A rounded box with a title around a piece. */
export function frame(inside: Piece, { title, note, hint, times }: Pick<Frame, 'title' | 'note' | 'hint' | 'times'>): Piece {
  const shown = clipText(title, longestText, fontSize, 'bold');
  const words = textWidth(shown, fontSize, 'bold') + (note === '' ? 0 : 14 + textWidth(note, labelSize)) + (times > 1 ? 10 + badgeWidth(times) : 0);
  // The line is in the middle, where that costs little width.
  const even = 2 * Math.max(inside.port, inside.width - inside.port);
  const width = Math.round(Math.max(even - inside.width <= mostSlack ? even : inside.width, words) + 2 * padding);
  const x = Math.max(padding, Math.min(width / 2 - inside.port, width - padding - inside.width));
  const height = titleHeight + inside.height + padding;
  const shape: Frame = { kind: 'frame', title: shown, note, hint, times, x: 0, y: 0, width, height };
  return { width: width + pile(times), height: height + pile(times), port: x + inside.port, open: false, shapes: [shape], children: [{ piece: inside, x, y: titleHeight }] };
}

export const badgeWidth = (times: number): number => 14 + textWidth(`×${times}`, fontSize, 'bold');

/** A piece whose line goes on below it, and the word on that line; null: nothing new to say. */
export interface Arm {
  readonly piece: Piece;
  readonly label: string | null;
}

const railAt = 8;
const drop = 20;
const circle = 22;
const tail = (label: string | null): number => (label === null ? 12 : 30);

const junction = (text: string, hint: string, x: number, y: number): Junction => {
  const width = text.length === 1 ? circle : Math.round(20 + textWidth(text, fontSize));
  return { kind: 'junction', text, hint, x: x - width / 2, y: y - circle / 2, width, height: circle };
};

/** The piece, and beside it the line that goes around it; both meet in a +. */
export function residual(main: Arm, shortcut: Piece | null, hint: string): Piece {
  const { piece } = main;
  const top = railAt + (piece.open ? 12 : drop);
  const right = Math.max(piece.width, main.label === null ? 0 : labelBeside(main.label, { x: piece.port, y: 0 }, 0).x + labelBeside(main.label, { x: 0, y: 0 }, 0).width);
  const side = right + 18 + (shortcut?.port ?? 0);
  const room = 14;
  const foot = top + piece.height;
  const y = Math.max(foot + tail(main.label) + circle / 2, shortcut ? railAt + 2 * room + shortcut.height + 8 : 0);
  const { port } = piece;
  const shapes: Shape[] = [line([{ x: port, y: 0 }, { x: port, y: top }], !piece.open), line([{ x: port, y: foot }, { x: port, y: y - circle / 2 }], false)];
  const children: Placed[] = [{ piece, x: 0, y: top }];
  if (main.label !== null) shapes.push(labelBeside(main.label, { x: port, y: foot }, tail(main.label)));
  if (shortcut) {
    const start = railAt + Math.max(room + 4, (y - railAt - shortcut.height) / 2);
    children.push({ piece: shortcut, x: side - shortcut.port, y: start });
    shapes.push(line([{ x: port, y: railAt }, { x: side, y: railAt }, { x: side, y: start }], true, true));
    shapes.push(line([{ x: side, y: start + shortcut.height }, { x: side, y }, { x: port + circle / 2, y }], true, true));
  } else shapes.push(line([{ x: port, y: railAt }, { x: side, y: railAt }, { x: side, y }, { x: port + circle / 2, y }], true, true));
  shapes.push(junction('+', hint, port, y));
  return { width: shortcut ? side - shortcut.port + shortcut.width : side + 8, height: y + circle / 2, port, open: true, shapes, children };
}

/** Arms side by side between two rails. */
export function branch(arms: readonly Arm[], text: string, hint: string): Piece {
  const gap = 22;
  const xs: number[] = [];
  let x = 0;
  for (const { piece, label } of arms) {
    xs.push(x);
    x += Math.max(piece.width, label === null ? 0 : piece.port + 7 + textWidth(label, labelSize)) + gap;
  }
  const ports = arms.map(({ piece }, i) => xs[i] + piece.port);
  const port = (ports[0] + ports[ports.length - 1]) / 2;
  const topOf = ({ piece }: Arm): number => railAt + (piece.open ? 12 : drop);
  const y = Math.max(...arms.map((arm) => topOf(arm) + arm.piece.height + tail(arm.label))) + circle / 2;
  const joint = junction(text, hint, port, y);
  const shapes: Shape[] = [];
  const children: Placed[] = [];
  arms.forEach((arm, i) => {
    const at = ports[i];
    const top = topOf(arm);
    const foot = top + arm.piece.height;
    const from = at === port ? [{ x: at, y: 0 }] : [{ x: port, y: 0 }, { x: port, y: railAt }, { x: at, y: railAt }];
    const into = at >= joint.x && at <= joint.x + joint.width ? [{ x: at, y: joint.y }] : [{ x: at, y }, { x: at < port ? joint.x : joint.x + joint.width, y }];
    children.push({ piece: arm.piece, x: xs[i], y: top });
    if (arm.piece.height === 0) shapes.push(line([...from, ...into], false));
    else shapes.push(line([...from, { x: at, y: top }], !arm.piece.open), line([{ x: at, y: foot }, ...into], false));
    if (arm.label !== null) shapes.push(labelBeside(arm.label, { x: at, y: foot }, tail(arm.label)));
  });
  shapes.push(joint);
  const left = Math.min(0, joint.x);
  const moved: Piece = { width: Math.max(x - gap, joint.x + joint.width), height: y + circle / 2, port, open: true, shapes, children };
  // One narrow arm alone: the junction may stick out to the left.
  return left === 0 ? moved : { ...moved, width: moved.width - left, port: port - left, shapes: [], children: [{ piece: moved, x: -left, y: 0 }] };
}
