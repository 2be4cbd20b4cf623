/** CNN2xxx: labels, heads, losses and metrics, and what watches them. */
import type { LabelKind } from '../../model/program.ts';
import { entry } from './entry.ts';

/** "one class of several" and so on. */
const kindOf: Readonly<Record<LabelKind, string>> = {
  categorical: 'one class of several',
  sparse: 'one class of several',
  binary: 'a single yes or no',
  multilabel: 'several labels that may hold together',
  values: 'values',
};

const outputs = (n: number): string => `${n} output${n === 1 ? '' : 's'}`;
const many = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(', ');

/** What the data has, in the words of CNN2107. */
const has: Readonly<Record<LabelKind, (n: number) => string>> = {
  categorical: (n) => `the data has ${n} class${n === 1 ? '' : 'es'}`,
  sparse: (n) => `the data has ${n} class${n === 1 ? '' : 'es'}`,
  binary: () => 'binary labels need 1',
  multilabel: (n) => `the data has ${n} label${n === 1 ? '' : 's'}`,
  values: (n) => `the data has ${n} value${n === 1 ? '' : 's'} a picture`,
};

export const labelCodes = {
  CNN2101: entry('error', 'no row of outputs', (f: { shape: string }) => ({
    message: `the network ends with a ${f.shape} image, but the labels need a row of outputs`,
    label: `ends with ${f.shape}`,
    help: ['lay it out and let the data decide how many outputs: flatten; dense classes'],
  })),
  CNN2102: entry('error', 'labels that cannot be', (f: { kind: LabelKind; source: string }) => ({
    message: `a ${f.source} gives each picture one class, which is not ${kindOf[f.kind]}`,
    label: `${f.source} has no such labels`,
    help: ['leave `labels` out, or use arrays: npz "data.npz"'],
  })),
  CNN2104: entry('error', 'number of classes', (f: { stated: number; found: number }) => ({
    message: `the program says ${f.stated} class${f.stated === 1 ? '' : 'es'}, but the data has ${f.found}`,
    label: `not ${f.found}`,
    help: ['leave it out: the data decides'],
  })),
  CNN2105: entry('error', 'binary needs two classes', (f: { count: number }) => ({
    message: `binary labels need two classes, but the data has ${f.count}`,
    label: 'a single yes or no',
    help: ['leave `labels binary` out: one class of several needs nothing more'],
  })),
  CNN2107: entry('error', 'width of the head', (f: { width: number; expected: number; kind: LabelKind; word: 'dense' | 'other'; softmaxOverOne: boolean }) => ({
    message: `the last layer has ${outputs(f.width)}, but ${has[f.kind](f.expected)}`,
    label: outputs(f.width),
    ...(f.softmaxOverOne ? { notes: ['a softmax over one output is always 1'] } : {}),
    help: [
      f.kind === 'binary' || f.kind === 'values'
        ? `give it ${outputs(f.expected)}: dense ${f.expected}`
        : f.word === 'dense'
          ? 'let the data decide: dense classes'
          : `end with as many outputs: dense classes`,
      ...((f.kind === 'categorical' || f.kind === 'sparse') && f.expected === 2 && f.width === 1 ? ['or answer yes or no with one output: labels binary, in data'] : []),
    ],
  })),
  CNN2108: entry('error', 'activation of the head', (f: { activation: string; expected: string | null; kind: LabelKind; loss: string }) => ({
    message: `the network ends in ${f.activation}, but ${f.loss} for ${kindOf[f.kind]} needs ${f.expected ?? 'plain numbers'}`,
    label: f.expected === null ? 'leave it out' : `should be ${f.expected}`,
    help: [f.expected === null ? 'leave it out' : `end with ${f.expected}, or leave the activation out: it follows from the labels`],
  })),
  CNN2111: entry('error', 'loss unlike the labels', (f: { loss: string; kind: LabelKind; expected: string; stated: boolean }) => ({
    message: f.stated ? `the program says labels ${f.kind}, which \`${f.loss}\` does not take` : `\`${f.loss}\` does not fit labels that are ${kindOf[f.kind]}`,
    label: `should be ${f.expected}`,
    help: [`write loss ${f.expected}, or leave the loss out: it follows from the labels`],
  })),
  CNN2112: entry('error', 'metric unlike the labels', (f: { metric: string; kind: LabelKind }) => ({
    message: `\`${f.metric}\` cannot be measured on labels that are ${kindOf[f.kind]}`,
    help: [f.kind === 'values' ? 'for values there are mae and mse' : 'leave it out'],
  })),
  CNN2113: entry('error', 'top_k of too few classes', (f: { k: number; count: number }) => ({
    message: `the right class is always among the top ${f.k} of ${f.count} class${f.count === 1 ? '' : 'es'}`,
    label: `at most ${Math.max(1, f.count - 1)} says something`,
    help: [f.count > 2 ? `for example: top_k(${Math.min(3, f.count - 1)})` : 'use accuracy'],
  })),
  CNN2114: entry('warning', 'softmax over one output', () => ({
    message: 'a softmax over one output is always 1',
    label: 'always 1',
    help: ['for a yes or no: dense 1; sigmoid, with labels binary in data'],
  })),
  CNN2115: entry('warning', 'activation before a from_logits loss', (f: { activation: string; loss: string }) => ({
    message: `the loss expects outputs before ${f.activation}, but the network already ends in ${f.activation}`,
    label: 'applied once here',
    notes: [`from_logits says that ${f.loss} applies ${f.activation} itself; applied twice, training is slow and probabilities are wrong`],
    help: ['leave from_logits out'],
  })),
  CNN2117: entry('warning', 'activation twice', (f: { first: string; second: string }) => ({
    message: f.first === f.second ? `${f.second} is applied twice in a row` : `${f.second} is applied directly to the result of ${f.first}`,
    label: `after ${f.first}`,
    help: ['keep one of them'],
  })),
  CNN2201: entry('error', 'nothing to watch', (f: { word: string; monitor: string }) => ({
    message: `\`${f.word}\` watches ${f.monitor}, but nothing is validated`,
    label: 'there is no validation part',
    help: ['keep a part for validation: validation 25%, in fit', `or watch the training itself: monitor=${f.monitor.replace(/^val_/, '')}`],
  })),
  CNN2202: entry('error', 'unknown value to watch', (f: { word: string; monitor: string; known: readonly string[]; suggestion: string | null }) => ({
    message: `\`${f.word}\` watches \`${f.monitor}\`, which this program does not measure`,
    ...(f.suggestion === null ? {} : { label: `did you mean \`${f.suggestion}\`?` }),
    notes: [`measured are ${many(f.known)}`],
    help: ['add the metric to compile, or watch another one'],
  })),
  CNN2203: entry('error', 'nothing to plot', (f: { metric: string; known: readonly string[]; suggestion: string | null }) => ({
    message: f.metric.startsWith('val_') && f.known.includes(f.metric.slice(4)) ? `plot ${f.metric.slice(4)} draws ${f.metric}, too` : `there is no \`${f.metric}\` to plot`,
    ...(f.suggestion === null ? {} : { label: `did you mean \`${f.suggestion}\`?` }),
    notes: [`the program measures ${many(f.known)}`],
    help: [f.metric.startsWith('val_') ? `write plot ${f.metric.slice(4)}` : `add it to the metrics of compile, or plot ${f.known[0]}`],
  })),
  CNN2204: entry('error', 'names of the legend', (f: { given: number; wanted: number; curves: readonly string[] }) => ({
    message: `the legend names ${f.given} curve${f.given === 1 ? '' : 's'}, but the plot has ${f.wanted}`,
    notes: [`the curves are ${f.curves.join(', ')}`],
    help: [`give ${f.wanted} name${f.wanted === 1 ? '' : 's'}`],
  })),
  CNN2206: entry('warning', 'stops too late', (f: { patience: number; epochs: number }) => ({
    message: `with patience=${f.patience} training never stops early within ${f.epochs} epoch${f.epochs === 1 ? '' : 's'}`,
    help: ['use a smaller patience, or more epochs'],
  })),
  CNN2207: entry('warning', 'batch larger than the set', (f: { batch: number; pictures: number }) => ({
    message: `a batch of ${f.batch.toLocaleString('en-US')} is larger than the whole training part, which has about ${f.pictures.toLocaleString('en-US')} picture${f.pictures === 1 ? '' : 's'}`,
    label: 'each epoch is one step',
    notes: ['the weights change once in an epoch, so learning takes many epochs'],
    help: [`use a smaller batch: batch ${Math.max(1, 2 ** Math.floor(Math.log2(Math.max(1, f.pictures / 8))))}`],
  })),
};
