/**
 * What a picture looks like, in 216 bytes: itself at 9x8 pixels. From that a difference hash of 64 bits (dHash, N. Krawetz,
 * "Kind of like that", 2013: is each gray pixel brighter than the one to its right?), which copies of another size, quality or
 * brightness nearly share. Decoding a picture for this also tells whether it can be decoded at all.
 */
import { readFile } from 'node:fs/promises';
import type { ImagePlan } from '../../compiler/model/program.ts';
import { decodeImage, ImageError } from './decode.ts';
import { computeOnce } from './file-index.ts';
import { readImageHeader } from './image-header.ts';
import { systemReason } from './locate.ts';

export interface Look {
  /** As stored; 0 where unknown. */
  readonly width: number;
  readonly height: number;
  /** [8, 9, 3] uint8; null: it cannot be decoded. */
  readonly small: Uint8Array | null;
  /** A clause for a message, where it cannot be decoded. */
  readonly reason: string | null;
}

/** width, height, base64 of the small picture, reason */
type Kept = readonly [number, number, string, string];

const smallPlan: ImagePlan = { height: 8, width: 9, channels: 3, resize: 'stretch', interpolation: 'bilinear', exif: false };
const smallBytes = 8 * 9 * 3;

/** Of each file in order, from what was kept where files did not change. Rejects with the system's error, or the signal's reason. */
export async function lookAt(root: string, paths: readonly string[], cache: string | null, options: Parameters<typeof computeOnce>[4]): Promise<Look[]> {
  const kept = await computeOnce({ name: 'looks', isValue: isKept, compute: lookAtFile }, root, paths, cache, options);
  return kept.map(([width, height, small, reason]) => ({ width, height, small: small === '' ? null : new Uint8Array(Buffer.from(small, 'base64')), reason: reason === '' ? null : reason }));
}

async function lookAtFile(path: string): Promise<Kept> {
  let size: { readonly width: number; readonly height: number } | null = null;
  try {
    const bytes = await readFile(path).catch((error: unknown) => {
      throw new ImageError(`it cannot be read: ${systemReason(error)}`);
    });
    size = readImageHeader(bytes)?.size ?? null;
    const small = await decodeImage(bytes, smallPlan, { shrinkOnLoad: true });
    return [size?.width ?? 0, size?.height ?? 0, Buffer.from(small).toString('base64'), ''];
  } catch (error) {
    if (error instanceof ImageError) return [size?.width ?? 0, size?.height ?? 0, '', error.reason];
    throw error;
  }
}

const isKept = (value: unknown): value is Kept =>
  Array.isArray(value) && value.length === 4 && Number.isInteger(value[0]) && Number.isInteger(value[1]) && typeof value[2] === 'string' && typeof value[3] === 'string' && (value[2] === '' ? value[3] !== '' : Buffer.from(value[2], 'base64').length === smallBytes);
