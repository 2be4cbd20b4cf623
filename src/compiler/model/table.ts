/** The summary as a table for people: cells and repeats as in the program, what is equal once with its number, numbers aligned. */
import type { Program } from './program.ts';
import { showShape } from '../shape/shape.ts';
import { fold, layersUnder } from './folds.ts';
import type { FoldedCell, FoldedNode, Group } from './folds.ts';
import { summarise } from './summary.ts';
import type { Rates, Summary, TrainingMemory } from './summary.ts';
import { bytes, duration, thousands } from './units.ts';

export { bytes } from './units.ts';

export interface TableOptions {
  /** Every layer, whatever is equal. */
  readonly all?: boolean;
  /** Columns of the terminal; names are cut where it is too narrow. */
  readonly width?: number;
  /** For the estimate of a step's time. */
  readonly rates?: Rates | null;
  /** Estimates of the memory of training. */
  readonly engines?: readonly TrainingMemory[];
}

type Row = readonly [layer: string, output: string, params: string, macs: string, sees: string];

const head: Row = ['layer', 'output', 'parameters', 'multiply-adds', 'sees'];
const orDash = (n: number): string => (n === 0 ? '–' : thousands(n));
/** Deeper cells stand no further to the right. */
const mostIndent = 28;

export function summaryTable(program: Program, { all = false, width = 120, rates = null, engines = [] }: TableOptions = {}): string {
  const summary = summarise(program, rates, engines);
  const network = fold(program, all ? { what: 'nothing', most: Infinity } : { what: 'equal', most: 5 });
  const rows = rowsOf(network, summary);
  const folded = shownIn(network) < program.layers.length;
  const widths = head.map((title, column) => rows.reduce((most, row) => Math.max(most, row[column].length), title.length));
  widths[0] = Math.max(16, Math.min(widths[0], width - widths.slice(1).reduce((sum, w) => sum + w + 2, 0)));
  const clip = (text: string): string => (text.length > widths[0] ? `${text.slice(0, widths[0] - 1)}…` : text);
  const line = (row: Row): string =>
    row.map((text, column) => (column === 0 ? clip(text).padEnd(widths[0]) : column === 2 || column === 3 ? text.padStart(widths[column]) : text.padEnd(widths[column]))).join('  ').trimEnd();
  const notes = [
    ...(summary.layers.some((layer) => layer.inferred) ? ['* follows from the labels'] : []),
    ...(folded ? ['what is equal stands once; --all shows every layer'] : []),
  ];
  return [
    `${program.name}  ${showShape(program.input)} → ${outputsInWords(program)}`,
    '',
    line(head),
    ...rows.map(line),
    '',
    ...(notes.length > 0 ? [...notes, ''] : []),
    ...totals(summary, rates, width),
    '',
  ].join('\n');
}

/** Layers that stand in the table themselves. */
const shownIn = (cell: FoldedCell): number =>
  cell.nodes.reduce((sum, node) => {
    if (node.kind === 'layer') return sum + 1;
    if (node.kind === 'call') return sum + shownIn(node.cell);
    if (node.kind === 'residual') return sum + shownIn(node.cell) + shownIn(node.shortcut);
    return sum + node.groups.reduce((inner, group) => inner + (group.kind === 'hidden' ? 0 : group.cells.reduce((n, one) => n + shownIn(one), 0)), 0);
  }, 0);

/** `10 classes`, `3 labels`, `1 value`. */
export function outputsInWords({ labels: { kind, count } }: Program): string {
  if (kind === 'values') return `${count} value${count === 1 ? '' : 's'}`;
  return `${count} ${kind === 'multilabel' ? 'labels' : 'classes'}`;
}

function rowsOf(network: FoldedCell, { layers }: Summary): readonly Row[] {
  const rows: Row[] = [];
  const total = (indices: readonly number[]): readonly [string, string] => [
    orDash(indices.reduce((sum, i) => sum + layers[i].params, 0)),
    orDash(indices.reduce((sum, i) => sum + layers[i].macs, 0)),
  ];
  const deeper = (indent: string, by: string): string => `${indent}${by}`.slice(0, mostIndent);

  const cell = ({ nodes }: FoldedCell, indent: string): void => nodes.forEach((node) => row(node, indent));
  const row = (node: FoldedNode, indent: string): void => {
    switch (node.kind) {
      case 'layer': {
        const { name, output, params, macs, receptiveField, inferred } = layers[node.layers[0]];
        rows.push([`${indent}${name}${inferred ? ' *' : ''}`, showShape(output), orDash(params), orDash(macs), receptiveField ? showShape(receptiveField) : '']);
        break;
      }
      case 'repeat':
        rows.push([`${indent}repeat ${node.count}`, '', ...total(layersUnder(node)), '']);
        groups(node.groups, indent);
        break;
      case 'call':
        rows.push([`${indent}${node.times > 1 ? `×${node.times} ` : ''}${node.text}`, '', ...total(layersUnder(node)), '']);
        cell(node.cell, deeper(indent, node.times > 1 ? ' '.repeat(`×${node.times} `.length + 2) : '  '));
        break;
      case 'residual':
        rows.push([`${indent}residual`, showShape(node.outputs[0]), '', '', '']);
        cell(node.cell, deeper(indent, '  '));
        if (node.shortcut.nodes.length > 0) rows.push([`${deeper(indent, '  ')}shortcut`, '', '', '', '']);
        cell(node.shortcut, deeper(indent, '    '));
        break;
      case 'branch':
        rows.push([`${indent}branch merge=${node.merge}`, showShape(node.outputs[0]), '', '', '']);
        groups(node.groups, indent);
    }
  };
  /** Iterations or arms, the first row of each with its number, or how often it is there, before it. */
  const groups = (list: readonly Group[], outside: string): void => {
    const markOf = (group: Group, i: number): string => (group.kind === 'hidden' ? `${group.from + 1}–${group.to}` : group.times > 1 ? `×${group.times}` : `${group.from + i + 1}`);
    const longest = Math.max(0, ...list.map((group) => markOf(group, group.kind === 'shown' ? group.cells.length - 1 : 0).length));
    const indent = deeper(outside, '  ');
    const put = (mark: string, fill: () => void): void => {
      const before = rows.length;
      fill();
      const first: Row = rows[before] ?? ['', '', '', '', ''];
      const name = first[0].slice(inner.length) || 'as it comes';
      rows[before] = [`${indent}${mark.padEnd(longest + 1)}${name}`, first[1], first[2], first[3], first[4]];
    };
    const inner = `${indent}${' '.repeat(longest + 1)}`;
    for (const group of list) {
      if (group.kind === 'hidden') put(markOf(group, 0), () => rows.push([`${inner}${group.to - group.from} more`, '', ...total(group.layers), '']));
      else group.cells.forEach((one, i) => put(markOf(group, i), () => cell(one, inner)));
    }
  };
  cell(network, '');
  return rows;
}

function totals({ params, macs, memory, stepTime, batchSize }: Summary, rates: Rates | null, width: number): readonly string[] {
  const facts: readonly (readonly [string, ...string[]])[] = [
    ['parameters', `${thousands(params.total)}${params.nonTrainable > 0 ? `, of which ${thousands(params.trainable)} are trained` : ''}`],
    ['multiply-adds', `${thousands(macs)} a picture`],
    ['memory', ...memoryLines(memory, batchSize)],
    [
      'a step',
      stepTime === null || rates === null
        ? 'no estimate: cnnc engine list measures how fast this machine is'
        : `about ${duration(stepTime)} for ${batchSize} pictures, an estimate from the speed of small networks on ${rates.engine}`,
    ],
  ];
  const label = 15;
  return facts.flatMap(([name, ...paragraphs]) => paragraphs.flatMap((text) => wrapped(text, width - label)).map((line, i) => `${(i === 0 ? name : '').padEnd(label)}${line}`));
}

/** What training takes on each engine; without estimates only what can be added up. */
function memoryLines({ weights, optimizer, activations, engines }: Summary['memory'], batchSize: number): readonly [string, ...string[]] {
  const counted = `weights ${bytes(weights)}, optimizer ${bytes(optimizer)}, outputs of the layers for a batch ${bytes(activations)}`;
  if (engines.length === 0) return [counted];
  const totals = engines.map(({ engine, total }) => `about ${bytes(total)} on ${engine === 'tensorflow' ? 'TensorFlow' : 'onnx'}`).join(', ');
  return [`${totals}, all processes together, while training with batches of ${batchSize}`, counted];
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
