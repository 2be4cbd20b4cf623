/** CNN1240-1259 and CNN2120-2149: compile and fit: optimizers, schedules, class weights, what losses and metrics need. */
import type { LabelKind } from '../../model/program.ts';
import { entry } from './entry.ts';

const kindOf: Readonly<Record<LabelKind, string>> = {
  categorical: 'one class of several',
  sparse: 'one class of several',
  binary: 'a single yes or no',
  multilabel: 'several labels that may hold together',
  values: 'values',
};

const many = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(', ');

export const compileCodes = {
  CNN1240: entry('error', 'class weights not understood', (f: { both: boolean }) => ({
    message: f.both ? '`class_weight` is either balanced or a block of weights, not both' : '`class_weight` does not say how much each class counts',
    help: ['by how many pictures each class has: class_weight balanced', 'or in numbers of your own: class_weight { cat 2; dog 1 }'],
  })),
  CNN1241: entry('error', 'no weight', (f: { owner: string; name: string; found: string | null }) => ({
    message: f.found === null ? `\`${f.name}\` needs one number, its weight` : `the weight of \`${f.name}\` is ${f.found}, but should be one number from 0 up`,
    label: f.found === null ? 'its weight is missing' : 'no weight',
    help: [`for example: ${f.owner} { ${f.name} 2 }`],
  })),
  CNN1242: entry('error', 'gradients clipped twice', (f: { first: string; second: string }) => ({
    message: `gradients are clipped once, but both \`${f.first}\` and \`${f.second}\` are given`,
    label: 'a second limit',
    notes: ['clipnorm limits the gradient of each variable, global_clipnorm all together, clipvalue each number'],
    help: ['keep one of them'],
  })),
  CNN1243: entry('error', 'pieces that do not fit', (f: { boundaries: number; values: number; ascending: boolean; negative: boolean }) => ({
    message:
      f.values !== f.boundaries + 1
        ? `${f.boundaries} boundar${f.boundaries === 1 ? 'y makes' : 'ies make'} ${f.boundaries + 1} pieces, but there ${f.values === 1 ? 'is 1 rate' : `are ${f.values} rates`}`
        : f.ascending
          ? 'a learning rate is not below 0'
          : 'the boundaries of a piecewise schedule are steps: whole numbers, each above the one before',
    help: ['for example: piecewise([1000, 2000], [.1, .01, .001])'],
  })),
  CNN1244: entry('error', 'half a warmup', (f: { given: string; missing: string }) => ({
    message: `a warmup needs \`${f.missing}\` beside \`${f.given}\``,
    label: `\`${f.missing}\` is missing`,
    notes: ['the rate rises from the first number to warmup_target in warmup_steps steps, and falls from there'],
    help: ['for example: cosine_decay(0, steps=10000, warmup_target=.001, warmup_steps=500)'],
  })),
  CNN1245: entry('error', 'not a file name', (f: { file: string }) => ({
    message: `${JSON.stringify(f.file)} cannot be the name of a file in the run folder`,
    notes: ['letters, digits, `_`, `-` and `.`, and none of the files that every run writes'],
    help: ['for example: csv_log "training.csv"'],
  })),
  CNN1246: entry('error', 'averages that are not kept', (f: { option: string }) => ({
    message: `\`${f.option}\` is about averages of the weights, which are not kept`,
    label: 'there is no `ema`',
    help: [`keep them: ema ${f.option}=…`],
  })),
  CNN1247: entry('error', 'learning rate with two masters', (f: { schedule: string }) => ({
    message: `the learning rate follows ${f.schedule} by the step, so that \`reduce_lr\` cannot lower it`,
    label: 'cannot be lowered',
    help: ['give the optimizer a number: optimizer adam lr=.001', 'or leave reduce_lr out'],
  })),
  CNN1249: entry('error', 'not as TypeScript', (f: { what: string; instead: string | null }) => ({
    message: `${f.what} cannot be written as TypeScript yet`,
    help: [...(f.instead === null ? [] : [f.instead]), 'or build another target: --to savedmodel, --to onnx'],
  })),
  CNN1250: entry('error', 'not a separator', (f: { separator: string }) => ({
    message: `${JSON.stringify(f.separator)} cannot stand between the numbers of a table`,
    notes: ['one character, such as "," or ";" or a tab written "\\u{9}"; no letter, digit, sign, point or quote'],
  })),
  CNN2120: entry('error', 'classes that there are not', (f: { word: string; kind: LabelKind }) => ({
    message: `\`${f.word}\` is about classes, but the labels are ${kindOf[f.kind]}`,
    label: 'no classes here',
    help: [`leave ${f.word} out`],
  })),
  CNN2121: entry('error', 'unknown class', (f: { name: string; classes: readonly string[]; suggestion: string | null }) => ({
    message: `the data has no class called \`${f.name}\``,
    ...(f.suggestion === null ? {} : { label: `did you mean \`${f.suggestion}\`?` }),
    notes: [`the classes are ${many(f.classes.slice(0, 12))}${f.classes.length > 12 ? ', …' : ''}`],
  })),
  CNN2123: entry('warning', 'classes balanced twice', () => ({
    message: 'small classes are both drawn more often and weighed more',
    label: 'the second time',
    notes: ['with oversampling all classes are equally frequent in training; the weights then favour the small ones beyond that'],
    help: ['keep one: class_weight balanced, or sampling oversample'],
  })),
  CNN2124: entry('error', 'metric beyond the outputs', (f: { metric: string; option: string; value: number; outputs: number }) => ({
    message: f.option === 'class_id' ? `\`${f.metric}\` looks at class ${f.value}, but the outputs are numbered 0 to ${f.outputs - 1}` : `\`${f.metric}\` takes the ${f.value} largest of ${f.outputs} output${f.outputs === 1 ? '' : 's'}`,
    label: `at most ${f.option === 'class_id' ? f.outputs - 1 : Math.max(1, f.outputs - 1)}`,
  })),
  CNN2125: entry('warning', 'threshold for probabilities', (f: { metric: string; loss: string; better: string }) => ({
    message: `\`${f.metric}\` is measured on what the network gives, which with ${f.loss} are no probabilities`,
    label: 'its thresholds lie from 0 to 1',
    notes: ['an output above 0 means yes, as in Keras'],
    help: [`write ${f.better}`],
  })),
  CNN2126: entry('error', 'angle of one number', (f: { word: string }) => ({
    message: `\`${f.word}\` is about the angle between rows of numbers, and each picture has one value`,
    help: ['use mse, mae or huber'],
  })),
  CNN2127: entry('warning', 'outputs that may be negative', (f: { loss: string }) => ({
    message: `\`${f.loss}\` needs outputs above 0, but the network ends in plain numbers, which may be negative`,
    label: 'takes the logarithm of the output',
    help: ['end the network with softplus'],
  })),
  CNN2128: entry('warning', 'never lowered', (f: { patience: number; epochs: number }) => ({
    message: `with patience=${f.patience} the learning rate is never lowered within ${f.epochs} epoch${f.epochs === 1 ? '' : 's'}`,
    help: ['use a smaller patience, or more epochs'],
  })),
};
