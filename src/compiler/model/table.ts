/** The summary as a table for people: cells and repeats as in the program, numbers aligned. */
import type { Cell, Node, Program } from './program.ts';
import { showShape } from '../shape/shape.ts';
import { receptiveFields, summarise, trainingMemory } from './summary.ts';

type Row = readonly [layer: string, output: string, params: string, macs: string, sees: string];

const head: Row = ['layer', 'output', 'parameters', 'multiply-adds', 'sees'];
const thousands = (n: number): string => n.toLocaleString('en-US');
const orDash = (n: number): string => (n === 0 ? '–' : thousands(n));

/** 1.5 MB, 240 kB. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const unit = n < 1e6 ? 'kB' : n < 1e9 ? 'MB' : 'GB';
  const value = n / { kB: 1e3, MB: 1e6, GB: 1e9 }[unit];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

function headOf(node: Exclude<Node, { kind: 'layer' }>): string {
  switch (node.kind) {
    case 'repeat':
      return `repeat ${node.count}`;
    case 'call':
      return node.text;
    case 'residual':
      return 'residual';
    case 'branch':
      return `branch merge=${node.merge}`;
  }
}

export function summaryTable(program: Program): string {
  const summary = summarise(program);
  const fields = receptiveFields(program);
  const rows: Row[] = [];
  const cell = ({ nodes }: Cell, indent: string): void => {
    for (const node of nodes) {
      if (node.kind === 'layer') {
        const layer = summary.layers[node.layer];
        const field = fields[node.layer];
        const { inferred } = program.layers[node.layer];
        rows.push([`${indent}${layer.name}${inferred ? ' (follows from the labels)' : ''}`, showShape(layer.output), orDash(layer.params), orDash(layer.macs), field ? showShape(field) : '']);
        continue;
      }
      const output = node.kind === 'residual' || node.kind === 'branch' ? showShape(node.output) : '';
      rows.push([`${indent}${headOf(node)}`, output, '', '', '']);
      if (node.kind === 'call') cell(node.cell, `${indent}  `);
      else if (node.kind === 'repeat') node.iterations.forEach((iteration, i) => numbered(iteration, i, node.count, indent));
      else if (node.kind === 'branch') node.cells.forEach((one, i) => numbered(one, i, node.cells.length, indent));
      else {
        cell(node.cell, `${indent}  `);
        if (node.shortcut.nodes.length > 0) rows.push([`${indent}  shortcut`, '', '', '', '']);
        cell(node.shortcut, `${indent}    `);
      }
    }
  };
  /** A cell whose first row has its number before it. */
  const numbered = (inner: Cell, i: number, count: number, indent: string): void => {
    const number = `${i + 1}`.padEnd(Math.max(2, String(count).length + 1));
    const before = rows.length;
    cell(inner, `${indent}  ${' '.repeat(number.length)}`);
    const first: Row = rows[before] ?? ['', '', '', '', ''];
    rows[before] = [`${indent}  ${number}${first[0].slice(indent.length + 2 + number.length) || 'as it comes'}`, first[1], first[2], first[3], first[4]];
  };
  cell(program.network, '');

  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (row: Row): string => row.map((text, column) => (column === 2 || column === 3 ? text.padStart(widths[column]) : text.padEnd(widths[column]))).join('  ').trimEnd();
  const { params, memory } = summary;
  const classes = program.labels.kind === 'values' ? `${program.labels.count} value${program.labels.count === 1 ? '' : 's'}` : `${program.labels.count} ${program.labels.kind === 'multilabel' ? 'labels' : 'classes'}`;
  return [
    `${program.name}  ${showShape(program.input)} → ${classes}`,
    '',
    line(head),
    ...rows.map(line),
    '',
    `parameters     ${thousands(params.total)}${params.nonTrainable > 0 ? `, of which ${thousands(params.trainable)} are trained` : ''}`,
    `multiply-adds  ${thousands(summary.macs)} a picture`,
    `memory         about ${bytes(trainingMemory(summary))} while training with batches of ${program.fit.batch}: weights ${bytes(memory.weights)}, optimizer ${bytes(memory.optimizer)}, layers ${bytes(memory.activations)}, pictures ${bytes(memory.batch)}, and gradients`,
    '',
  ].join('\n');
}
