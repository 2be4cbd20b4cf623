/**
 * The process that holds TensorFlow: tfjs-node's native addon alone, without its JavaScript. Plain CommonJS without
 * dependencies, so that it runs as it is from src/ and beside the bundle.
 *
 * The parent gives the addon's path as the argument and sends one request after another: { id, kind, ... }; each is answered by
 * { id, ok } or { id, error }. A run blocks this process, so requests wait in a queue and the event loop turns between
 * them: a parent that dies is noticed.
 */
'use strict';

// The terminal's Ctrl-C is the parent's affair.
process.on('SIGINT', () => {});
// Nobody is left to answer: end at once, whatever TensorFlow's threads are doing.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const WIDTH = { float32: 4, int32: 4, uint8: 1, bool: 1 };
let addon;
let model;
/** Signatures by name: { inputs: { name: port }, outputs: { name: port } }, port = { node, dtype, shape }. */
let signatures;
/** Milliseconds that calls have taken. */
let spent = 0;

/** Every tensor is copied by TensorFlow from here: a view at 4 past a multiple of 8 is never aligned to 64, which alone makes it share memory. */
let staging = new ArrayBuffer(1 << 16);

function stage(bytes) {
  if (bytes.byteLength + 4 > staging.byteLength) staging = new ArrayBuffer(2 * bytes.byteLength + 4);
  const copy = new Uint8Array(staging, 4, bytes.byteLength);
  copy.set(bytes);
  return copy;
}

/** What is wrong with a fed tensor, in words; undefined when nothing is. The addon itself would end the process or say little. */
function problem(name, port, tensor) {
  const { dtype, shape, data } = tensor ?? {};
  if (!port) return `there is no input ${name}`;
  if (!data || !Array.isArray(shape)) return `input ${name} is missing`;
  if (dtype !== port.dtype) return `input ${name} takes ${port.dtype}, not ${dtype}`;
  const show = (dims) => `[${dims.map((d) => (d < 0 ? 'N' : d)).join(', ')}]`;
  const fits = shape.length === port.shape.length && shape.every((d, i) => Number.isInteger(d) && d >= 0 && (port.shape[i] < 0 || d === port.shape[i]));
  if (!fits) return `input ${name} takes ${show(port.shape)}, not ${show(shape)}`;
  if (port.shape[0] < 0 && shape[0] === 0) return `input ${name} is an empty batch`;
  const size = shape.reduce((a, b) => a * b, 1);
  if (!ArrayBuffer.isView(data) || data.byteLength !== size * WIDTH[dtype]) return `input ${name} has ${data.byteLength} bytes for ${show(shape)} of ${dtype}`;
  return undefined;
}

const typed = {
  float32: (b) => [addon.TF_FLOAT, new Float32Array(b.buffer, b.byteOffset, b.byteLength / 4)],
  int32: (b) => [addon.TF_INT32, new Int32Array(b.buffer, b.byteOffset, b.byteLength / 4)],
  uint8: (b) => [addon.TF_UINT8, b],
  bool: (b) => [addon.TF_BOOL, b],
};

/** Runs a signature: feeds by name, outputs by name. `fetch` picks outputs; all without it. */
function run(name, feeds, fetch) {
  if (!model) throw new Error('no graph is loaded');
  const signature = signatures[name];
  const names = Object.keys(feeds);
  const wrong = names.map((n) => problem(n, signature.inputs[n], feeds[n])).find(Boolean);
  if (wrong) throw new Error(wrong);
  const batches = names.filter((n) => signature.inputs[n].shape[0] < 0).map((n) => feeds[n].shape[0]);
  if (new Set(batches).size > 1) throw new Error(`the inputs have batches of ${batches.join(' and ')}`);
  const wanted = fetch ?? Object.keys(signature.outputs);
  const unknown = wanted.find((n) => !signature.outputs[n]);
  if (unknown !== undefined) throw new Error(`there is no ${name} of ${unknown}`);
  if (wanted.length === 0) return {};

  const fed = [];
  let outputs = [];
  try {
    for (const n of names) {
      const { dtype, shape, data } = feeds[n];
      const [type, values] = typed[dtype](stage(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
      fed.push(addon.createTensor(shape, type, values));
    }
    const nodes = (ports, list) => list.map((n) => ports[n].node).join(',');
    const start = performance.now();
    outputs = addon.runSavedModel(model.id, fed, nodes(signature.inputs, names), nodes(signature.outputs, wanted));
    if (name !== 'state' && name !== 'restore') spent += performance.now() - start;
    return Object.fromEntries(wanted.map((n, i) => [n, read(outputs[i], signature.outputs[n].dtype)]));
  } finally {
    for (const id of fed) addon.deleteTensor(id);
    for (const { id } of outputs) addon.deleteTensor(id);
  }
}

/** bool and uint8 leave the graph as int32. */
function read({ id, shape }, dtype) {
  const data = addon.tensorDataSync(id);
  return { dtype, shape, data: dtype === 'bool' || dtype === 'uint8' ? Uint8Array.from(data) : data };
}

const handlers = {
  open({ addonPath }) {
    addon = require(addonPath);
    return { version: addon.TF_Version };
  },
  load(request) {
    if (model) addon.deleteSavedModel(model.id);
    model = undefined;
    model = { id: addon.loadSavedModel(request.folder, request.tag) };
    signatures = request.signatures;
  },
  run: ({ fn, feeds }) => {
    const missing = Object.keys(signatures?.[fn]?.inputs ?? {}).find((n) => !feeds[n]);
    if (missing !== undefined) throw new Error(`input ${missing} is missing`);
    return run(fn, feeds);
  },
  restore: ({ values }) => void run('restore', values, Object.keys(values)),
  state: ({ names }) => run('state', {}, names),
  memory: () => process.resourceUsage().maxRSS * 1024,
  seconds: () => spent / 1000,
  /** For tests: how many tensors the addon holds. */
  tensors: () => addon.getNumOfTensors(),
};

const queue = [];
let working = false;

function work() {
  const request = queue.shift();
  if (!request) {
    working = false;
    return;
  }
  if (request.kind === 'close') {
    process.send({ id: request.id, ok: undefined }, () => process.exit(0));
    return;
  }
  let answer;
  try {
    answer = { id: request.id, ok: handlers[request.kind](request) };
  } catch (error) {
    answer = { id: request.id, error: error instanceof Error ? error.message : String(error) };
  }
  process.send(answer);
  setImmediate(work);
}

process.on('message', (request) => {
  queue.push(request);
  if (working) return;
  working = true;
  setImmediate(work);
});
