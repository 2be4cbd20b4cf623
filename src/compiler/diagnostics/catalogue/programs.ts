/** CNN1200-1299: the program as a whole. */
import { entry } from './entry.ts';

const smallest = 'data { folder "flowers"; image 64x64 }\nnetwork < conv 16; pool 2; flatten; dense classes >';

export const programCodes = {
  CNN1201: entry('error', 'empty program', (f: { comments: boolean }) => ({
    message: f.comments ? 'this program holds nothing but comments' : 'this program is empty',
    help: [`the smallest complete program is:\n${smallest}`],
  })),
  CNN1202: entry('error', 'no network', () => ({
    message: 'the program has no network',
    help: ['for example: network < conv 16; pool 2; flatten; dense classes >'],
  })),
  CNN1203: entry('error', 'no data', (f: { hasInput: boolean; hasClasses: boolean }) => ({
    message: f.hasInput || f.hasClasses ? `the program says its ${f.hasInput ? 'input, but not its classes' : 'classes, but not its input'}` : 'the program does not say where its pictures come from',
    help: [
      f.hasInput ? 'add the number of classes: classes 10' : f.hasClasses ? 'add the size of the input: input 64x64x3' : 'for example: data { folder "flowers"; image 64x64 }',
      ...(f.hasInput || f.hasClasses ? [] : ['or without data, to look at the network only: input 64x64x3; classes 10']),
    ],
  })),
  CNN1204: entry('error', 'no image size', (f: { source: string }) => ({
    message: `the pictures of a ${f.source} come in many sizes, and the program does not say which one the network gets`,
    label: 'which size?',
    help: ['add a size to data, for example: image 64x64'],
  })),
  CNN1205: entry('error', 'two sources', (f: { first: string; second: string }) => ({
    message: `the data comes from ${f.first === f.second ? `two sources` : `both \`${f.first}\` and \`${f.second}\``}`,
    label: 'a second source',
    help: ['keep one of them'],
  })),
  CNN1206: entry('error', 'nothing in it', (f: { what: 'network' | 'repeat' }) => ({
    message: `this ${f.what} holds no layers`,
    help: [f.what === 'network' ? 'for example: network < conv 16; pool 2; flatten; dense classes >' : 'for example: repeat 3 < conv 32; pool 2 >'],
  })),
  CNN1207: entry('error', 'too many layers', (f: { limit: number }) => ({
    message: `the network has more than ${f.limit.toLocaleString('en-US')} layers`,
    label: 'with this repeat',
    help: ['repeat less often'],
  })),
  CNN1208: entry('error', 'two sizes', (f: { input: string; image: string }) => ({
    message: `the program says input ${f.input}, but its pictures are brought to ${f.image}`,
    label: `not ${f.image}`,
    help: ['leave `input` out: with data, `image` decides'],
  })),
  CNN1209: entry('error', 'validation given twice', (f: { own: boolean }) => ({
    message: f.own ? 'the data brings its own validation part, and the program asks for another' : 'the validation part is asked for twice, in data and in fit',
    label: f.own ? 'not needed' : 'once here',
    help: [f.own ? 'leave it out: the validation folder is used' : 'keep one of them'],
  })),
  CNN1210: entry('error', 'test part given twice', () => ({
    message: 'the data brings its own test part, and the program asks for another',
    label: 'not needed',
    help: ['leave test= out: the test part of the data is used'],
  })),
};
