/**
 * What the ONNX engine computes itself, straight into the memory that the runtime reads, in its order: dropout masks and warped
 * images. The arithmetic is in onnx-kernels.wasm (kernels/kernels.as); this is its memory.
 */
'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const PAGE = 65536;
const FILL = { nearest: 0, constant: 1, reflect: 2, wrap: 3 };

function openKernels() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports: kernels } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(join(__dirname, 'onnx-kernels.wasm'))), {
    env: { memory, abort: () => { throw new Error('internal error in the kernels'); } },
  });
  // AssemblyScript's own data lies first.
  let top = 1024;
  const buffers = new Map();

  /** The place of a buffer by name, the same one unless it must grow; 64 bytes stay free behind it. Views of the memory end with it. */
  const reserve = (name, bytes) => {
    const known = buffers.get(name);
    if (known && known.bytes >= bytes) return known.at;
    const at = top;
    top = Math.ceil((at + bytes + 64) / 64) * 64;
    const missing = Math.ceil((top - memory.buffer.byteLength) / PAGE);
    if (missing > 0) memory.grow(missing);
    buffers.set(name, { at, bytes });
    return at;
  };

  /** A result that lies here until the next of its name. The view is good until the memory grows: make all, then look. */
  const view = ({ type, at, length }) => new type(memory.buffer, at, length);

  /** The mask of one dropout for `count` samples: floats of 1/keep and 0 in the order of memory, or bytes of 1 and 0 where `keep` is null. */
  function drawMask({ name, attrs, keep, shape, layout }, count, key, step) {
    const { bits, threshold, stream } = attrs;
    const each = shape.slice(1).reduce((a, b) => a * b, 1);
    const total = each * (shape.length === 0 ? 1 : count);
    const blocks = Math.ceil((total * bits) / 128);
    const drawn = reserve('drawn', Math.ceil(blocks / 4) * 64 + 64);
    const out = reserve(name, total * (keep === null ? 1 : 4));
    kernels.draw(drawn, blocks, key[0], key[1], step, stream);
    if (bits === 8) kernels.atLeast8(drawn, total, threshold);
    else kernels.atLeast16(drawn, total, threshold);
    const image = layout.kind === 'image' ? shape.slice(1) : layout.kind === 'flat' ? layout.image : null;
    if (keep === null) {
      plainMask(new Uint8Array(memory.buffer, drawn, total), new Uint8Array(memory.buffer, out, total), each, image);
      return { type: Uint8Array, at: out, length: total };
    }
    if (image) kernels.imageFactors(out, drawn, count, image[0] * image[1], image[2], 1 / keep);
    else kernels.factors(out, drawn, total, 1 / keep);
    return { type: Float32Array, at: out, length: total };
  }

  /** Uniform numbers (u + ½) / 2^16 of the 16-bit draws, in the graph's own order. */
  function drawUniform({ name, attrs, shape }, count, key, step) {
    const total = shape.slice(1).reduce((a, b) => a * b, shape.length === 0 ? 1 : count);
    const blocks = Math.ceil((total * 16) / 128);
    const drawn = reserve('drawn', Math.ceil(blocks / 4) * 64 + 64);
    const out = reserve(name, total * 4);
    kernels.draw(drawn, blocks, key[0], key[1], step, attrs.stream);
    const halves = new Uint16Array(memory.buffer, drawn, total);
    const numbers = new Float32Array(memory.buffer, out, total);
    for (let i = 0; i < total; i++) numbers[i] = (halves[i] + 0.5) / 0x10000;
    return { type: Float32Array, at: out, length: total };
  }

  /** Images [N,H,W,C] of bytes or numbers → [N,C,H,W]. */
  function warpImages({ name, attrs, shape }, images, count, transforms) {
    const [, height, width, channels] = shape;
    const from = reserve('images', images.byteLength);
    const by = reserve('transforms', transforms.byteLength);
    const total = count * height * width * channels;
    const out = reserve(name, 4 * total);
    new Uint8Array(memory.buffer, from, images.byteLength).set(new Uint8Array(images.buffer, images.byteOffset, images.byteLength));
    new Float32Array(memory.buffer, by, transforms.length).set(transforms);
    const warp = images instanceof Float32Array ? kernels.warpFloats : kernels.warpBytes;
    warp(out, from, by, count, height, width, channels, attrs.interpolation === 'bilinear', FILL[attrs.fill], attrs.fillValue);
    return { type: Float32Array, at: out, length: total };
  }

  return { drawMask, drawUniform, warpImages, view };
}

/** Bytes of 255 and 0 → 1 and 0, images channels first. */
function plainMask(bytes, out, each, image) {
  const channels = image ? image[2] : 1;
  const pixels = image ? image[0] * image[1] : each;
  for (let i = 0; i < bytes.length; i++) {
    const within = i % each;
    const pixel = Math.floor(within / channels);
    out[i - within + (within % channels) * pixels + pixel] = bytes[i] & 1;
  }
}

module.exports = { openKernels };
