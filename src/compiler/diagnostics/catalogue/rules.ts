/** What rules of habit say (check/rules): CNN1235, CNN2208-2230 about training, CNN3205-3299 about layers. Earlier ones stand in labels.ts and shapes.ts. */
import type { Shape } from '../../model/program.ts';
import { entry } from './entry.ts';

const size = (parts: readonly number[]): string => parts.join('x');
const image = ([height, width]: Shape): string => `${height}x${width}`;
const named = (word: string): string => (word === 'conv' ? 'convolution' : word === 'avg_pool' ? 'average pool' : word);
const spell = (n: number): string => String(n).replace(/^0\./, '.');

export const ruleCodes = {
  CNN1235: entry('warning', 'cell that never runs', (f: { count: number; cells: number }) => ({
    message: `this repeat has ${f.cells} cells, but runs only ${f.count === 1 ? 'once' : `${f.count} times`}`,
    label: f.cells - f.count === 1 ? 'the last cell has no turn' : `the last ${f.cells - f.count} cells have no turn`,
    help: [`repeat at least ${f.cells} times, or leave cells out`],
  })),
  CNN2208: entry('warning', 'very high learning rate', (f: { optimizer: string; lr: number; usual: number }) => ({
    message: `a learning rate of ${spell(f.lr)} is ${Math.round(f.lr / f.usual).toLocaleString('en-US')} times what ${f.optimizer} is usually given`,
    label: `usual is ${spell(f.usual)}`,
    notes: ['steps this large jump over what they are looking for: the loss stays high, or becomes infinite'],
    help: [`start with lr=${spell(f.usual)}`],
  })),
  CNN2209: entry('warning', 'classes not shuffled', () => ({
    message: 'without shuffling, the pictures of a folder come class after class',
    label: 'each batch holds one class',
    notes: ['the network forgets one class while it learns the next'],
    help: ['leave `shuffle off` out'],
  })),
  CNN2210: entry('warning', 'batch_norm in a batch of one', () => ({
    message: 'with one picture in a batch, this batch_norm gives the same numbers for every picture',
    label: 'each number is its own mean',
    help: ['use a larger batch, such as batch 32, or normalise while it is still an image'],
  })),
  CNN2211: entry('warning', 'no patience', () => ({
    message: 'training stops at the first epoch that is no better than the one before',
    label: 'patience is 0 unless it is given',
    notes: ['the validation loss goes up and down by chance, so this is usually far too early'],
    help: ['wait for some epochs: early_stopping patience=5 restore_best'],
  })),
  CNN3205: entry('warning', 'window far larger than its image', (f: { word: string; window: readonly number[]; covers: readonly number[]; input: Shape; met: readonly number[] }) => ({
    message: `this ${named(f.word)}'s ${size(f.covers)} window is far larger than the ${image(f.input)} image under it`,
    label: `receives ${size(f.input)}`,
    notes: [`only ${size(f.met)} of its ${size(f.window)} weights ever meet the image; the others see nothing but the zeros around it`],
    help: ['use a smaller window, make the image smaller less often before it, or start from a larger image'],
  })),
  CNN3206: entry('warning', 'bias without effect', (f: { word: string }) => ({
    message: `the bias of this ${named(f.word)} has no effect: a batch_norm follows`,
    label: 'taken out again',
    help: ['leave it out: bias=off'],
  })),
  CNN3207: entry('warning', 'two pools in a row', (f: { word: string; size: readonly number[] }) => ({
    message: `this ${named(f.word)} works directly on the result of another`,
    label: 'the second in a row',
    help: [`one does the same: ${f.word} ${f.size[0] === f.size[1] ? f.size[0] : size(f.size)}`, 'or put a convolution between them'],
  })),
  CNN3208: entry('warning', 'dropout on the outputs', () => ({
    message: 'this dropout comes after the last layer with weights: it sets answers themselves to zero',
    label: 'drops outputs',
    notes: ['while training, the right class is wiped out as often as any other, which only adds noise to the loss'],
    help: ['put it before the last dense layer'],
  })),
  CNN3209: entry('warning', 'dense layers without an activation between', (f: { width: number }) => ({
    message: 'two dense layers with no activation between them can do no more than one',
    label: `${f.width.toLocaleString('en-US')} plain sums, which are summed up again`,
    help: [`put an activation between them: dense ${f.width}; relu`],
  })),
  CNN3210: entry('warning', 'softmax inside of the network', (f: { over: Shape }) => ({
    message: 'a softmax inside of the network leaves little to learn from: its values are small, and so are the gradients through it',
    label: f.over.length === 1 ? `${f.over[0].toLocaleString('en-US')} numbers that add up to 1` : `${f.over[f.over.length - 1]} channels that add up to 1 in each pixel`,
    help: ['use relu here, and keep softmax for the last layer'],
  })),
  CNN3211: entry('warning', 'stride past pixels', (f: { word: string; window: readonly number[]; stride: readonly number[] }) => ({
    message: `this ${named(f.word)} moves by ${size(f.stride)} with a window of ${size(f.window)}: it never looks at the pixels between`,
    label: 'larger than the window',
    help: ['use a stride no larger than the window, or a larger window'],
  })),
  CNN3212: entry('warning', 'no effect', (f: { word: string; written: string }) => ({
    message: `\`${f.written}\` changes nothing`,
    help: ['leave it out'],
  })),
  CNN3213: entry('warning', 'scaled in the network, too', (f: { written: boolean }) => ({
    message: 'this rescale is meant for pixels of 0 to 255, but they have been scaled before the network',
    label: 'scales a second time',
    notes: f.written ? [] : ['pictures are scaled by 1/255 unless preprocess says otherwise'],
    help: ['leave it out: what preprocess does is done everywhere, in exports and on the page, too'],
  })),
};
