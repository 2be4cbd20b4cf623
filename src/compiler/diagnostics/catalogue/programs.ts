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
  CNN1206: entry('error', 'nothing in it', (f: { what: 'network' | 'repeat' | 'cell' | 'residual' | 'branch' }) => ({
    message: `this ${f.what} holds no layers`,
    help: [
      {
        network: 'for example: network < conv 16; pool 2; flatten; dense classes >',
        repeat: 'for example: repeat 3 < conv 32; pool 2 >',
        cell: 'for example: cell stage(filters) < conv filters; relu; pool 2 >',
        residual: 'for example: residual < conv 32 same; relu >',
        branch: 'for example: branch < conv 16 1x1 > < conv 24 3x3 same >',
      }[f.what],
    ],
  })),
  CNN1207: entry('error', 'too many layers', (f: { limit: number; what: 'repeat' | 'cell' | 'layer' }) => ({
    message: `the network has more than ${f.limit.toLocaleString('en-US')} layers`,
    label: `with this ${f.what}`,
    help: [{ repeat: 'repeat less often', cell: 'let the cells use each other less often', layer: 'write fewer layers' }[f.what]],
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
  CNN1220: entry('error', 'unknown name', (f: { name: string; suggestion: string | null }) => ({
    message: `nothing is called \`${f.name}\` here`,
    ...(f.suggestion === null ? {} : { label: `did you mean \`${f.suggestion}\`?` }),
    ...(f.suggestion === null ? { help: [`name a value: let ${f.name}=32`] } : {}),
  })),
  CNN1221: entry('error', 'defined by itself', (f: { what: 'value' | 'cell'; names: readonly string[] }) => ({
    message: `${f.what === 'value' ? `the value of \`${f.names[0]}\` is needed to work out \`${f.names[0]}\`` : `the cell \`${f.names[0]}\` uses itself`}${f.names.length > 2 ? `: ${f.names.join(' → ')}` : ''}`,
    label: f.what === 'value' ? 'goes round in a circle' : 'inside of itself',
    help: [f.what === 'value' ? 'give one of the names a plain number' : 'for a cell several times, write repeat 3 < … >'],
  })),
  CNN1222: entry('error', 'not a number', (f: { name: string; found: string }) => ({
    message: `\`${f.name}\` is ${f.found}, and arithmetic needs numbers`,
  })),
  CNN1223: entry('error', 'no result', (f: { operator: string; left: number; right: number }) => ({
    message: (f.operator === '/' || f.operator === '%') && f.right === 0 ? `${f.left} cannot be divided by 0` : `${f.left} ${f.operator} ${f.right} is no number that can be used`,
  })),
  CNN1224: entry('error', 'function not understood', (f: { name: string; known: readonly string[]; wants: string | null; found: number }) => ({
    message: f.wants === null ? `\`${f.name}\` is no function of arithmetic` : `\`${f.name}\` takes ${f.wants}, not ${f.found}`,
    ...(f.wants === null ? { notes: [`there are ${f.known.join(', ')}`] } : {}),
  })),
  CNN1225: entry('error', 'declaration not understood', (f: { what: 'let' | 'cell'; found: string | null }) => ({
    message:
      f.what === 'let'
        ? f.found === null ? '`let` needs a name and its value' : `\`let\` takes names and their values, not ${f.found}`
        : f.found === null ? '`cell` needs a name and one `< … >`' : `\`cell\` needs a name and its parameters, not ${f.found}`,
    help: [f.what === 'let' ? 'for example: let width=32' : 'for example: cell stage(filters, rate=.25) < conv filters; relu; dropout rate >'],
  })),
  CNN1226: entry('error', 'not a size', (f: { parts: readonly string[] }) => ({
    message: `size(${f.parts.join(', ')}) is no size`,
    notes: ['a size has two or three whole numbers from 1 up: height, width and, for an input, channels'],
  })),
  CNN1227: entry('warning', 'never used', (f: { what: 'cell' | 'value' | 'parameter' | 'counter' | 'import'; name: string; /** The cell of a parameter. */ of: string | null }) => ({
    message: {
      cell: `the cell \`${f.name}\` is never used`,
      value: `\`${f.name}\` is never used`,
      parameter: `the cell \`${f.of}\` never uses its parameter \`${f.name}\``,
      counter: `this repeat counts in \`${f.name}\`, but never uses it`,
      import: `no cell of ${f.name} is used`,
    }[f.what],
    help: ['use it, or leave it out'],
  })),
  CNN1228: entry('error', 'one branch alone', () => ({
    message: 'a branch puts two cells or more side by side, and here is one',
    help: ['for the input beside it, add an empty cell: branch < … > < > merge=add', 'or leave `branch` out'],
  })),
  CNN1229: entry('error', 'classes outside of the network', () => ({
    message: 'the number of classes can be used in the network only',
  })),
  CNN1230: entry('error', 'import failed', (f: { path: string; kind: 'unreadable' | 'outside' | 'cycle' | 'many'; problem: string }) => ({
    message: {
      unreadable: `${JSON.stringify(f.path)} cannot be imported: ${f.problem}`,
      outside: `${JSON.stringify(f.path)} leads out of the program's folder`,
      cycle: `${JSON.stringify(f.path)} imports itself`,
      many: `more than ${f.problem} files are imported`,
    }[f.kind],
    notes: f.kind === 'cycle' ? [f.problem] : f.kind === 'outside' ? [`a program reads only what lies in its own folder, here ${f.problem}`] : [],
    help: { unreadable: ['paths are relative to the file that imports'], outside: ['move the file into the folder, or allow it: --allow-path'], cycle: ['put what both need into a third file'], many: ['put cells together in fewer files'] }[f.kind],
  })),
  CNN1231: entry('warning', 'import without cells', (f: { path: string }) => ({
    message: `${JSON.stringify(f.path)} has no named cells`,
    notes: ['an import brings cells: cell stage(filters) < … >; all else in the file is left alone'],
  })),
  CNN1270: entry('error', 'nested too deep', (f: { what: 'cell' | 'value'; limit: number }) => ({
    message: f.what === 'cell' ? `more than ${f.limit} cells stand in each other here` : `\`let\` values need each other in a chain of more than ${f.limit}`,
    label: f.what === 'cell' ? 'one cell too deep' : 'the chain is cut here',
    help: [f.what === 'cell' ? 'let cells follow each other instead' : 'give one of the names a plain number'],
  })),
  CNN1272: entry('error', 'not a plain value', (f: { name: string; found: string; within: 'list' | 'call' }) => ({
    message: `\`${f.name}\` is ${f.found}, and a name inside of ${f.within === 'list' ? 'a list' : 'parentheses'} stands for one plain value`,
    help: [f.within === 'list' ? 'write the values into the list themselves' : 'write it there itself'],
  })),
  CNN1273: entry('error', 'options of no shortcut', () => ({
    message: 'this residual has no convolution on its shortcut, and so no bias to leave out',
    label: 'of what?',
    help: ['put one there: residual project bias=off < … >', 'or leave it out'],
  })),
  CNN1271: entry('error', 'two cells of one name', (f: { name: string; files: readonly string[] }) => ({
    message: `the cell \`${f.name}\` comes from ${f.files.join(' and from ')}`,
    label: 'brings the second one',
    help: ['rename one of them, or import one of the files only'],
  })),
};
