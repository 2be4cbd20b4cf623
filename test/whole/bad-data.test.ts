/** Pictures and arrays that cannot be trained on, through `cnnc run`: what is wrong is named before anything is trained or written. */
import { chmodSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeNpz } from '../../src/runtime/files/npz.ts';
import { crc32 } from '../../src/runtime/files/zip.ts';
import { engineAvailable } from '../support/engine.ts';
import { expectRefusal, listing, workplace } from './workplace.ts';

const here = workplace();

const network = 'network < conv 4; pool 2; flatten; dense classes >\nfit { epochs 1; batch 4 }\n';
const folderProgram = (more = ''): string => `data { folder "pictures"; image 16x16${more} }\n${network}`;
const arrayProgram = `data { npz "data.npz"; image 8x8 }\n${network}`;

/** A picture of its own colour, so that none is a copy. */
const picture = (n: number, size = 20): Promise<Buffer> =>
  sharp({ create: { width: size, height: size + (n % 3), channels: 3, background: { r: (n * 37) % 256, g: (n * 91) % 256, b: n % 256 } } }).png().toBuffer();

async function classes(place: string, counts: Readonly<Record<string, number>>): Promise<void> {
  let n = 0;
  for (const [name, count] of Object.entries(counts)) {
    mkdirSync(here.path(place, 'pictures', name), { recursive: true });
    for (let i = 0; i < count; i++) here.write(`${place}/pictures/${name}/${i}.png`, await picture(n++));
  }
}

/** A PNG of this size, black and white, its pixels in as few bytes as there can be. */
function pngOf(width: number, height: number, pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))): Buffer {
  const piece = (kind: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), piece('IHDR', header), piece('IDAT', pixels), piece('IEND', Buffer.alloc(0))]);
}

const uint8 = (count: number): Uint8Array => Uint8Array.from({ length: count * 8 * 8 * 3 }, (_, i) => (i * 7919) % 251);
const x = { shape: [40, 8, 8, 3], data: uint8(40) };
const y = { shape: [40], data: Int32Array.from({ length: 40 }, (_, i) => i % 3) };
const floats = (set: (data: Float32Array) => void): { shape: number[]; data: Float32Array } => {
  const data = Float32Array.from(x.data, (value) => value / 255);
  set(data);
  return { shape: x.shape, data };
};

interface BadData {
  readonly what: string;
  readonly program: string;
  readonly make: (place: string) => Promise<unknown> | void;
  readonly code: string;
  readonly says: readonly (string | RegExp)[];
}

const enough = { cat: 8, dog: 8 };
const npz = (arrays: Parameters<typeof writeNpz>[0]) => (place: string): void => void here.write(`${place}/data.npz`, writeNpz(arrays));

const bad: readonly BadData[] = [
  { what: 'a data folder that is missing', program: folderProgram(), make: () => undefined, code: 'CNN4050', says: ['there is no folder "pictures"', /:1:8\n/, 'paths are relative to the program'] },
  { what: 'a data folder misspelt', program: folderProgram().replace('pictures', 'pictuers'), make: (p) => classes(p, enough), code: 'CNN4050', says: ['"pictuers"', 'did you mean "pictures"?'] },
  { what: 'a file where the folder should be', program: folderProgram(), make: (p) => void here.write(`${p}/pictures`, 'text'), code: 'CNN4051', says: ['"pictures" is a file', 'one sub-folder for each class'] },
  { what: 'an empty folder', program: folderProgram(), make: (p) => void mkdirSync(here.path(p, 'pictures')), code: 'CNN4053', says: ['"pictures" has no sub-folders', 'pictures/cat/1.jpg'] },
  { what: 'pictures without class folders', program: folderProgram(), make: async (p) => here.write(`${p}/pictures/1.png`, await picture(1)), code: 'CNN4053', says: ['holds 1 picture but no sub-folders', 'pictures/cat/1.jpg'] },
  { what: 'a folder with one class', program: folderProgram(), make: (p) => classes(p, { cat: 8 }), code: 'CNN4054', says: ['one class only, cat', 'sub-folder of their own'] },
  { what: 'a class without pictures', program: folderProgram(), make: (p) => classes(p, { ...enough, bird: 0 }), code: 'CNN4055', says: ['the class bird has no pictures', 'add pictures'] },
  {
    what: 'a truncated JPEG',
    program: folderProgram(),
    make: async (p) => {
      await classes(p, enough);
      const whole = await sharp(Buffer.from(uint8(300)), { raw: { width: 160, height: 120, channels: 3 } }).jpeg().toBuffer();
      here.write(`${p}/pictures/cat/cut.jpg`, whole.subarray(0, whole.length >> 1));
    },
    code: 'CNN4059',
    says: ['1 picture of 17 cannot be decoded', 'cat/cut.jpg: it is cut off', 'on_corrupt skip'],
  },
  { what: 'a text named .png', program: folderProgram(), make: async (p) => (await classes(p, enough), here.write(`${p}/pictures/dog/notes.png`, 'Dear diary,\n')), code: 'CNN4059', says: ['dog/notes.png: it is text, not png, jpg or webp', 'on_corrupt skip'] },
  { what: 'an empty file named .jpg', program: folderProgram(), make: async (p) => (await classes(p, enough), here.write(`${p}/pictures/dog/0.jpg`, '')), code: 'CNN4059', says: [/dog\/0\.jpg: .*empty/, 'on_corrupt skip'] },
  { what: 'a PNG that claims 30,000 x 30,000 pixels', program: folderProgram(), make: async (p) => (await classes(p, enough), here.write(`${p}/pictures/cat/huge.png`, pngOf(30_000, 30_000, deflateSync(Buffer.alloc(9))))), code: 'CNN4059', says: ['cat/huge.png', '30000x30000', 'on_corrupt skip'] },
  { what: 'NaN in an npz', program: arrayProgram, make: npz({ x: floats((data) => (data[(7 * 64 + 8 * 1 + 2) * 3] = NaN)), y }), code: 'CNN4069', says: ['x[7, 1, 2, 0] is not a number (NaN)', 'numpy.nan_to_num'] },
  { what: 'infinity in an npz', program: arrayProgram, make: npz({ x: floats((data) => (data[0] = Infinity)), y }), code: 'CNN4069', says: ['x[0, 0, 0, 0] is infinite', 'numpy.nan_to_num'] },
  { what: 'labels of another length', program: arrayProgram, make: npz({ x, y: { shape: [35], data: y.data.slice(0, 35) } }), code: 'CNN4068', says: ['x has 40 pictures, but y has 35 labels', 'each picture needs one label'] },
  { what: 'labels below 0', program: arrayProgram, make: npz({ x, y: { shape: [40], data: y.data.map((label) => label - 1) } }), code: 'CNN4070', says: ['y[0] is -1', 'number the classes from 0'] },
  { what: 'no labels', program: arrayProgram, make: npz({ x }), code: 'CNN4066', says: ['"data.npz" has no array y', 'numpy.savez'] },
  { what: 'flat pictures', program: arrayProgram, make: npz({ x: { shape: [40, 192], data: x.data }, y }), code: 'CNN4067', says: ['(40, 192)'] },
  { what: 'an npz cut in half', program: arrayProgram, make: (p) => (npz({ x, y })(p), truncateSync(here.path(p, 'data.npz'), 4000)), code: 'CNN4065', says: ['"data.npz" cannot be used', 'cut off', 'copy it again'] },
  { what: 'a text named .npz', program: arrayProgram, make: (p) => void here.write(`${p}/data.npz`, 'x,y\n1,2\n'), code: 'CNN4065', says: ['"data.npz" cannot be used', 'not a zip archive'] },
  { what: 'an npz that is missing', program: arrayProgram, make: () => undefined, code: 'CNN4050', says: ['there is no file "data.npz"', 'relative to the program'] },
];

describe('refused', () => {
  it.each(bad.map((b, i) => ({ ...b, place: `bad-${i}` })))('$what', async ({ place, program, make, code, says }) => {
    mkdirSync(here.path(place));
    await make(place);
    here.write(`${place}/program.cnn`, program);
    const before = listing(here.path(place));
    // Without an engine, which would only start in vain: what is wrong with the data comes first.
    const ran = await here.cnnc(['run', `${place}/program.cnn`], { timeout: 20_000, env: { CNNC_CACHE: here.path(`${place}-cache`) } });
    expectRefusal(ran, { exit: 1, code, says: [`${place}/program.cnn`, ...says] });
    expect(listing(here.path(place))).toEqual(before);
  });

  const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
  it.skipIf(process.platform === 'win32')('a folder without permission', async () => {
    await classes('locked', enough);
    here.write('locked/program.cnn', folderProgram());
    chmodSync(here.folder, 0o755);
    chmodSync(here.path('locked/pictures'), 0o000);
    const ran = await here.cnnc(['run', 'locked/program.cnn'], { ...(nobody === undefined ? {} : { uid: nobody }), env: { HOME: here.folder } });
    chmodSync(here.path('locked/pictures'), 0o755);
    expectRefusal(ran, { exit: 1, code: 'CNN4052', says: ['"pictures" cannot be read: permission denied', 'chmod'] });
  });
});

describe.skipIf(!engineAvailable())('warned of, and trained', () => {
  const trained = async (place: string, program: string): Promise<string> => {
    here.write(`${place}/program.cnn`, program);
    const ran = await here.cnnc(['run', `${place}/program.cnn`, '--out', `${place}/run`]);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: '' });
    expect(here.json(`${place}/run/manifest.json`)).toMatchObject({ status: 'finished' });
    return ran.stderr;
  };

  it('a class with one picture', async () => {
    await classes('single', { cat: 8, dog: 1 });
    const stderr = await trained('single', folderProgram());
    expect(stderr).toContain('warning CNN4063: the class dog has 1 picture: none of it is in the test part');
    expect(stderr).toContain('help: add pictures');
  });

  it('corrupt pictures left out, a link that leads nowhere, files of other kinds', async () => {
    await classes('skip', enough);
    here.write('skip/pictures/dog/notes.png', 'Dear diary,\n');
    here.write('skip/pictures/dog/notes.tiff', 'II*\0');
    symlinkSync('nowhere.png', here.path('skip/pictures/dog/link.png'));
    const stderr = await trained('skip', folderProgram('; on_corrupt skip'));
    expect(stderr).toContain('CNN4060: 1 picture of 17 cannot be decoded and is left out');
    expect(stderr.match(/warning CNN4058: /g)).toHaveLength(2);
  });

  it('a picture 30,000 pixels wide is no trouble', async () => {
    await classes('wide', enough);
    here.write('wide/pictures/cat/wide.png', pngOf(30_000, 40));
    expect(await trained('wide', folderProgram())).toContain('17 pictures →');
  });

  it('a batch larger than the set', async () => {
    mkdirSync(here.path('batch'));
    npz({ x, y })('batch');
    const stderr = await trained('batch', arrayProgram.replace('batch 4', 'batch 1000'));
    expect(stderr).toContain('warning CNN2207: a batch of 1,000 is larger than the whole training part, which has about 24 pictures');
    expect(stderr).toMatch(/help: use a smaller batch: batch \d+/);
  });

  it('decoded pictures that cannot be kept', async () => {
    await classes('cache', enough);
    here.write('cache/program.cnn', folderProgram());
    // A file where their folder would be.
    here.write('engines-only/pictures', '');
    symlinkSync(`${here.cache}/engines`, here.path('engines-only/engines'));
    const ran = await here.cnnc(['run', 'cache/program.cnn', '--out', 'cache/run'], { env: { CNNC_CACHE: here.path('engines-only') } });
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain('warning CNN4078: the decoded pictures could not be kept');
    expect(ran.stderr).toContain('CNNC_CACHE');
  });
});
