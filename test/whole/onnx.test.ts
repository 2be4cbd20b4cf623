/** Whole commands on either engine: what one trains the other predicts and goes on with; which one serves; the ONNX export. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { findEngines } from '../../src/runtime/engine/install/places.ts';
import { readNpz } from '../../src/runtime/files/npz.ts';
import { entry } from '../support/cnnc.ts';
import { engineAvailable, onnxAvailable } from '../support/engine.ts';
import { expectRefusal, workplace } from './workplace.ts';

const here = workplace();
here.write(
  'tiny.cnn',
  `model Tiny
data { synthetic shapes 300 classes=3; image 16x16 }
preprocess { scale 1/255; featurewise_center; featurewise_std_normalization }
augment { rotation 10; horizontal_flip }
network < conv 8; batch_norm; relu; pool 2; flatten; dropout .25; dense classes; softmax >
compile { metrics accuracy mae }
fit { epochs 3; batch 16; seed 7 }
`,
);

const ok = async (...args: Parameters<typeof here.cnnc>) => {
  const ran = await here.cnnc(...args);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return ran;
};
const history = (run: string) => here.json(`${run}/history.json`) as Record<string, number[]>;
const engineOf = (run: string) => (here.json(`${run}/manifest.json`) as { engine: { kind: string } }).engine.kind;
const weights = (run: string) => readNpz(here.path(`${run}/weights.npz`));

const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number, what: string): void => {
  expect(a.length, what).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i]), `${what}[${i}]: ${a[i]} and ${b[i]}`).toBeLessThanOrEqual(tolerance * (1 + Math.abs(b[i])));
};

/** Pixels, and the files they lie in. */
const pictures: { readonly files: string[]; readonly pixels: Uint8Array[] } = { files: [], pixels: [] };
beforeAll(async () => {
  for (let n = 0; n < 3; n++) {
    const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * (7 + n) + ((i >> 4) % 5) * 31 * n) % 256);
    pictures.pixels.push(pixels);
    pictures.files.push(here.write(`p${n}.png`, await sharp(pixels, { raw: { width: 16, height: 16, channels: 3 } }).png().toBuffer()));
  }
});

/** Probabilities in the order of the classes, a row for each picture. */
async function predicted(run: string, engine: string, env: Record<string, string> = {}): Promise<number[][]> {
  const { stdout } = await ok(['predict', run, ...pictures.files, '--engine', engine, '--json', '--top', '3'], { env });
  return stdout.trim().split('\n').map((line) => {
    const { top } = JSON.parse(line) as { top: { class: string; probability: number }[] };
    return [...top].sort((a, b) => a.class.localeCompare(b.class)).map((t) => t.probability);
  });
}

/** A cache folder that holds the ONNX engine and no TensorFlow. */
function onnxOnly(): Record<string, string> {
  const cache = here.path('onnx-only');
  mkdirSync(join(cache, 'engines'), { recursive: true });
  const [found] = findEngines('onnx', here.cache);
  const folder = join(found.path, '../../../..');
  try {
    symlinkSync(folder, join(cache, 'engines', basename(folder)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return { CNNC_CACHE: cache, CNNC_TFJS_NODE: '' };
}

const inCache = findEngines('onnx').some((e) => e.from === 'cache');
const onnx = onnxAvailable();

describe.skipIf(!onnx)('on the ONNX engine', () => {
  beforeAll(async () => {
    const { stderr } = await ok(['run', 'tiny.cnn', '--engine', 'onnx', '--out', 'o']);
    expect(stderr).toMatch(/^engine +onnx \d+\.\d+ \(/m);
    expect(stderr).not.toContain('several times faster');
  });

  it('the same program gives the same bytes', async () => {
    expect(engineOf('o')).toBe('onnx');
    await ok(['run', 'tiny.cnn', '--engine', 'onnx', '--out', 'o-again']);
    expect(here.read('o-again/weights.npz').equals(here.read('o/weights.npz'))).toBe(true);
    expect(history('o-again')).toEqual(history('o'));
  });

  it('a resumed run stays on its engine, and ends in the same bytes', async () => {
    await ok(['run', 'tiny.cnn', '--engine', 'onnx', '--epochs', '1', '--out', 'o-resumed']);
    const { stderr } = await ok(['run', 'tiny.cnn', '--resume', '--epochs', '3', '--out', 'o-resumed']);
    expect(stderr).not.toContain('CNN6062');
    expect(engineOf('o-resumed')).toBe('onnx');
    expect(here.read('o-resumed/weights.npz').equals(here.read('o/weights.npz'))).toBe(true);
  });

  it('serve answers with what predict says', async () => {
    const [[...wanted]] = await predicted('o', 'onnx');
    const server = spawn(process.execPath, [entry, 'serve', 'o', '--port', '0', '--engine', 'onnx'], { cwd: here.folder, env: { ...process.env, CNNC_CACHE: here.cache, NO_COLOR: '1' } });
    try {
      const url = await new Promise<string>((found, fail) => {
        let text = '';
        server.stdout.setEncoding('utf8').on('data', (more: string) => /^http\S+\n/.test((text += more)) && found(text.trim()));
        server.on('close', (code) => fail(new Error(`serve ended with ${code}`)));
      });
      const { top } = (await (await fetch(`${url.replace(/\/$/, '')}/api/predict`, { method: 'POST', body: Uint8Array.from(here.read(pictures.files[0])) })).json()) as { top: { class: string; probability: number }[] };
      close([...top].sort((a, b) => a.class.localeCompare(b.class)).map((t) => t.probability), wanted, 1e-6, 'serve');
    } finally {
      server.kill('SIGINT');
      await new Promise((ended) => server.on('close', ended));
    }
  });

  it('build --to onnx computes what predict says, on any runtime of ONNX', async () => {
    await ok(['build', 'tiny.cnn', '--to', 'onnx', '-o', 'built', '--weights', 'o']);
    const wanted = await predicted('o', 'onnx');
    interface Tensor { readonly data: Float32Array; readonly dims: readonly number[] }
    interface Session { readonly inputNames: readonly string[]; readonly outputNames: readonly string[]; run(feeds: object): Promise<Record<string, Tensor>>; release(): Promise<void> }
    interface Runtime { readonly InferenceSession: { create(path: string): Promise<Session> }; readonly Tensor: new (dtype: string, data: Uint8Array, dims: readonly number[]) => Tensor }
    const { InferenceSession, Tensor } = createRequire(import.meta.url)(findEngines('onnx')[0].path) as Runtime;
    const session = await InferenceSession.create(here.path('built/model.onnx'));
    expect([session.inputNames, session.outputNames]).toEqual([['images'], ['probabilities']]);
    for (const count of [3, 1]) {
      const images = new Tensor('uint8', Uint8Array.from(pictures.pixels.slice(0, count).flatMap((p) => [...p])), [count, 16, 16, 3]);
      const { probabilities } = await session.run({ images });
      expect(probabilities.dims).toEqual([count, 3]);
      close(probabilities.data, wanted.slice(0, count).flat(), 1e-5, 'probabilities');
    }
    await session.release();
  });
});

describe.skipIf(!onnx || !engineAvailable())('on both engines', () => {
  beforeAll(async () => {
    await Promise.all(['onnx', 'tensorflow'].map((engine) => ok(['run', 'tiny.cnn', '--engine', engine, '--out', `both-${engine}`])));
  });

  it('a run has the same losses', () => {
    const [a, b] = [history('both-onnx'), history('both-tensorflow')];
    expect(Object.keys(a)).toEqual(Object.keys(b));
    close(a.loss, b.loss, 1e-4, 'loss');
    close(a.val_loss, b.val_loss, 1e-3, 'val_loss');
    close(a.mae, b.mae, 1e-4, 'mae');
  });

  it.each(['onnx', 'tensorflow'])('what %s trained, both predict alike', async (engine) => {
    const [a, b] = [await predicted(`both-${engine}`, 'onnx'), await predicted(`both-${engine}`, 'tensorflow')];
    a.forEach((row, i) => close(row, b[i], 1e-5, `picture ${i}`));
  });

  it.each([['onnx', 'tensorflow'], ['tensorflow', 'onnx']])('what %s began, %s goes on with, and says so', async (first, second) => {
    const out = `from-${first}`;
    await ok(['run', 'tiny.cnn', '--engine', first, '--epochs', '1', '--out', out]);
    const { stderr } = await ok(['run', 'tiny.cnn', '--resume', '--engine', second, '--epochs', '3', '--out', out]);
    expect(stderr).toMatch(new RegExp(`warning CNN6062: this run began with ${first} .* and goes on with ${second} `));
    expect(engineOf(out)).toBe(second);
    close(history(out).loss, history(`both-${first}`).loss, 1e-4, 'loss');
    const [now, whole] = await Promise.all([weights(out), weights(`both-${first}`)]);
    // A bias before batch norm has a gradient of rounding noise alone.
    for (const name of Object.keys(whole)) if (name !== 'conv_1/bias') close(now[name].data, whole[name].data, 5e-3, name);
  });

  it('auto takes the faster one, without a word', async () => {
    const { stderr } = await ok(['run', 'tiny.cnn', '--epochs', '1', '--out', 'auto']);
    expect(engineOf('auto')).toBe('tensorflow');
    expect(stderr).not.toContain('ONNX');
  });
});

describe.skipIf(!onnx || !inCache)('where only the ONNX engine is', () => {
  it('it trains, and one line tells of the faster one', async () => {
    const { stderr, stdout } = await ok(['run', 'tiny.cnn', '--epochs', '1', '--out', 'only', '--json'], { env: onnxOnly() });
    expect(stderr).toMatch(/^training on the ONNX engine, onnxruntime \d+\.\d+\.\d+(; TensorFlow trains several times faster: npx cnnc engine install tensorflow)?\n$/);
    expect(JSON.parse(stdout.split('\n')[0])).toMatchObject({ event: 'start', engine: { kind: 'onnx' } });
    expect((await ok(['run', 'tiny.cnn', '--epochs', '1', '--out', 'only-quiet', '--quiet'], { env: onnxOnly() })).stderr).toBe('');
  });

  it('it predicts without a word', async () => {
    const { stderr } = await ok(['predict', 'o', pictures.files[0]], { env: onnxOnly() });
    expect(stderr).toBe('');
  });

  it('it serves where TensorFlow does not start, and says so', async () => {
    here.write('broken/tfjs_binding.node', 'not a library');
    const env = { ...onnxOnly(), CNNC_TFJS_NODE: here.path('broken') };
    const { stderr } = await ok(['run', 'tiny.cnn', '--epochs', '1', '--out', 'only-broken'], { env });
    expect(stderr).toMatch(/^training on the ONNX engine, .*TensorFlow is there but does not start \(.*\); type: npx cnnc engine doctor$/m);
    expect((await ok(['predict', 'o', pictures.files[0]], { env })).stderr).toMatch(/TensorFlow is there but does not start/);
  });

  it('asking for the other is refused', async () => {
    const ran = await here.cnnc(['run', 'tiny.cnn', '--engine', 'tensorflow', '--out', 'refused'], { env: onnxOnly() });
    expectRefusal(ran, { exit: 1, code: 'CNN6002', says: ['TensorFlow', 'npx cnnc engine install tensorflow'] });
  });

  it('list measures it, doctor says what the other lacks', async () => {
    const env = onnxOnly();
    const { engines } = JSON.parse((await ok(['engine', 'list', '--json'], { env })).stdout) as { engines: { kind: string; version: string; imagesPerSecond: number; from: string }[] };
    expect(engines.filter((e) => e.from === 'cache')).toEqual([expect.objectContaining({ kind: 'onnx', version: expect.stringMatching(/^\d+\.\d+/), imagesPerSecond: expect.any(Number) })]);
    const { findings } = JSON.parse((await ok(['engine', 'doctor', '--json'], { env })).stdout) as { findings: { what: string; state: string; advice?: string }[] };
    expect(findings.find((f) => f.what === 'onnx')).toMatchObject({ state: 'good' });
    expect(findings.find((f) => f.what === 'tensorflow')?.state).not.toBe('good');
    expect((await ok(['engine', 'list'], { env })).stdout).toMatch(/^onnx +\d+\.\d+\.\d+ +[\d,]+ images\/s on a small network, \d+ threads +\(cache\)/m);
  });
});

it('a bundle says nothing of the engine that made it', () => {
  if (!onnx) return expect(onnx).toBe(false);
  expect(readFileSync(here.path('o/model/bundle.json'), 'utf8')).not.toMatch(/onnx|tensorflow/i);
});
