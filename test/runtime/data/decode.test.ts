import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImagePlan } from '../../../src/compiler/model/program.ts';
import { convertPixels, decodeImage, decoderVersion, ImageError } from '../../../src/runtime/data/decode.ts';
import { readImageHeader } from '../../../src/runtime/data/image-header.ts';
import { crc32 } from '../../../src/runtime/files/zip.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../fixtures/images/${name}`, import.meta.url)));
const goldens = JSON.parse(Buffer.from(fixture('goldens.json')).toString()) as {
  decoded: Record<string, { height: number; width: number; rgb: string; gray: string }>;
  'ramps.png to 16x12': Record<'bilinear' | 'bicubic' | 'lanczos', string>;
};
const plan = (height: number, width: number, more: Partial<ImagePlan> = {}): ImagePlan => ({ height, width, channels: 3, resize: 'stretch', interpolation: 'bilinear', exif: false, ...more });
const fromBase64 = (text: string): number[] => [...Buffer.from(text, 'base64')];
const mostDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));
};
const reasonFor = async (bytes: Uint8Array, limits = {}): Promise<string> => {
  const error = await decodeImage(bytes, plan(4, 4), limits).then(() => null, (e: unknown) => e);
  expect(error).toBeInstanceOf(ImageError);
  return (error as ImageError).reason;
};

describe('every kind of picture has the pixels PIL gives', () => {
  it.each(Object.entries(goldens.decoded))('%s', async (name, { height, width, rgb, gray }) => {
    // PNG and lossless WebP are exact; JPEG and lossy WebP decoders differ by a level or two.
    const tolerance = /jpg|lossy/.test(name) ? 3 : 0;
    expect(mostDifference(await decodeImage(fixture(name), plan(height, width)), fromBase64(rgb))).toBeLessThanOrEqual(tolerance);
    expect(mostDifference(await decodeImage(fixture(name), plan(height, width, { channels: 1 })), fromBase64(gray))).toBeLessThanOrEqual(tolerance);
    expect(readImageHeader(fixture(name))?.size).toEqual({ width, height });
  });

  it('16-bit gray becomes 8-bit', async () => {
    const want = Array.from({ length: 48 }, (_, i) => Math.floor((i * 1365) / 256));
    expect(mostDifference(await decodeImage(fixture('gray16.png'), plan(6, 8, { channels: 1 })), want)).toBeLessThanOrEqual(1);
  });

  it('CMYK becomes three channels with the inks the right way round', async () => {
    const pixels = await decodeImage(fixture('cmyk.jpg'), plan(32, 48));
    const at = (y: number, x: number): number[] => [...pixels.subarray((y * 48 + x) * 3, (y * 48 + x) * 3 + 3)];
    expect(Math.min(...at(0, 0))).toBeGreaterThan(240); // no ink
    expect(at(0, 47)[0]).toBeLessThan(60); // much cyan: little red
  });
});

it('applies the orientation only when asked', async () => {
  const upright = await decodeImage(fixture('turned.jpg'), plan(48, 32, { exif: true }));
  const stored = await decodeImage(fixture('turned.jpg'), plan(32, 48));
  // Upright (y, x) was stored at (31 − x, y).
  const turned = Array.from(upright, (_, i) => stored[((31 - (Math.floor(i / 3) % 32)) * 48 + Math.floor(i / 96)) * 3 + (i % 3)]);
  expect(mostDifference(upright, turned)).toBeLessThanOrEqual(1);
});

describe('resizing', () => {
  it.each(Object.entries(goldens['ramps.png to 16x12']))('%s is close to PIL', async (interpolation, golden) => {
    const pixels = await decodeImage(fixture('ramps.png'), plan(16, 12, { interpolation: interpolation as 'bilinear' }));
    expect(mostDifference(pixels, fromBase64(golden))).toBeLessThanOrEqual(8);
  });

  it('crop keeps the middle, pad adds black', async () => {
    const wide = new Uint8Array(4 * 8 * 3).fill(200);
    for (let y = 0; y < 4; y++) for (let x = 2; x < 6; x++) wide.fill(90, (y * 8 + x) * 3, (y * 8 + x) * 3 + 3);
    const cropped = await convertPixels(wide, [4, 8, 3], plan(4, 4, { resize: 'crop', interpolation: 'nearest' }));
    expect([...cropped]).toEqual(Array.from({ length: 48 }, () => 90));
    const padded = await convertPixels(wide, [4, 8, 3], plan(8, 8, { resize: 'pad', interpolation: 'nearest' }));
    expect([...padded.subarray(0, 48)]).toEqual(Array.from({ length: 48 }, () => 0));
    expect([...padded.subarray(48, 51)]).toEqual([200, 200, 200]);
  });

  it('pixels of the right size are passed through', async () => {
    const pixels = new Uint8Array([1, 2, 3, 4]);
    expect(await convertPixels(pixels, [2, 2, 1], plan(2, 2, { channels: 1 }))).toBe(pixels);
    expect([...(await convertPixels(pixels, [2, 2, 1], plan(2, 2)))]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
  });
});

function png(width: number, height: number, rows: Uint8Array): Uint8Array {
  const chunk = (name: string, data: Uint8Array): Buffer => {
    const whole = Buffer.alloc(12 + data.length);
    whole.writeUInt32BE(data.length, 0);
    whole.write(name, 4, 'latin1');
    whole.set(data, 8);
    whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
    return whole;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8); // one bit gray
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

describe('what is no picture has a reason', () => {
  const text = (s: string): Uint8Array => Buffer.from(s);
  const jpg = fixture('rgb.jpg');
  const rgb = fixture('rgb.png');
  const scrambled = jpg.slice();
  scrambled.set([0xff, 0x33, 0x44], Buffer.from(jpg).indexOf('\xff\xda', 0, 'latin1') + 11); // a marker that does not exist; libvips sees such only before the last lines
  const badChecksum = rgb.slice();
  badChecksum[60] ^= 255;
  it.each<[string, Uint8Array, string | RegExp]>([
    ['an empty file', new Uint8Array(0), 'it is empty'],
    ['zero bytes', new Uint8Array(500), 'it is filled with zero bytes, not png, jpg or webp'],
    ['text', text('not a picture at all'), 'it is text, not png, jpg or webp'],
    ['a web page', text('<!DOCTYPE html><html>'), 'it is a web page, not png, jpg or webp'],
    ['SVG', text('<?xml version="1.0"?>\n<svg xmlns="x"/>'), 'it is an SVG drawing, not png, jpg or webp'],
    ['GIF', fixture('picture.gif'), 'it is a GIF picture, not png, jpg or webp'],
    ['BMP', fixture('picture.bmp'), 'it is a BMP picture, not png, jpg or webp'],
    ['TIFF', fixture('picture.tiff'), 'it is a TIFF picture, not png, jpg or webp'],
    ['HEIC', text('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'it is a HEIC or AVIF picture, not png, jpg or webp'],
    ['a JPEG cut in half', jpg.subarray(0, jpg.length >> 1), 'it is cut off'],
    ['a JPEG of 20 bytes', jpg.subarray(0, 20), 'it is cut off'],
    ['a damaged JPEG', scrambled, /^it is damaged|^it is cut off/],
    ['a PNG cut in half', rgb.subarray(0, rgb.length >> 1), /^it is cut off/],
    ['a damaged PNG', badChecksum, /^it is damaged|^it is cut off/],
    ['a PNG of nothing but its signature', rgb.subarray(0, 8), /^it is/],
    ['a WebP cut in half', fixture('lossy.webp').subarray(0, 60), /^it is/],
    ['a PNG bomb', png(30_000, 30_000, new Uint8Array(3751 * 40)), 'it has 30000x30000 pixels (width x height); at most 268402689 pixels are read'],
  ])('%s', async (_, bytes, reason) => {
    const said = await reasonFor(bytes);
    if (typeof reason === 'string') expect(said).toBe(reason);
    else expect(said).toMatch(reason);
  });

  it('a limit of one’s own', async () => {
    expect(await reasonFor(rgb, { pixels: 47 })).toContain('8x6 pixels');
  });

  it('never anything but a reason, whatever bytes change', async () => {
    const bases = ['rgb.png', 'rgb.jpg', 'lossy.webp', 'palette-alpha.png', 'progressive.jpg'].map(fixture);
    const damage = fc.record({ base: fc.constantFrom(...bases), cut: fc.nat({ max: 2000 }), edits: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 }) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ base, cut, edits }) => {
        const bytes = base.slice(0, cut < base.length ? cut : base.length);
        for (const [at, value] of edits) if (bytes.length > 0) bytes[at % bytes.length] = value;
        const result = await decodeImage(bytes, plan(4, 4)).catch((error: unknown) => error);
        expect(result instanceof ImageError || (result as Uint8Array).length === 48).toBe(true);
      }),
      { numRuns: process.env.CNNC_SOAK ? 3000 : 60 },
    );
  });
});

it('a picture of 30,000 pixels across is read', async () => {
  const pixels = await decodeImage(png(30_000, 2, new Uint8Array(2 * 3751).fill(255).fill(0, 0, 1).fill(0, 3751, 3752)), plan(1, 4, { channels: 1 }));
  expect([...pixels]).toEqual([255, 255, 255, 255]);
});

it('names its version', async () => {
  expect(await decoderVersion()).toMatch(/^1 sharp \d+\.\d+\.\d+.* vips \d+/);
});
