/** CNN6050–CNN6099: run folders, `cnnc run` and `cnnc predict`. */
import { entry } from './entry.ts';

export const runCodes = {
  CNN6050: entry('error', 'folder in use', (f: { readonly folder: string; readonly holds: 'run' | 'files' }) => ({
    message: f.holds === 'run' ? 'this folder already holds a run' : 'this folder is not empty',
    notes: [f.folder],
    help: f.holds === 'run' ? ['continue that run: add --resume', 'or choose another folder: --out DIR'] : ['choose another folder: --out DIR'],
  })),

  CNN6051: entry('error', 'nothing to resume', (f: { readonly where: string; readonly newest: { readonly folder: string; readonly epochs: number; readonly stoppedEarly: boolean } | null; readonly again: string; readonly anew: string }) => ({
    message: `there is no unfinished run in ${f.where}`,
    notes: f.newest ? [`${f.newest.folder} is finished: ${f.newest.stoppedEarly ? 'early stopping ended it after' : 'it has done'} ${f.newest.epochs} ${f.newest.epochs === 1 ? 'epoch' : 'epochs'}`] : [],
    help: [...(f.newest && !f.newest.stoppedEarly ? [`train it longer: ${f.again} --resume --epochs ${f.newest.epochs * 2}`] : []), `start a new run: ${f.anew}`],
  })),

  CNN6052: entry('error', 'changed since', (f: { readonly folder: string; readonly differences: readonly { readonly what: string; readonly before: string; readonly now: string }[]; readonly more: number; readonly start: string }) => ({
    message: `this run cannot be continued: ${f.differences.every((d) => d.what === 'data') ? 'the data' : 'the program'} is not what it was trained with`,
    notes: [f.folder, ...f.differences.map((d) => `${d.what}: ${d.before} → ${d.now}`), ...(f.more > 0 ? [`and ${f.more} more`] : [])],
    help: ['undo the change and resume', `or start a new run: ${f.start}`],
  })),

  CNN6053: entry('error', 'run under way', (f: { readonly folder: string; readonly pid: number | null }) => ({
    message: `another process is working on this run${f.pid ? ` (process ${f.pid})` : ''}`,
    notes: [f.folder],
    help: ['wait for it to end, or start a run of its own without --resume'],
  })),

  CNN6054: entry('error', 'not in this version', (f: { readonly option: string; readonly instead: string }) => ({
    message: `${f.option} is not in this version of cnnc`,
    help: [f.instead],
  })),

  CNN6055: entry('error', 'weights do not fit', (f: { readonly path: string; readonly missing: readonly string[]; readonly unknown: readonly string[]; readonly shapes: readonly string[] }) => ({
    message: 'the initial weights do not fit this network',
    notes: [
      f.path,
      ...(f.missing.length > 0 ? [`the file has no ${listed(f.missing)}`] : []),
      ...(f.unknown.length > 0 ? [`the network has no ${listed(f.unknown)}`] : []),
      ...f.shapes.slice(0, 8),
      ...(f.shapes.length > 8 ? [`and ${f.shapes.length - 8} more shapes`] : []),
    ],
    help: [/\.npz$/i.test(f.path) ? 'arrays are named LAYER/VARIABLE, as in weights.npz of a run: cnnc summary shows the layers and their names' : 'layers of a Keras file go by their names, or else the first convolution to the first convolution, and so on: cnnc summary shows the layers'],
  })),

  CNN6056: entry('error', 'unreadable weights', (f: { readonly path: string; readonly reason: string }) => ({
    message: `these weights cannot be read: ${f.reason}`,
    notes: [f.path],
    help: ['expected is a NumPy .npz of float32 arrays, as weights.npz of a run, or what Keras saves: .keras, .weights.h5, .h5'],
  })),

  CNN6057: entry('error', 'no trained model', (f: { readonly path: string; readonly status: string | null; readonly resume: string | null }) => ({
    message: f.status === null ? 'there is no trained model here' : `this run has no trained model yet: it is ${f.status}`,
    notes: [f.path],
    help: [f.resume ? `finish it: ${f.resume}` : 'give the folder of a finished run, such as runs/flowers/1'],
  })),

  CNN6058: entry('error', 'damaged model', (f: { readonly path: string; readonly reason: string }) => ({
    message: `this model is damaged or not one of cnnc's: ${f.reason}`,
    notes: [f.path],
    help: ['train it again, or copy the folder anew from where it came'],
  })),

  CNN6060: entry('error', 'nothing to train on', (f: { readonly reason: 'no data' | 'empty part' }) => ({
    message: f.reason === 'no data' ? 'this program names no data, so there is nothing to train on' : 'the training part is empty',
    help: [f.reason === 'no data' ? 'say where the pictures are: data { folder "flowers"; image 64x64 }' : 'make the test and validation parts smaller, or add pictures'],
  })),

  CNN6061: entry('error', 'cannot make the run folder', (f: { readonly path: string; readonly reason: string }) => ({
    message: `the run folder cannot be made: ${f.reason}`,
    notes: [f.path],
    help: ['choose another place: --out DIR'],
  })),

  CNN6062: entry('warning', 'other engine', (f: { readonly before: string; readonly now: string }) => ({
    message: `this run began with ${f.before} and goes on with ${f.now}`,
    notes: ['the result may differ in its last digits from that of a run that was never interrupted'],
  })),

  CNN6063: entry('error', 'unreadable picture', (f: { readonly path: string | null; readonly reason: string }) => ({
    message: `this picture cannot be read: ${f.reason}`,
    notes: f.path ? [f.path] : [],
    help: ['png, jpg and webp pictures are read'],
  })),

  CNN6064: entry('error', 'not for pictures', (_: Record<never, never>) => ({
    message: 'this model was trained on arrays of decimal numbers, and a picture does not say how its 0..255 became such numbers',
    help: ['train on uint8 arrays or on pictures, and let preprocess { scale … } make the numbers'],
  })),

  CNN6065: entry('error', 'does not fit the image', (f: { readonly option: string; readonly value: string; readonly expected: string }) => ({
    message: `${f.option} does not take ${f.value}`,
    help: [`${f.option} ${f.expected}`],
  })),

  CNN6066: entry('error', 'engine ended', (f: { readonly reason: string }) => ({
    message: `the engine's process ended by itself: ${f.reason.split('\n')[0]}`,
    notes: [...f.reason.split('\n').slice(1), ...(/KILL|memory/i.test(f.reason) ? ['the system ends the process that takes most when memory runs out; a smaller batch needs less'] : [])],
    help: [/KILL/.test(f.reason) ? 'cnnc summary says how much training takes' : 'cnnc engine doctor tells whether the engine works on this machine'],
  })),

  CNN6067: entry('error', 'refused by the system', (f: { readonly path: string | null; readonly reason: string }) => ({
    message: `${f.path ?? 'a file'} cannot be read or written: ${f.reason}`,
    help: ['make room, or let your user read and write there'],
  })),
};

const listed = (names: readonly string[]): string => `${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`;
