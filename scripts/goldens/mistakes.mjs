/**
 * What TensorFlow.js prints for classic mistakes, for docs/mistakes.md (mistakes.py has Keras and PyTorch). Run by hand, where
 * `npm install @tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-cpu` was done: node scripts/goldens/mistakes.mjs FOLDER
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(resolve(process.argv[2] ?? '.', 'x.js'));
const core = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const layers = require('@tensorflow/tfjs-layers');
const { version } = require('@tensorflow/tfjs-layers/package.json');
// As the package @tensorflow/tfjs puts them together.
const tf = { ...core, ...layers };

const digits = "const digits = Array.from({ length: 32 }, (_, i) => i % 10);\n";
const pictures = (...shape) => tf.randomUniform([32, ...shape], 0, 256);

/** Each: what builds the network, and what trains on the first batch. null: tfjs has nothing of the kind. */
const mistakes = {
  window: [`const model = tf.sequential();
for (let i = 0; i < 6; i++) {
  model.add(tf.layers.conv2d({ filters: 32, kernelSize: 5, ...(i === 0 ? { inputShape: [60, 40, 3] } : {}) }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
}`],
  outputs: [`const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dense({ units: 9, activation: 'softmax' })] });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });`, 'await model.fit(pictures(28, 28, 1), tf.tensor(digits), { verbose: 0, epochs: 1 });'],
  flatten: [`const model = tf.sequential({ layers: [tf.layers.conv2d({ filters: 16, kernelSize: 3, inputShape: [28, 28, 1] }), tf.layers.dense({ units: 10, activation: 'softmax' })] });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });`, 'await model.fit(pictures(28, 28, 1), tf.tensor(digits), { verbose: 0, epochs: 1 });'],
  loss: [`const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dense({ units: 10, activation: 'softmax' })] });
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });`, 'await model.fit(pictures(28, 28, 1), tf.tensor(digits), { verbose: 0, epochs: 1 });'],
  'softmax-twice': [`const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dense({ units: 10, activation: 'softmax' })] });
model.compile({ optimizer: 'adam', loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits) });`, 'await model.fit(pictures(28, 28, 1), tf.oneHot(digits, 10), { verbose: 0, epochs: 1 });'],
  'softmax-over-one': [`const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dense({ units: 1, activation: 'softmax' })] });
model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });`, 'await model.fit(pictures(28, 28, 1), tf.tensor2d(digits.map((d) => [d % 2])), { verbose: 0, epochs: 1 });'],
  'scaled-twice': [`const model = tf.sequential({ layers: [tf.layers.rescaling({ scale: 1 / 255, inputShape: [28, 28, 1] }), tf.layers.flatten(), tf.layers.dense({ units: 10, activation: 'softmax' })] });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });`, 'await model.fit(tf.div(pictures(28, 28, 1), 255), tf.tensor(digits), { verbose: 0, epochs: 1 });'],
  'early-stopping': [`const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dense({ units: 10, activation: 'softmax' })] });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });`, "await model.fit(pictures(28, 28, 1), tf.tensor(digits), { verbose: 0, epochs: 1, callbacks: tf.callbacks.earlyStopping({ monitor: 'val_loss', patience: 5 }) });"],
  'layer-name': ["const model = tf.sequential({ layers: [tf.layers.conv2d({ filters: 16, kernelSize: 3, inputShape: [28, 28, 1] }), tf.layers.maxPoling2d({ poolSize: 2 })] });"],
  'option-name': ['const model = tf.sequential({ layers: [tf.layers.conv2d({ filters: 16, kernelSize: 3, strid: 2, inputShape: [28, 28, 1] })] });'],
  residual: [`const x = tf.input({ shape: [32, 32, 32] });
const y = tf.layers.conv2d({ filters: 64, kernelSize: 3, padding: 'same' }).apply(x);
tf.layers.add().apply([x, y]);`],
  branches: [`const x = tf.input({ shape: [32, 32, 3] });
const a = tf.layers.conv2d({ filters: 16, kernelSize: 1 }).apply(x);
const b = tf.layers.conv2d({ filters: 16, kernelSize: 3 }).apply(x);
tf.layers.concatenate().apply([a, b]);`],
  groups: null,
  dropout: [`const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dropout({ rate: 50 }), tf.layers.dense({ units: 10, activation: 'softmax' })] });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });`, 'await model.fit(pictures(28, 28, 1), tf.tensor(digits), { verbose: 0, epochs: 1 });'],
  'learning-rate': [`const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [28, 28, 1] }), tf.layers.dense({ units: 10, activation: 'softmax' })] });
model.compile({ optimizer: tf.train.adam(1), loss: 'sparseCategoricalCrossentropy' });`, 'await model.fit(pictures(28, 28, 1), tf.tensor(digits), { verbose: 0, epochs: 1 });'],
};

const AsyncFunction = (async () => undefined).constructor;

async function run(parts) {
  const said = [];
  const { warn } = console;
  console.warn = (...text) => void said.push(text.join(' '));
  let when = 'building';
  try {
    await new AsyncFunction('tf', 'pictures', 'reached', `${digits}${parts[0]}\nreached();\n${parts[1] ?? ''}`)(tf, pictures, () => void (when = 'first batch'));
    return said.length > 0 ? { when, kind: 'warning', traceback: 0, text: said[0].trim() } : { when: 'never', kind: 'nothing', traceback: 0, text: '' };
  } catch (error) {
    return { when, kind: 'error', traceback: error.stack.split('\n').length, text: `${error.name}: ${error.message}`.trim() };
  } finally {
    console.warn = warn;
  }
}

await tf.setBackend('cpu');
const found = {};
for (const [name, parts] of Object.entries(mistakes)) {
  tf.disposeVariables();
  found[name] = parts === null ? { code: null, when: 'never', kind: 'absent', traceback: 0, text: '' } : { code: parts.join('\n'), ...(await run(parts)) };
  console.log(name, found[name].kind, found[name].when, found[name].text.slice(0, 100));
}
const path = new URL('../../test/goldens/mistakes/tfjs.json', import.meta.url);
writeFileSync(path, `${JSON.stringify({ about: 'Made by scripts/goldens/mistakes.mjs; do not edit.', version, mistakes: found }, null, 1)}\n`);
