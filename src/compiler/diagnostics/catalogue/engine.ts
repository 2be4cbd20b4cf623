/** CNN6001–CNN6049: engines and their installation. */
import { entry } from './entry.ts';

type Kind = 'tensorflow' | 'onnx';

const names: Readonly<Record<Kind, string>> = { tensorflow: 'TensorFlow', onnx: 'ONNX' };
const libraries: Readonly<Record<Kind, string>> = { tensorflow: 'TensorFlow', onnx: 'onnxruntime' };

export const engineCodes = {
  CNN6001: entry('error', 'no engine', () => ({
    message: 'no engine is installed',
    notes: ['training and prediction run on one; checking, building and formatting do not need it'],
    help: ['type: npx cnnc engine install'],
  })),

  CNN6002: entry('error', 'engine not installed', (f: { readonly engine: Kind }) => ({
    message: `the ${names[f.engine]} engine is not installed`,
    help: [`type: npx cnnc engine install ${f.engine}`, 'or leave --engine out: the engine that is there serves'],
  })),

  CNN6003: entry('error', 'engine does not start', (f: { readonly engine: Kind; readonly path: string; readonly reason: string }) => ({
    message: `the ${names[f.engine]} engine is there but does not start`,
    notes: [f.path, ...f.reason.split('\n').slice(0, 12)],
    help: ['type: npx cnnc engine doctor', `to fetch it anew: npx cnnc engine install ${f.engine} --force`],
  })),

  CNN6004: entry('error', 'no temporary space', (f: { readonly path: string; readonly reason: string }) => ({
    message: `the network could not be handed to the engine: ${f.reason}`,
    notes: [f.path],
    help: ['make room in that folder, or name another one: TMPDIR=/elsewhere cnnc run …'],
  })),

  CNN6005: entry('error', 'not on this engine', (f: { readonly engine: Kind; readonly what: string; readonly reason: string; readonly other: Kind | null }) => ({
    message: `the ${names[f.engine]} engine cannot run ${f.what}`,
    label: `not on --engine ${f.engine}`,
    notes: [f.reason],
    help: [
      ...(f.other ? [`the other engine can: --engine ${f.other}`, `to get it: npx cnnc engine install ${f.other}`] : []),
      'docs/engines.md says what each engine runs',
    ],
  })),

  CNN6010: entry('error', 'no engine for this machine', (f: { readonly engine: Kind; readonly trouble: string }) => ({
    message: `the ${names[f.engine]} engine cannot be installed on this machine`,
    notes: [f.trouble],
    help: ['docs/engines.md lists the platforms; checking, building and formatting work everywhere'],
  })),

  CNN6011: entry('error', 'engine not fetched', (f: { readonly engine: Kind; readonly reasons: readonly string[] }) => ({
    message: `${libraries[f.engine]} could not be fetched: ${f.engine === 'onnx' ? 'npm does not bring it' : 'no way there is worked'}`,
    notes: f.reasons,
    help: [
      f.engine === 'onnx' ? 'a proxy or mirror is taken from the settings of npm' : 'a proxy or mirror is taken from the settings of pip, Maven and npm',
      'without a network: put the files that docs/engines.md names into a folder, and type npx cnnc engine install --from FOLDER',
    ],
  })),

  CNN6012: entry('error', 'not the file expected', (f: { readonly file: string; readonly expected: string; readonly found: string }) => ({
    message: `${f.file} is not the file that cnnc expects, so nothing was installed`,
    notes: [`expected ${f.expected}`, `found    ${f.found}`],
    help: ['fetch it again: npx cnnc engine install', 'if it stays so, a mirror on the way serves another file: ask who runs it'],
  })),

  CNN6013: entry('error', 'addon not compiled', (f: { readonly lines: readonly string[] }) => ({
    message: f.lines.length === 0 ? 'there is no C++ compiler to build the engine\'s addon with' : 'the engine\'s addon could not be compiled',
    notes: f.lines,
    help: ['install g++ (Debian and Ubuntu: apt install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install)', 'then type: npx cnnc engine install'],
  })),

  CNN6014: entry('error', 'no space for the engine', (f: { readonly free: number; readonly needed: number; readonly folder: string }) => ({
    message: `the engine needs ${(f.needed / 1e9).toFixed(1)} GB while it is installed, and ${(f.free / 1e9).toFixed(1)} GB are free`,
    notes: [f.folder],
    help: ['free some space, or set CNNC_CACHE to a folder on a larger disk'],
  })),

  CNN6015: entry('error', 'engine does not work', (f: { readonly engine: Kind; readonly reason: string }) => ({
    message: `the ${names[f.engine]} engine was ${f.engine === 'onnx' ? 'fetched' : 'built'} but does not work here, so it was not installed`,
    notes: f.reason.split('\n').slice(0, 12),
    help: ['type: npx cnnc engine doctor'],
  })),

  CNN6016: entry('error', 'damaged download', (f: { readonly reason: string }) => ({
    message: 'what was fetched is damaged',
    notes: [f.reason],
    help: ['fetch it again: npx cnnc engine install'],
  })),
};
