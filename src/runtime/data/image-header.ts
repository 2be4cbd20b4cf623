/**
 * What a file of a picture says about itself in its first bytes: kind and size, without decoding (PNG specification 5.2 and 11.2.2;
 * JPEG, ITU T.81 annex B; WebP, RFC 9649). Endings of names are not believed.
 */
export interface ImageHeader {
  readonly format: 'png' | 'jpeg' | 'webp';
  /** As stored, before any EXIF orientation; null when the header is damaged. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
};

export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return { format: 'png', size: pngSize(bytes) };
  if (startsWith(bytes, '\xff\xd8\xff')) return { format: 'jpeg', size: jpegSize(bytes) };
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return { format: 'webp', size: webpSize(bytes) };
  return null;
}

/** A noun for bytes that are no picture we read: "a GIF picture", "text", "an empty file". */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  if (startsWith(bytes, 'GIF8')) return 'a GIF picture';
  if (startsWith(bytes, 'BM') && bytes.length > 26) return 'a BMP picture';
  if (startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*')) return 'a TIFF picture';
  if (startsWith(bytes, 'ftyp', 4)) return /hei[cfx]|mif1|avif/.test(latin1(bytes, 8, 32)) ? 'a HEIC or AVIF picture' : 'a video';
  if (startsWith(bytes, '%PDF')) return 'a PDF document';
  if (startsWith(bytes, 'PK\x03\x04')) return 'a zip archive';
  if (startsWith(bytes, '\x1f\x8b')) return 'a gzip file';
  if (startsWith(bytes, '\0\0\x01\0')) return 'an icon';
  if (startsWith(bytes, '8BPS')) return 'a Photoshop file';
  const start = latin1(bytes, 0, 512);
  if (/^\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*<svg/i.test(start)) return 'an SVG drawing';
  if (/^\s*<(!doctype html|html)/i.test(start)) return 'a web page';
  if (bytes.subarray(0, 64).every((b) => b === 0)) return 'filled with zero bytes';
  if (/^[\t\n\r\x20-\x7e\x80-\xff]*$/.test(start)) return 'text';
  return 'of an unknown kind';
}

const latin1 = (bytes: Uint8Array, from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function pngSize(bytes: Uint8Array): ImageHeader['size'] {
  if (bytes.length < 24 || !startsWith(bytes, 'IHDR', 12)) return null;
  const view = viewOf(bytes);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function jpegSize(bytes: Uint8Array): ImageHeader['size'] {
  const view = viewOf(bytes);
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1];
    // Fill bytes and markers without a segment.
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    const startOfFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (startOfFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    if (marker === 0xd9 || marker === 0xda) return null;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function webpSize(bytes: Uint8Array): ImageHeader['size'] {
  if (bytes.length < 30) return null;
  const view = viewOf(bytes);
  if (startsWith(bytes, 'VP8X', 12)) {
    const three = (at: number): number => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
    return { width: three(24) + 1, height: three(27) + 1 };
  }
  if (startsWith(bytes, 'VP8L', 12)) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (startsWith(bytes, 'VP8 ', 12)) return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  return null;
}
