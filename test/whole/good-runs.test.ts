/** What a finished run leaves and says: every file and every field of docs/cli.md, the same bytes every time. */
import { readdirSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpz } from '../../src/runtime/files/npz.ts';
import { engineAvailable } from '../support/engine.ts';
import { listing, workplace } from './workplace.ts';

const here = workplace();
here.write(
  'tiny.cnn',
  `# tiny
model TinyShapes
data { synthetic shapes 300 classes=3; image 16x16 }
preprocess { scale 1/255; featurewise_center; featurewise_std_normalization }
augment { rotation 10; horizontal_flip }
network < conv 8; batch_norm; relu; pool 2; flatten; dropout .25; dense classes; softmax >
compile { metrics accuracy mae }
fit { epochs 4; batch 16; seed 7; early_stopping patience=3 restore_best; checkpoint every=2 }
plot loss { title "Model Loss"; xlabel "Epochs"; ylabel "Loss"; legend "Train" "Validation" at=upper_right }
plot accuracy
`,
);

const number = expect.any(Number) as number;
const text = expect.any(String) as string;
const numbers = (n: number): unknown => Array.from({ length: n }, () => number);
const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const json = (run: string, name: string): Record<string, unknown> => here.json(`${run}/${name}`);
const weightNames = ['conv_1/kernel', 'conv_1/bias', 'batch_norm_1/gamma', 'batch_norm_1/beta', 'batch_norm_1/moving_mean', 'batch_norm_1/moving_variance', 'dense_1/kernel', 'dense_1/bias'];
const results = ['weights.npz', 'history.json', 'history.csv', 'metrics.json', 'model/program.json', 'model/weights.npz', 'model/statistics.npz', 'plots/loss.svg', 'plots/loss.png', 'plots/accuracy.svg', 'plots/accuracy.png', 'figures.json', 'predictions.csv', 'plots/confusion.svg', 'plots/confusion.png'];

describe.skipIf(!engineAvailable())('a finished run', () => {
  let stderr = '';
  beforeAll(async () => {
    const ran = await here.cnnc(['run', 'tiny.cnn']);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: '' });
    stderr = ran.stderr;
  });
  const run = 'runs/tinyshapes/1';

  it('has the files of the run folder, no others', () => {
    const files = Object.entries(listing(here.path(run))).filter(([, kind]) => kind !== 'folder').map(([name]) => name);
    const checkpoints = files.filter((name) => name.startsWith('checkpoints/'));
    expect(files.filter((name) => !checkpoints.includes(name)).sort()).toEqual([...results, 'manifest.json', 'model/bundle.json'].sort());
    expect(checkpoints).toEqual(['checkpoints/epoch-0002.npz', 'checkpoints/epoch-0004.npz', 'checkpoints/program.json', expect.stringMatching(/step-\d{8}\.npz$/), expect.stringMatching(/step-\d{8}\.npz$/)]);
    expect(readdirSync(here.folder).sort()).toEqual(['runs', 'tiny.cnn']);
  });

  it('has a manifest', () => {
    expect(json(run, 'manifest.json')).toEqual({
      schema: 1,
      cnnc: expect.stringMatching(/^\d+\.\d+\.\d+/),
      status: 'finished',
      model: 'TinyShapes',
      program: { path: '../../../tiny.cnn', text: here.read('tiny.cnn').toString(), hash },
      set: {},
      data: { hash, classes: ['circle', 'square', 'triangle'], train: 180, validation: 60, test: 60 },
      seed: 7,
      epochs: { asked: 4, done: 4, best: number, stoppedEarly: false },
      engine: { kind: 'tensorflow', version: expect.stringMatching(/^\d+\.\d+/), threads: number },
      system: { node: process.version, platform: process.platform, arch: process.arch, cpu: text },
      initialWeights: null,
      times: { started: time, updated: time, finished: time, seconds: number, graph: number },
      memory: { own: number, engine: number },
      fault: null,
    });
  });

  it('has a history with Keras’s names, as JSON and as a table', () => {
    const history = json(run, 'history.json') as Record<string, number[]>;
    expect(history).toEqual({ epoch: [0, 1, 2, 3], ...Object.fromEntries(['loss', 'accuracy', 'mae', 'val_loss', 'val_accuracy', 'val_mae', 'learning_rate'].map((name) => [name, numbers(4)])) });
    const [head, ...rows] = here.read(`${run}/history.csv`).toString().trim().split('\n').map((row) => row.split(','));
    expect(head).toEqual(Object.keys(history));
    expect(rows.map((row) => row.map(Number))).toEqual([0, 1, 2, 3].map((epoch) => head.map((name) => history[name][epoch])));
  });

  it('has the result of the test part', () => {
    const metrics = json(run, 'metrics.json');
    expect(metrics).toEqual({ loss: number, accuracy: number, mae: number, count: 60 });
    expect(((metrics.accuracy as number) * 60) % 1).toBeCloseTo(0, 9);
  });

  it('has weights under the layers’ names in Keras’s layouts, and a model of data only', async () => {
    const weights = await readNpz(here.path(run, 'weights.npz'));
    expect(Object.entries(weights).map(([name, { shape, dtype }]) => [name, dtype, ...shape])).toEqual(
      weightNames.map((name) => [name, 'float32', ...({ 'conv_1/kernel': [3, 3, 3, 8], 'dense_1/kernel': [392, 3], 'dense_1/bias': [3] }[name] ?? [8])]),
    );
    expect(Buffer.compare(here.read(`${run}/weights.npz`), here.read(`${run}/model/weights.npz`))).toBe(0);
    const { 'preprocess/mean': mean, 'preprocess/std': std } = await readNpz(here.path(run, 'model/statistics.npz'));
    expect([mean.shape, std.shape]).toEqual([[3], [3]]);
    expect(json(run, 'model/bundle.json')).toEqual({ schema: 1, cnnc: text, classes: ['circle', 'square', 'triangle'], pixels: 'uint8', created: time });
    expect(json(run, 'model/program.json')).toMatchObject({ schema: 1, name: 'TinyShapes', input: [16, 16, 3] });
  });

  it('has the plots that were asked for', async () => {
    const svg = here.read(`${run}/plots/loss.svg`).toString();
    for (const word of ['Model Loss', 'Epochs', '>Loss<', 'Train', 'Validation']) expect(svg).toContain(word);
    for (const name of ['loss', 'accuracy']) {
      expect(await sharp(here.read(`${run}/plots/${name}.png`)).metadata()).toMatchObject({ format: 'png', width: 1440, height: 840 });
      // Not one colour: something is drawn.
      expect((await sharp(here.read(`${run}/plots/${name}.png`)).stats()).entropy).toBeGreaterThan(0.05);
    }
  });

  it('says one line an epoch and no control codes off a terminal', () => {
    expect(stderr).not.toMatch(/[\x1b\r\b]/);
    const lines = stderr.split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^tiny\.cnn {5}TinyShapes {2}3 classes, 300 pictures → 180 train · 60 validation · 60 test$/),
      expect.stringMatching(/^network {6}8 layers, 1,4\d\d parameters, [\d.]+ k multiply-adds, about \d+ MB of memory$/),
      expect.stringMatching(/^engine {7}tensorflow 2\.\d+ \(\d+ threads?\) +seed 7$/),
      ...[1, 2, 3, 4].map((epoch) => expect.stringMatching(new RegExp(`^epoch ${epoch}/4 {4}loss [\\d.]+  accuracy [\\d.]+  mae [\\d.]+  val_loss [\\d.]+  val_accuracy [\\d.]+  val_mae [\\d.]+ .*\\d:\\d\\d(  best)?$`)) as unknown),
      expect.stringMatching(/^best {9}epoch \d, its weights kept /),
      expect.stringMatching(/^test {9}loss [\d.]+ {2}accuracy [\d.]+ {2}mae [\d.]+ {2}on 60 pictures$/),
      expect.stringMatching(/^confused {5}(most: \w+ taken for \w+, \d+ of \d+|nothing: all)/),
      expect.stringMatching(/^files {8}runs\/tinyshapes\/1: weights\.npz, history\.json, figures\.json, plots\/, model\/$/),
      expect.stringMatching(/^next {9}cnnc predict runs\/tinyshapes\/1 picture\.jpg$/),
      '',
    ]);
  });

  it('is the same bytes again, and others with another seed; --quiet says only where', async () => {
    expect(await here.cnnc(['run', 'tiny.cnn', '--quiet'])).toEqual({ code: 0, signal: null, stdout: 'runs/tinyshapes/2\n', stderr: '' });
    for (const name of results) expect(Buffer.compare(here.read(`${run}/${name}`), here.read(`runs/tinyshapes/2/${name}`)), name).toBe(0);
    expect(await here.cnnc(['run', 'tiny.cnn', '--quiet', '--seed', '8', '--epochs', '1', '--out', 'seed 8'])).toEqual({ code: 0, signal: null, stdout: 'seed 8\n', stderr: expect.any(String) });
    expect(json('seed 8', 'manifest.json')).toMatchObject({ seed: 8, set: { 'fit.seed': '8', 'fit.epochs': '1' } });
    expect(Buffer.compare(here.read(`${run}/weights.npz`), here.read('seed 8/weights.npz'))).not.toBe(0);
    // The split is not the fit's: pictures of the test part stay there.
    expect((json('seed 8', 'manifest.json').data as { hash: string }).hash).toBe((json(run, 'manifest.json').data as { hash: string }).hash);
  });

  it('trained longer is what it would have been at once', async () => {
    expect(await here.cnnc(['run', 'tiny.cnn', '--quiet', '--epochs', '2', '--out', 'longer', '--set', 'fit.early_stopping.patience=9'])).toMatchObject({ code: 0 });
    expect(await here.cnnc(['run', 'tiny.cnn', '--quiet', '--epochs', '4', '--out', 'longer', '--resume'])).toMatchObject({ code: 0 });
    expect(await here.cnnc(['run', 'tiny.cnn', '--quiet', '--epochs', '4', '--out', 'at once', '--set', 'fit.early_stopping.patience=9'])).toMatchObject({ code: 0 });
    for (const name of ['weights.npz', 'history.json', 'history.csv', 'metrics.json', 'plots/loss.svg']) expect(Buffer.compare(here.read(`longer/${name}`), here.read(`at once/${name}`)), name).toBe(0);
  });

  it('--json: one event a line, nothing else', async () => {
    const ran = await here.cnnc(['run', 'tiny.cnn', '--json', '--out', 'json', '--epochs', '2']);
    const events = ran.stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown> & { event: string });
    expect(ran.code).toBe(0);
    // The warning about patience is told to both kinds of readers.
    expect(ran.stderr).toMatch(/^warning CNN2206: [^]*\n1 warning\n$/);
    expect(new Set(events.map((e) => e.schema))).toEqual(new Set([1]));
    const epoch = ['start', ...Array.from({ length: 12 }, () => 'step')];
    expect(events.map((e) => e.event)).toEqual(['warning', ...epoch, 'saved', 'epoch', ...epoch.slice(1), 'saved', 'epoch', 'end']);
    const [warning, start, step] = events;
    expect(warning).toEqual({ schema: 1, event: 'warning', diagnostics: [{ code: 'CNN2206', severity: 'warning', message: text, label: null, file: 'tiny.cnn', start: number, end: number, notes: [], help: [text] }] });
    expect(start).toEqual({
      schema: 1, event: 'start', cnnc: text, program: 'tiny.cnn', model: 'TinyShapes', folder: 'json', resumed: null, classes: ['circle', 'square', 'triangle'], parts: { train: 180, validation: 60, test: 60 },
      layers: 8, params: number, macs: number, memory: number, engine: { kind: 'tensorflow', version: text, threads: number }, seed: 7, epochs: 2, batch: 16, batches: 12,
    });
    // What both processes took at most, by their own account; the estimate is for two threads on Linux, and more make little difference.
    const { own, engine } = (json('json', 'manifest.json') as { memory: { own: number; engine: number } }).memory;
    if (process.platform === 'linux') expect((start.memory as number) / (own + engine)).toSatisfy((ratio: number) => ratio > 0.75 && ratio < 1.25);
    const logs = { loss: number, accuracy: number, mae: number };
    expect(step).toEqual({ schema: 1, event: 'step', epoch: 0, batch: 1, batches: 12, step: 1, samples: 16, batchLoss: number, logs, imagesPerSecond: null });
    expect(events.filter((e) => e.event === 'step').map((e) => e.step)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(events.filter((e) => e.event === 'saved')[1]).toEqual({ schema: 1, event: 'saved', file: 'json/checkpoints/step-00000024.npz', step: 24, epoch: 2, why: 'epoch' });
    expect(events.filter((e) => e.event === 'epoch')[1]).toEqual({
      schema: 1, event: 'epoch', epoch: 1, step: 24, logs: { ...logs, val_loss: number, val_accuracy: number, val_mae: number, learning_rate: number },
      best: { monitor: 'val_loss', epoch: number, improved: expect.any(Boolean) }, stopping: false, imagesPerSecond: number, seconds: number,
    });
    expect(events.at(-1)).toEqual({
      schema: 1, event: 'end', status: 'finished', folder: 'json', epochs: 2, stoppedEarly: false,
      kept: { epoch: number, logs: expect.objectContaining({ val_loss: number }), restored: true },
      test: { metrics: logs, count: 60, figures: expect.objectContaining({ kind: 'classes', count: 60 }) }, seconds: number,
    });
    const history = json('json', 'history.json') as Record<string, number[]>;
    expect(events.filter((e) => e.event === 'epoch').map((e) => (e.logs as { val_loss: number }).val_loss)).toEqual(history.val_loss);
  });

  it('stops early, and keeps the best', async () => {
    const ran = await here.cnnc(['run', 'tiny.cnn', '--out', 'early', '--epochs', '30', '--set', 'fit.early_stopping.patience=1', '--set', 'compile.optimizer.lr=.05']);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const { epochs } = json('early', 'manifest.json') as { epochs: { done: number; best: number } };
    const { val_loss: losses } = json('early', 'history.json') as { val_loss: number[] };
    expect(epochs).toEqual({ asked: 30, done: losses.length, best: losses.indexOf(Math.min(...losses)), stoppedEarly: true });
    expect(losses.length).toBeLessThan(30);
    expect(ran.stderr).toContain('stopping early');
    expect(ran.stderr).toContain(`epoch ${epochs.best + 1}, its weights kept`);
  });
});
