/** Run folders from elsewhere: damaged, cut off, hostile. `predict`, `serve` and `build --weights` refuse them with a reason, quickly and without much memory. */
import { cpSync, rmSync, truncateSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readNpz, writeNpz, type NpyArray } from '../../src/runtime/files/npz.ts';
import { crc32 } from '../../src/runtime/files/zip.ts';
import { engineAvailable } from '../support/engine.ts';
import { expectRefusal, listing, workplace } from './workplace.ts';

const here = workplace();
here.write('tiny.cnn', 'model Tiny\ndata { synthetic shapes 120 classes=3; image 16x16 }\nnetwork < conv 8; relu; pool 2; flatten; dense classes >\nfit { epochs 1; batch 16 }\n');

/** One compressed entry whose directory says nothing of how large it becomes. */
function bomb(name: string, unpacked: Buffer): Buffer {
  const packed = deflateRawSync(unpacked, { level: 9 });
  const entry = Buffer.from(name);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(8, 4);
  shared.writeUInt32LE(crc32(unpacked), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(unpacked.length, 18);
  shared.writeUInt16LE(entry.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, entry, packed]);
  const directory = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, Buffer.alloc(14), entry]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

/** The head of a float32 array of that shape, followed by nothing. */
function claim(shape: string): Buffer {
  const head = Buffer.from(`{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117) + '\n');
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([head.length, 0]), head]);
}

type Json = Record<string, unknown>;
const change = (run: string, file: string, how: (json: Json & { layers: { args: Json }[] }) => unknown): void =>
  void here.write(`${run}/model/${file}`, JSON.stringify(how(JSON.parse(here.read(`${run}/model/${file}`).toString()) as Json & { layers: { args: Json }[] })));
const weights = async (run: string, how: (all: Record<string, NpyArray>) => Record<string, { shape: readonly number[]; data: NpyArray['data'] }>): Promise<void> =>
  void here.write(`${run}/model/weights.npz`, writeNpz(how(await readNpz(here.path(run, 'model/weights.npz')))));

const damages: readonly (readonly [what: string, damage: (run: string) => unknown, says: string | RegExp, code?: string])[] = [
  ['weights cut in half', (run) => truncateSync(here.path(run, 'model/weights.npz'), 900), /weights\.npz: .*cut off/],
  ['weights of no bytes', (run) => here.write(`${run}/model/weights.npz`, ''), /weights\.npz: .*cut off/],
  ['one byte changed', (run) => here.write(`${run}/model/weights.npz`, Buffer.from(here.read(`${run}/model/weights.npz`)).fill(7, 600, 601)), /kernel\.npy is damaged/],
  ['no weights', (run) => rmSync(here.path(run, 'model/weights.npz')), 'weights.npz: it does not exist'],
  ['weights of another shape', (run) => weights(run, (all) => ({ ...all, 'conv_1/bias': { shape: [4], data: new Float32Array(4) } })), 'conv_1/bias is 4 in the file, 8 in the network'],
  ['a layer that is missing', (run) => weights(run, ({ 'conv_1/bias': _, ...rest }) => rest), 'no conv_1/bias'],
  ['weights of another kind', (run) => weights(run, (all) => ({ ...all, 'conv_1/bias': { shape: [8], data: new Int32Array(8) } })), 'conv_1/bias is int32 in the file, float32 in the network'],
  ['an array that claims 4 TB', (run) => here.write(`${run}/model/weights.npz`, bomb('conv_1/kernel.npy', claim('1000000000000,'))), /do not fit its network/],
  ['an entry that unpacks to 200 MB', (run) => here.write(`${run}/model/weights.npz`, bomb('conv_1/kernel.npy', Buffer.alloc(200_000_000))), /unpack \d+-fold|not a NumPy array/],
  ['program.json cut off', (run) => truncateSync(here.path(run, 'model/program.json'), 500), 'program.json is not JSON'],
  ['program.json with something unknown', (run) => change(run, 'program.json', (json) => ({ ...json, shell: 'rm -rf' })), 'shell is not known'],
  ['an image of 100,000 pixels', (run) => change(run, 'program.json', (json) => ({ ...json, input: [100_000, 100_000, 3] })), 'input[0] is not a whole number from 1 to 65536'],
  ['a layer of a thousand million filters', (run) => change(run, 'program.json', (json) => (Object.assign(json.layers[0].args, { filters: 1_000_000_000 }), json)), 'layers[0].args.filters is not a whole number'],
  ['shapes that do not follow', (run) => change(run, 'program.json', (json) => (Object.assign(json.layers[0].args, { filters: 9 }), json)), /does not fit together|do not fit/],
  ['names that lead elsewhere', (run) => change(run, 'program.json', (json) => ({ ...json, plots: [{ metrics: ['loss'], file: '../../evil', title: '', xlabel: '', ylabel: '', legend: null }] })), /plots\[0\]\.file is not/],
  ['too few classes', (run) => change(run, 'bundle.json', (json) => ({ ...json, classes: ['a', 'b'] })), '2 classes for 3 outputs'],
  ['bundle.json that is a list', (run) => here.write(`${run}/model/bundle.json`, '[]'), 'bundle.json is not a record'],
  ['no model', (run) => rmSync(here.path(run, 'model'), { recursive: true }), 'there is no trained model here', 'CNN6057'],
];

describe.skipIf(!engineAvailable())('a run folder with', () => {
  beforeAll(async () => {
    here.write('picture.png', await sharp({ create: { width: 30, height: 20, channels: 3, background: '#369' } }).png().toBuffer());
    expect(await here.cnnc(['run', 'tiny.cnn', '--out', 'good', '--quiet'])).toMatchObject({ code: 0 });
  });

  it.each(damages.map(([what, damage, says, code], i) => ({ what, damage, says, code: code ?? 'CNN6058', run: `run-${i}` })))('$what', async ({ damage, says, code, run }) => {
    cpSync(here.path('good'), here.path(run), { recursive: true });
    await damage(run);
    const before = listing(here.folder);
    const began = performance.now();
    const ran = await here.cnnc(['predict', run, 'picture.png', '--json'], { timeout: 20_000 });
    expectRefusal(ran, { exit: 1, code, says: [run, says, /help: |train it again/] });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(listing(here.folder)).toEqual(before);
  });

  it('a damaged model is refused by serve and build, too', async () => {
    cpSync(here.path('good'), here.path('bad'), { recursive: true });
    truncateSync(here.path('bad/model/weights.npz'), 900);
    expectRefusal(await here.cnnc(['serve', 'bad', '--port', '0']), { exit: 1, code: 'CNN6058', says: ['bad', 'weights.npz'] });
    expectRefusal(await here.cnnc(['build', 'tiny.cnn', '--to', 'typescript', '-o', 'out', '--weights', 'bad']), { exit: 1, code: 'CNN6058', says: ['bad', 'weights.npz'] });
  });

  it('checkpoints that are damaged: the one before is used, and without any that is said', async () => {
    cpSync(here.path('good'), here.path('resumed'), { recursive: true });
    const manifest = here.json('resumed/manifest.json');
    const names = (): string[] => Object.keys(listing(here.path('resumed/checkpoints'))).filter((name) => name.startsWith('step-')).sort();
    expect(await here.cnnc(['run', 'tiny.cnn', '--out', 'resumed', '--resume', '--epochs', '2', '--quiet'])).toMatchObject({ code: 0 });
    expect(names()).toHaveLength(2);
    truncateSync(here.path('resumed/checkpoints', names()[1]), 400);
    const more = await here.cnnc(['run', 'tiny.cnn', '--out', 'resumed', '--resume', '--epochs', '3']);
    expect(more, more.stderr).toMatchObject({ code: 0 });
    expect(more.stderr).toContain('warning CNN5004: a checkpoint is damaged and was passed over');
    for (const name of names()) here.write(`resumed/checkpoints/${name}`, 'PK');
    expectRefusal(await here.cnnc(['run', 'tiny.cnn', '--out', 'resumed', '--resume', '--epochs', '4']), { exit: 3, code: 'CNN5005', says: ['resumed/checkpoints', /start a new run: cnnc run tiny\.cnn\n/] });
    here.write('resumed/manifest.json', `${JSON.stringify(manifest).slice(0, 200)}`);
    expectRefusal(await here.cnnc(['run', 'tiny.cnn', '--out', 'resumed', '--resume']), { exit: 1, code: 'CNN6051', says: ['resumed'] });
  });
});
