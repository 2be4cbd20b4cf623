/** The summary as a table for people: cells and repeats as in the program, numbers aligned. */
import type { Cell, Program } from './program.ts';
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
      rows.push([`${indent}repeat ${node.count}`, '', '', '', '']);
      node.iterations.forEach((iteration, i) => {
        const number = `${i + 1}`.padEnd(Math.max(2, String(node.count).length + 1));
        const before = rows.length;
        cell(iteration, `${indent}  ${' '.repeat(number.length)}`);
        const first = rows[before];
        if (first) rows[before] = [`${indent}  ${number}${first[0].slice(indent.length + 2 + number.length)}`, first[1], first[2], first[3], first[4]];
      });
    }
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
