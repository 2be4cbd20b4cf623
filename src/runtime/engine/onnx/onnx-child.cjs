/**
 * The process that holds onnxruntime. Plain CommonJS without dependencies but the runtime, whose path the parent gives, so
 * that it runs as it is from src/ and beside the bundle. The parent checks what it feeds.
 *
 * Requests { id, kind, … } are answered in order by { id, ok } or { id, error }. A run blocks this process; between two the
 * event loop turns, so that a parent that dies is noticed.
 */
'use strict';
const { openKernels } = require('./onnx-kernels.cjs');

// The terminal's Ctrl-C is the parent's affair.
process.on('SIGINT', () => {});
// Nobody is left to answer: end at once, whatever the runtime's threads are doing.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array };
const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);

const kernels = openKernels();
let ort;
let threads = 1;
/** Milliseconds that steps have taken, with what is computed here for them. */
let spent = 0;
/** By name: what the compiler made, the session once it is needed. */
let functions;
/** By name: { now, tensors: [a, b] }; `now` says which of the two holds the value. Undefined until restored. */
let variables;

/** A buffer for the fixed shape of a variable, in the layout that only the parent knows. */
function variableTensor({ dtype, shape }, stored) {
  return new ort.Tensor(dtype, new ARRAYS[dtype](sizeOf(shape)), stored);
}

async function sessionOf(fn) {
  fn.session ??= await ort.InferenceSession.create(fn.bytes, {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    // Planned as one block, the tensors of a step would lie beside those of the first step, which is not planned: half as much memory again, and no faster.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: {
      session: {
        // Slots of weights that no longer change sink below 1e-38, where arithmetic is slow; TensorFlow does the same.
        set_denormal_as_zero: '1',
        // Pictures are decoded beside us: threads that spin while they wait, each with its fixed share of the work, hold each other up.
        intra_op: { allow_spinning: '0' },
        dynamic_block_base: '4',
      },
    },
  });
  return fn.session;
}

/** What is computed here, by name. */
function hostInputs(fn, feeds, count) {
  const samples = ({ shape }) => (shape[0] === -1 ? count : shape[0]);
  const made = fn.host.map((input) => {
    if (input.kind === 'warp') return kernels.warpImages(input, feeds[input.images].data, samples(input), feeds[input.transforms].data);
    const draw = input.kind === 'mask' ? kernels.drawMask : kernels.drawUniform;
    return draw(input, samples(input), typeof input.key === 'string' ? feeds[input.key].data : Int32Array.from(input.key), feeds[input.step].data[0]);
  });
  return fn.host.map((input, i) => {
    const data = kernels.view(made[i]);
    return [input.name, new ort.Tensor(data instanceof Float32Array ? 'float32' : 'bool', data, [samples(input), ...input.storedShape.slice(1)])];
  });
}

async function run(name, feeds) {
  if (!functions) throw new Error('no graph is loaded');
  const fn = functions[name];
  const session = await sessionOf(fn);
  const start = performance.now();
  const given = {};
  let count = 1;
  for (const [n, { dtype, shape, inGraph }] of Object.entries(fn.inputs)) {
    const feed = feeds[n];
    if (shape[0] === -1) count = feed.shape[0];
    if (inGraph) given[`input/${n}`] = new ort.Tensor(dtype, feed.data, feed.shape);
  }
  Object.assign(given, Object.fromEntries(hostInputs(fn, feeds, count)));
  for (const n of fn.reads) {
    const { now, tensors } = variables[n];
    if (now === undefined) throw new Error(`the variable ${n} has no value yet`);
    given[`state/${n}`] = tensors[now];
  }
  const wanted = {};
  for (const n of Object.keys(fn.outputs)) wanted[`output/${n}`] = null;
  for (const n of fn.updates) wanted[`next/${n}`] = variables[n].tensors[1 - (variables[n].now ?? 0)];
  if (Object.keys(wanted).length === 0) return {};
  const results = await session.run(given, wanted);
  spent += performance.now() - start;
  // Only now, so that a step that fails changes nothing.
  for (const n of fn.updates) variables[n].now = 1 - (variables[n].now ?? 0);
  return Object.fromEntries(
    Object.keys(fn.outputs).map((n) => {
      const { type, dims, data } = results[`output/${n}`];
      return [n, { dtype: type, shape: dims, data }];
    }),
  );
}

/** What the blocked convolutions give; null where this runtime has none for this processor. */
async function probe(bytes) {
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, graphOptimizationLevel: 'disabled', logSeverityLevel: 4 }).catch(() => null);
  if (!session) return null;
  try {
    const { order, difference } = await session.run({ zero: new ort.Tensor('float32', new Float32Array(1), []), one: new ort.Tensor('float32', Float32Array.of(1), []) });
    return { order: order.data, difference: difference.data[0] };
  } catch {
    return null;
  } finally {
    await session.release();
  }
}

const handlers = {
  async open(request) {
    ort = require(request.runtimePath);
    threads = request.threads;
    return { version: ort.env.versions.node ?? ort.env.versions.common, probe: await probe(request.probe) };
  },
  async load(request) {
    for (const fn of Object.values(functions ?? {})) await fn.session?.release();
    functions = Object.fromEntries(Object.entries(request.functions).map(([name, fn]) => [name, { ...fn }]));
    variables = Object.fromEntries(
      Object.entries(request.variables).map(([name, type]) => [name, { now: undefined, tensors: [0, 1].map(() => variableTensor(type, request.storedShapes[name])) }]),
    );
    if (functions.train.updates.length > 0) await sessionOf(functions.train);
  },
  run: ({ fn, feeds }) => run(fn, feeds),
  restore({ values }) {
    for (const [name, data] of Object.entries(values)) {
      const variable = variables[name];
      variable.now ??= 0;
      variable.tensors[variable.now].data.set(data);
    }
  },
  state({ names }) {
    return Object.fromEntries(
      names.map((name) => {
        const { now, tensors } = variables[name];
        if (now === undefined) throw new Error(`the variable ${name} has no value yet`);
        return [name, tensors[now].data];
      }),
    );
  },
  memory: () => process.resourceUsage().maxRSS * 1024,
  seconds: () => spent / 1000,
};

const queue = [];
let working = false;

async function work() {
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
    answer = { id: request.id, ok: await handlers[request.kind](request) };
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
