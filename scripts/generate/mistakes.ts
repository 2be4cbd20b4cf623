/**
 * docs/mistakes.md: classic mistakes, our message beside what Keras, TensorFlow.js and PyTorch print for the same one.
 * Ours is made here, by the compiler; theirs were recorded by scripts/goldens/mistakes.py and mistakes.mjs.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '../../src/compiler/compile.ts';
import type { Diagnostic } from '../../src/compiler/diagnostics/diagnostic.ts';
import { renderText } from '../../src/compiler/diagnostics/render/text.ts';

interface Said {
  readonly when: 'building' | 'first batch' | 'never';
  /** absent: there is nothing of the kind in the library. */
  readonly kind: 'error' | 'warning' | 'nothing' | 'absent';
  /** Lines of the traceback above the message. */
  readonly traceback: number;
  readonly text: string;
}

interface Recorded {
  readonly version: string;
  readonly mistakes: Readonly<Record<string, Said>>;
}

export interface Mistake {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly program: string;
  /** The code of our message. */
  readonly code: string;
}

const digits = 'input 28x28x1; classes 10';

export const mistakes: readonly Mistake[] = [
  {
    name: 'window',
    title: 'The image becomes too small',
    about: 'Each convolution and each pool takes something away, and in the fourth round nothing is left for the window.',
    program: 'input 60x40x3\nclasses 5\nnetwork <\n  repeat 6 < conv 32 5x5; pool 2; relu; dropout .25 >\n  flatten; dense classes\n>',
    code: 'CNN3004',
  },
  {
    name: 'outputs',
    title: 'Nine outputs for ten classes',
    about: 'The digits go from 0 to 9, which makes ten of them.',
    program: `${digits}\nnetwork < conv 16; relu; pool 2; flatten; dense 9; softmax >`,
    code: 'CNN2107',
  },
  {
    name: 'flatten',
    title: 'A dense layer on an image',
    about: 'Between the last convolution and the first dense layer the image has to be laid out in a row.',
    program: `${digits}\nnetwork < conv 16; relu; dense classes; softmax >`,
    code: 'CNN3002',
  },
  {
    name: 'loss',
    title: 'A loss for other labels',
    about: 'Labels are one number a picture, and the loss expects something else: a row with a one in it, or a yes or no.',
    program: `${digits}\nnetwork < conv 16; relu; pool 2; flatten; dense classes; softmax >\ncompile { loss binary_crossentropy }`,
    code: 'CNN2111',
  },
  {
    name: 'softmax-twice',
    title: 'Softmax before a loss that applies it',
    about: 'The network ends in softmax, and the loss applies it once more. It trains, slowly, and its probabilities are wrong.',
    program: `${digits}\nnetwork < conv 16; relu; pool 2; flatten; dense classes; softmax >\ncompile { loss sparse_categorical_crossentropy from_logits }`,
    code: 'CNN2115',
  },
  {
    name: 'softmax-over-one',
    title: 'Softmax over one output',
    about: 'For a yes or no there is one output, and softmax makes it 1 whatever the picture shows.',
    program: 'data { synthetic shapes 600 classes=2; labels binary }\nnetwork < conv 16; relu; pool 2; flatten; dense 1; softmax >',
    code: 'CNN2108',
  },
  {
    name: 'scaled-twice',
    title: 'Pixels scaled twice',
    about: 'Pixels of 0 to 255 are brought to 0 to 1, and then once more: what is left is almost black.',
    program: `${digits}\npreprocess { scale 1/255 }\nnetwork < rescale 1/255; conv 16; relu; pool 2; flatten; dense classes >`,
    code: 'CNN3213',
  },
  {
    name: 'early-stopping',
    title: 'Early stopping without validation',
    about: 'Training should stop when the validation loss no longer falls, but nothing is kept for validation.',
    program: `${digits}\nnetwork < conv 16; relu; pool 2; flatten; dense classes >\nfit { validation 0%; early_stopping patience=5 }`,
    code: 'CNN2201',
  },
  {
    name: 'layer-name',
    title: 'A layer misspelt',
    about: 'A letter is missing.',
    program: `${digits}\nnetwork < conv 16; max_poling 2; flatten; dense classes >`,
    code: 'CNN1001',
  },
  {
    name: 'option-name',
    title: 'An option misspelt',
    about: 'And one here.',
    program: `${digits}\nnetwork < conv 16 strid=2; relu; flatten; dense classes >`,
    code: 'CNN1006',
  },
  {
    name: 'residual',
    title: 'A residual whose shapes differ',
    about: 'The cell turns 32 channels into 64, so its input cannot be added to its output.',
    program: 'input 32x32x3\nclasses 5\nnetwork <\n  conv 32 same\n  residual < conv 64 same; relu >\n  global_avg_pool; dense classes\n>',
    code: 'CNN3010',
  },
  {
    name: 'branches',
    title: 'Branches of different sizes',
    about: 'One branch keeps the size of the image, the other loses a pixel at each edge.',
    program: 'input 32x32x3\nclasses 5\nnetwork <\n  branch < conv 16 1x1 > < conv 16 3x3 >\n  global_avg_pool; dense classes\n>',
    code: 'CNN3011',
  },
  {
    name: 'groups',
    title: 'Groups that do not divide the channels',
    about: '32 channels cannot be put into three equal groups.',
    program: 'input 32x32x3\nclasses 5\nnetwork < conv 32; relu; conv 48 groups=3; global_avg_pool; dense classes >',
    code: 'CNN3012',
  },
  {
    name: 'dropout',
    title: 'A dropout of 50',
    about: 'Half of the values were meant.',
    program: `${digits}\nnetwork < conv 16; relu; pool 2; flatten; dropout 50; dense classes >`,
    code: 'CNN1009',
  },
  {
    name: 'learning-rate',
    title: 'A learning rate a thousand times too high',
    about: 'adam is usually given .001.',
    program: `${digits}\nnetwork < conv 16; relu; pool 2; flatten; dense classes >\ncompile { optimizer adam lr=1 }`,
    code: 'CNN2208',
  },
];

const recorded = (name: string): Recorded => JSON.parse(readFileSync(fileURLToPath(new URL(`../../test/goldens/mistakes/${name}.json`, import.meta.url)), 'utf8')) as Recorded;

/** What the compiler says of a mistake's program. */
export function ours({ program, name }: Mistake): { readonly diagnostics: readonly Diagnostic[]; readonly text: string } {
  const { diagnostics, sources } = compile(program, { path: `${name}.cnn` });
  return { diagnostics, text: renderText(diagnostics, sources, { summary: false }) };
}

/** Longer texts are cut: what follows is said in words. */
const mostLines = 14;

function theirs(library: string, { when, kind, traceback, text }: Said): string {
  if (kind === 'absent') return `**${library}** has nothing of the kind.`;
  if (kind === 'nothing') return `**${library}** prints nothing, and goes on.`;
  const what = kind === 'error' ? `while ${when === 'building' ? 'the network is built' : 'the first batch is trained on'}, at the end of ${traceback} lines` : 'as a warning, and goes on';
  const lines = text.split('\n');
  const shown = lines.length <= mostLines ? lines : [...lines.slice(0, mostLines / 2), `… ${lines.length - mostLines} lines …`, ...lines.slice(lines.length - mostLines / 2)];
  return `**${library}**, ${what}:\n\n\`\`\`text\n${shown.join('\n')}\n\`\`\``;
}

export function mistakesPage(): string {
  const keras = recorded('keras');
  const tfjs = recorded('tfjs');
  const torch = recorded('torch');
  const sections = mistakes.map((mistake, i) => {
    const { name, title, about, program } = mistake;
    return [
      `## ${i + 1}. ${title}`,
      about,
      `\`\`\`cnn\n${program}\n\`\`\``,
      `\`\`\`text\n${ours(mistake).text}\n\`\`\``,
      theirs('Keras', keras.mistakes[name]),
      theirs('TensorFlow.js', tfjs.mistakes[name]),
      theirs('PyTorch', torch.mistakes[name]),
    ].join('\n\n');
  });
  const own = (severity: string): number => mistakes.filter((mistake) => ours(mistake).diagnostics[0]?.severity === severity).length;
  const count = (of: Recorded, kind: Said['kind']): number => mistakes.filter(({ name }) => of.mistakes[name].kind === kind).length;
  const row = (library: string, of: Recorded): string => {
    const errors = mistakes.map(({ name }) => of.mistakes[name]).filter((said) => said.kind === 'error');
    const early = errors.filter((said) => said.when === 'building').length;
    return `| ${library} ${of.version} | ${early} | ${errors.length - early} | ${count(of, 'warning')} | ${count(of, 'nothing')} | ${count(of, 'absent')} |`;
  };
  return `${[
    '<!-- Generated by scripts/generate.ts; do not edit. -->',
    '# Fifteen classic mistakes',
    `Each is made here in a program, with what \`cnnc check\` says of it, and beside it what Keras ${keras.version} (on TensorFlow), TensorFlow.js ${tfjs.version} and PyTorch ${torch.version} print when the same mistake is made with them. ` +
      'Of theirs the last message is shown, as it is printed; the lines of code that lead to each stand in `scripts/goldens/mistakes.py` and `mistakes.mjs`.',
    ['| | error while building | error at the first batch | warning | nothing | has no such thing |', '|---|---|---|---|---|---|', `| cnnc | ${own('error')} | 0 | ${own('warning')}, before anything runs | 0 | 0 |`, row('Keras', keras), row('TensorFlow.js', tfjs), row('PyTorch', torch)].join('\n'),
    ...sections,
  ].join('\n\n')}\n`;
}
