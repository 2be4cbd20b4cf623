/**
 * The one decoder of cnnc: training, predict and the web page see the same pixels, those of sharp (libvips). PIL's and TensorFlow's
 * differ by a level or two, and libvips smooths when it shrinks. Without `exif` the orientation tag is not applied, as in Keras.
 *
 * Pictures in flight at once are bounded by libuv's threads, 4 unless UV_THREADPOOL_SIZE says otherwise. Setting that in an ES module
 * is too late (the loader has started the threads); the environment or a CommonJS entry can. sharp itself is told to use one thread
 * a picture and to keep nothing.
 */
import type { ImagePlan } from '../../compiler/model/program.ts';
import { describeBytes, readImageHeader } from './image-header.ts';

type SharpModule = (typeof import('sharp'))['default'];

/** libvips's own default, 0x3FFF². */
export const mostPixels = 268_402_689;

/** A picture that cannot be decoded; `reason` is a clause for a message: "it is cut off". */
export class ImageError extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = 'ImageError';
    this.reason = reason;
  }
}

let loaded: Promise<SharpModule> | null = null;

/** sharp is loaded when the first picture is decoded: commands without pictures start faster. */
function loadSharp(): Promise<SharpModule> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return loaded;
}

/** Goes into the key of decoded pictures: other decoders give other pixels. */
export async function decoderVersion(): Promise<string> {
  const { versions } = await loadSharp();
  return `1 sharp ${versions.sharp} vips ${versions.vips}`;
}

const kernels = { nearest: 'nearest', bilinear: 'linear', bicubic: 'cubic', lanczos: 'lanczos3' } as const;
const fits = { stretch: 'fill', crop: 'cover', pad: 'contain' } as const;

/**
 * Decodes png, jpg or webp bytes (told by their first bytes) to [height, width, channels] uint8, row-major.
 * Alpha is dropped, colour profiles are ignored, 16 bits become 8; gray is PIL's L (ITU-R 601). Rejects with ImageError.
 */
export async function decodeImage(bytes: Uint8Array, plan: ImagePlan, limits: { readonly pixels?: number; /** Faster and rougher. */ readonly shrinkOnLoad?: boolean } = {}): Promise<Uint8Array> {
  const header = readImageHeader(bytes);
  if (!header) {
    const kind = describeBytes(bytes);
    throw new ImageError(kind === 'an empty file' ? 'it is empty' : `it is ${kind}, not png, jpg or webp`);
  }
  const most = limits.pixels ?? mostPixels;
  if (header.size && header.size.width * header.size.height > most) {
    throw new ImageError(`it has ${header.size.width}x${header.size.height} pixels (width x height); at most ${most} pixels are read`);
  }
  const sharp = await loadSharp();
  const image = sharp(bytes, { failOn: 'warning', limitInputPixels: most, ignoreIcc: true, autoOrient: plan.exif });
  return run(image, plan, bytes, limits.shrinkOnLoad ?? false);
}

/** The same conversion for samples that are pixels already, [height, width, 1 or 3] uint8. */
export async function convertPixels(pixels: Uint8Array, shape: readonly [number, number, number], plan: ImagePlan): Promise<Uint8Array> {
  const [height, width, channels] = shape;
  if (channels !== 1 && channels !== 3) throw new ImageError(`it has ${channels} channels; 1 or 3 can be converted`);
  if (height === plan.height && width === plan.width && channels === plan.channels) return pixels;
  const sharp = await loadSharp();
  return run(sharp(pixels, { raw: { width, height, channels } }), plan, pixels, false);
}

async function run(image: ReturnType<SharpModule>, plan: ImagePlan, bytes: Uint8Array, fastShrinkOnLoad: boolean): Promise<Uint8Array> {
  const { width, height } = plan;
  let result: { data: Uint8Array; info: { width: number; height: number; channels: number } };
  try {
    result = await image
      .removeAlpha()
      .toColourspace('srgb')
      .resize(width, height, { fit: fits[plan.resize], kernel: kernels[plan.interpolation], background: '#000', position: 'centre', fastShrinkOnLoad })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw new ImageError(reasonOf(error as Error, bytes));
  }
  const { data, info } = result;
  if (info.width !== width || info.height !== height || info.channels !== 3) {
    throw new Error(`sharp gave ${info.height}x${info.width}x${info.channels} for ${height}x${width}x3`);
  }
  return plan.channels === 3 ? new Uint8Array(data.buffer, data.byteOffset, data.length) : toGray(data);
}

/** PIL's L: fixed-point ITU-R 601 weights (Convert.c). Equal channels keep their value. */
function toGray(rgb: Uint8Array): Uint8Array {
  const gray = new Uint8Array(rgb.length / 3);
  for (let i = 0, j = 0; i < gray.length; i++, j += 3) gray[i] = (rgb[j] * 19595 + rgb[j + 1] * 38470 + rgb[j + 2] * 7471 + 0x8000) >> 16;
  return gray;
}

function reasonOf(error: Error, bytes: Uint8Array): string {
  const { message } = error;
  // libvips keeps the text of a warning in one place for all threads: another picture's decoding may have taken it away.
  if (/Warning treated as error/.test(message)) return endsWhole(bytes) ? 'it is damaged' : 'it is cut off';
  if (/premature end of (jpeg image|input file)|truncated|unexpected end|end of stream|read error|not enough data/i.test(message)) return 'it is cut off';
  if (/pixel limit/.test(message)) return `it has more than ${mostPixels} pixels`;
  const [first] = message.split('\n');
  return `it is damaged (${first.replace(/^Input (buffer|file) has corrupt header: /, '').replace(/^Vips\w+: /i, '').trim()})`;
}

/** Whether a JPEG, PNG or WebP holds its last part: the end marker, the IEND chunk, or as many bytes as its header says. */
function endsWhole(bytes: Uint8Array): boolean {
  const at = (offset: number): number => bytes[offset < 0 ? bytes.length + offset : offset] ?? 0;
  if (at(0) === 0xff) {
    let end = bytes.length;
    while (end > 2 && bytes[end - 1] === 0) end--;
    return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
  }
  if (at(0) === 0x89) return String.fromCharCode(at(-8), at(-7), at(-6), at(-5)) === 'IEND';
  return bytes.length >= at(4) + at(5) * 0x100 + at(6) * 0x10000 + at(7) * 0x1000000 + 8;
}
