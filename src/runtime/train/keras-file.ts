/**
 * Weights that Keras saved: `.weights.h5` and `.keras` (Keras 3: layers by class and number, variables by number) and the legacy `.h5`
 * (layers and variables by name). Source: keras/src/saving/saving_lib.py and keras/src/legacy/saving/legacy_h5_format.py.
 * The HDF5 library runs in WebAssembly, on bytes in its own memory: a file from elsewhere reaches neither the disk nor the process.
 */
import { readFileSync, statSync } from 'node:fs';
import type { Layer, LayerWord } from '../../compiler/model/program.ts';
import type { Tensor } from '../engine/engine.ts';
import { NpyError } from '../files/npz.ts';
import { openZip } from '../files/zip.ts';

/** A layer of the file with its variables in Keras's order. */
interface KerasLayer {
  /** As its author called it. */
  readonly name: string;
  /** `conv2d`; null: the file does not say. */
  readonly kind: string | null;
  readonly variables: readonly { readonly path: string; readonly shape: readonly number[] }[];
}

export interface KerasFile {
  /** Our variables' names with where they are in the file and the shape there; null where the file has no such layer or variable. */
  readonly places: ReadonlyMap<string, { readonly path: string; readonly shape: readonly number[] }>;
  /** What no layer of the network takes. */
  readonly unused: readonly string[];
  read(path: string): Tensor;
  close(): void;
}

/** Keras's classes in the spelling of its files. */
const kinds: Partial<Record<LayerWord | string, string>> = {
  conv: 'conv2d', dense: 'dense', batch_norm: 'batch_normalization', separable_conv: 'separable_conv2d', depthwise_conv: 'depthwise_conv2d',
  conv_transpose: 'conv2d_transpose', layer_norm: 'layer_normalization', group_norm: 'group_normalization', prelu: 'p_re_lu',
};

const mostBytes = 2 ** 31 - 1;

export const isKerasFile = (path: string): boolean => /\.(keras|h5|hdf5)$/i.test(path);

/** Throws NpyError or ZipError with what is wrong with the file. */
export async function openKerasFile(path: string, layers: readonly Layer[]): Promise<KerasFile> {
  const bytes = bytesOf(path);
  const { default: h5, ready } = await import('h5wasm');
  const library = await ready;
  const { FS } = library;
  // What is wrong with a file is thrown, not printed.
  library.activate_throwing_error_handler();
  const name = `weights-${counter++}.h5`;
  FS.writeFile(name, bytes);
  let file: InstanceType<typeof h5.File>;
  try {
    file = new h5.File(name, 'r');
  } catch {
    FS.unlink(name);
    throw new NpyError('it is no HDF5 file');
  }
  const close = (): void => {
    quietly(() => file.close());
    FS.unlink(name);
  };
  const get = (at: string) => quietly(() => file.get(at));
  const keys = (at: string): readonly string[] => {
    const found = get(at);
    return found instanceof h5.Group ? found.keys() : [];
  };
  const shapeOf = (at: string): readonly number[] | null => {
    const found = get(at);
    return found instanceof h5.Dataset ? (found.shape ?? []) : null;
  };
  const attribute = (at: string, name: string): unknown => {
    const found = get(at);
    return found instanceof h5.Group ? found.attrs[name]?.value : undefined;
  };
  const present = (paths: readonly string[]): KerasLayer['variables'] =>
    paths.flatMap((at) => {
      const shape = shapeOf(at);
      return shape ? [{ path: at, shape }] : [];
    });

  try {
    const root = undamaged(() => keys('/'));
    const legacy = root.includes('model_weights') || Array.isArray(attribute('/', 'layer_names'));
    const list = undamaged(() => (legacy ? legacyLayers(root.includes('model_weights') ? '/model_weights' : '', attribute, present) : newLayers(keys, attribute, present)));
    if (list.length === 0) throw new NpyError('it holds no layers of a Keras model');
    return { ...match(list, layers), read: (at) => undamaged(() => tensorAt(get(at), at)), close };
  } catch (error) {
    close();
    throw error;
  }
}

let counter = 0;

function quietly<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** Whatever the library throws is about the file. */
function undamaged<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof NpyError ? error : new NpyError('the file is damaged');
  }
}

/** The HDF5 part of the file. */
function bytesOf(path: string): Uint8Array {
  const { size } = statSync(path);
  if (size > mostBytes) throw new NpyError('it is larger than 2 GB');
  const bytes = readFileSync(path);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return bytes;
  const zip = openZip(new Uint8Array(bytes), { total: mostBytes });
  try {
    return zip.read('model.weights.h5');
  } finally {
    zip.close();
  }
}

type Attribute = (at: string, name: string) => unknown;
type Present = (paths: readonly string[]) => KerasLayer['variables'];

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** `layers/conv2d_1/vars/0`: classes counted in the order of the model; `_layer_checkpoint_dependencies` in files of Keras 3.0. */
function newLayers(keys: (at: string) => readonly string[], attribute: Attribute, present: Present): readonly KerasLayer[] {
  const root = keys('/').find((name) => name === 'layers' || name === '_layer_checkpoint_dependencies');
  if (!root) return [];
  return [...keys(`/${root}`)].sort(byNumber).flatMap((group): KerasLayer[] => {
    const at = `/${root}/${group}`;
    // Layers of several parts (a separable convolution) keep theirs in one list, too.
    const variables = present([...keys(`${at}/vars`)].sort(byNumber).map((key) => `${at}/vars/${key}`));
    const given = attribute(`${at}/vars`, 'name');
    return variables.length === 0 ? [] : [{ name: typeof given === 'string' ? given : group, kind: group.replace(/_\d+$/, ''), variables }];
  });
}

function legacyLayers(root: string, attribute: Attribute, present: Present): readonly KerasLayer[] {
  const names = attribute(root || '/', 'layer_names');
  if (!Array.isArray(names)) return [];
  return names.flatMap((name): KerasLayer[] => {
    const weights = attribute(`${root}/${name}`, 'weight_names');
    const variables = Array.isArray(weights) ? present(weights.map((weight) => `${root}/${name}/${weight}`)) : [];
    return variables.length === 0 ? [] : [{ name: String(name), kind: null, variables }];
  });
}

/** By name where the file has all our names; else the n-th of each class; else in order. */
function match(list: readonly KerasLayer[], layers: readonly Layer[]): Pick<KerasFile, 'places' | 'unused'> {
  const ours = layers.filter((layer) => layer.variables.length > 0);
  const byName = new Map(list.map((layer) => [layer.name, layer]));
  const all = ours.every(({ name }) => byName.has(name));
  const turn = new Map<string, number>();
  const next = (kind: string, of: readonly KerasLayer[]): KerasLayer | undefined => {
    const n = turn.get(kind) ?? 0;
    turn.set(kind, n + 1);
    return of[n];
  };
  const find = (layer: Layer): KerasLayer | undefined => {
    if (all) return byName.get(layer.name);
    const kind = kinds[layer.word] ?? layer.word;
    return list[0].kind === null ? next('', list) : next(kind, list.filter((one) => one.kind === kind));
  };
  const places = new Map<string, { path: string; shape: readonly number[] }>();
  const taken = new Set<string>();
  for (const layer of ours) {
    const found = find(layer);
    layer.variables.forEach(({ name }, i) => {
      const variable = found?.variables[i];
      if (!variable) return;
      places.set(name, variable);
      taken.add(variable.path);
    });
  }
  return { places, unused: list.flatMap(({ name, variables }) => variables.flatMap(({ path }, i) => (taken.has(path) ? [] : [`${name}, variable ${i + 1}`]))) };
}

function tensorAt(found: unknown, at: string): Tensor {
  const { shape, value } = found as { shape: number[] | null; value: unknown };
  if (value instanceof Float32Array) return { dtype: 'float32', shape: shape ?? [], data: value };
  if (value instanceof Float64Array) return { dtype: 'float32', shape: shape ?? [], data: Float32Array.from(value) };
  if (typeof value === 'number') return { dtype: 'float32', shape: [], data: Float32Array.of(value) };
  throw new NpyError(`its ${at} holds no float32 numbers`);
}
