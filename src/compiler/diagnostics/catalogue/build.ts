/** CNN6100–CNN6149: `cnnc build`, and the picture of `cnnc summary`. */
import { entry } from './entry.ts';

export const buildCodes = {
  CNN6100: entry('error', 'no such target', (f: { readonly target: string; readonly planned: boolean; readonly targets: readonly string[] }) => ({
    message: f.planned ? `this version of cnnc does not write ${f.target} yet` : `there is no target called \`${f.target}\``,
    help: [`targets: ${f.targets.join(', ')}`],
  })),

  CNN6101: entry('error', 'folder in use', (f: { readonly folder: string; readonly reason: 'not ours' | 'a file' | 'changed'; readonly changed: readonly string[] }) => ({
    message: {
      'not ours': 'this folder is not empty, and what is in it was not written by cnnc build',
      'a file': 'a file stands where the folder should be',
      changed: `${f.changed.length === 1 ? 'a file in this folder was' : `${f.changed.length} files in this folder were`} changed since cnnc build wrote ${f.changed.length === 1 ? 'it' : 'them'}`,
    }[f.reason],
    notes: [f.folder, ...f.changed.slice(0, 8), ...(f.changed.length > 8 ? [`and ${f.changed.length - 8} more`] : [])],
    help: f.reason === 'a file' ? ['choose another folder: -o DIR'] : ['choose another folder: -o DIR', 'or overwrite: --force'],
  })),

  CNN6102: entry('error', 'another network', (f: { readonly run: string; readonly differences: readonly string[]; readonly program: string }) => ({
    message: `the weights of this run belong to another network than ${f.program}`,
    notes: [f.run, ...f.differences.slice(0, 8), ...(f.differences.length > 8 ? [`and ${f.differences.length - 8} more`] : [])],
    help: ['give the run that this program trained', `or train it again: cnnc run ${f.program}`],
  })),

  CNN6103: entry('error', 'cannot write', (f: { readonly path: string; readonly reason: string }) => ({
    message: `the output cannot be written: ${f.reason}`,
    notes: [f.path],
    help: ['choose another folder: -o DIR'],
  })),

  CNN6104: entry('error', 'no program', (f: { readonly path: string; readonly reason: string; readonly near: readonly string[] }) => ({
    message: `the program ${f.path} cannot be read: ${f.reason}`,
    help: [f.near.length > 0 ? `did you mean ${f.near.join(' or ')}?` : 'name a program, such as flowers.cnn; cnnc explain shows the words it is made of'],
  })),

  CNN6105: entry('error', 'no such picture', (f: { readonly path: string }) => ({
    message: `${f.path} is no name for a diagram: its ending says which kind of picture it is`,
    help: ['--diagram network.svg: sharp at every size, light or dark as the reader prefers', '--diagram network.png: pixels'],
  })),

  CNN6106: entry('error', 'diagram too large', (f: { readonly layers: number; readonly most: number }) => ({
    message: `this network of ${f.layers.toLocaleString('en-US')} layers is too large to draw: more than ${f.most.toLocaleString('en-US')} boxes remain when what is alike stands once`,
    help: ['write what returns with `repeat`, or as a cell: iterations that are written alike are drawn once', 'cnnc summary without --diagram shows it as a table'],
  })),

  CNN6107: entry('error', 'diagram not written', (f: { readonly path: string; readonly reason: string }) => ({
    message: `the diagram cannot be written: ${f.reason}`,
    notes: [f.path],
    help: ['name another file: --diagram elsewhere.svg'],
  })),
};
