/** Opens a data set: select (find, hash, limit) → decode → split → warnings. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnostic } from '../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { DataPlan } from '../../compiler/model/program.ts';
import { cacheFolder } from '../files/cache-folder.ts';
import { sha256Of } from '../files/hash.ts';
import { decodeAll } from './cache.ts';
import type { Decoded } from './cache.ts';
import type { Dataset, OpenDataset, OpenOptions } from './dataset.ts';
import { convertPixels, decodeImage, decoderVersion, ImageError } from './decode.ts';
import { factsOf, spanOf } from './find.ts';
import type { Found, Pixels } from './found.ts';
import { readImageHeader } from './image-header.ts';
import { systemReason } from './locate.ts';
import { PackGone } from './pack.ts';
import { pick, selectSamples, splitInput, turnedPictures } from './select.ts';
import { splitSamples } from './split.ts';
import { reportSplit } from './split-report.ts';

/** Rejects with DiagnosticError, or with the signal's reason when it is aborted. */
export const openDataset: OpenDataset = async (plan, options) => {
  const span = spanOf(plan.source);
  const cache = plan.cache ? (options.cacheFolder ?? cacheFolder()) : null;
  let selected = await selectSamples(plan, options, cache);
  const asked = selected.found;

  const decoded = await decode(asked, selected.hashes, plan, cache, options);
  try {
    let { sizes } = decoded;
    const corrupt = decoded.corrupt.map(([index, reason]) => ({ path: asked.describe(index), reason }));
    const warnings: Diagnostic[] = [...asked.warnings, ...decoded.warnings];
    if (corrupt.length > 0) {
      const facts = { count: corrupt.length, total: asked.count, files: corrupt.slice(0, 10) };
      if (plan.onCorrupt === 'error') throw new DiagnosticError([diagnostic('CNN4059', span, facts)]);
      warnings.push(diagnostic('CNN4060', span, facts));
      const bad = new Set(decoded.corrupt.map(([index]) => index));
      const kept = selected.hashes.flatMap((_, i) => (bad.has(i) ? [] : [i]));
      selected = pick(selected, kept);
      sizes = kept.map((i) => sizes[i]);
    }
    const { found, hashes } = selected;
    warnings.push(...turnedPictures(found, sizes, plan));

    const input = splitInput(selected, plan);
    const parts = splitSamples(input);
    const report = reportSplit({ ...input, parts, classes: found.labels.classes, describe: found.describe, span });
    const errors = report.filter((d) => d.severity === 'error');
    if (errors.length > 0) throw new DiagnosticError(errors);
    warnings.push(...report);

    const { height, width, channels } = plan.image;
    const { labels } = found;
    const dataset: Dataset = {
      facts: { ...factsOf(found), sampleShape: asked.pixels.kind === 'files' ? null : asked.pixels.shape, pixelType: decoded.pixelType },
      shape: [height, width, channels],
      pixelType: decoded.pixelType,
      classes: labels.classes,
      parts,
      labels: labels.values,
      labelWidth: labels.width,
      weights: found.weights,
      hash: await hashOfDataset(hashes, found, parts, plan, decoded.pixelType),
      read(index, target, at) {
        try {
          decoded.read(index, target, at);
        } catch (error) {
          if (error instanceof PackGone) throw new DiagnosticError([diagnostic('CNN4080', span, { path: cache ?? 'the temporary folder' })]);
          throw error;
        }
      },
      describe: found.describe,
      warnings,
      close: decoded.close,
    };
    return dataset;
  } catch (error) {
    decoded.close();
    throw error;
  }
};

interface DecodedPixels {
  readonly pixelType: 'uint8' | 'float32';
  read(index: number, target: Uint8Array | Float32Array, at: number): void;
  close(): void;
  readonly corrupt: readonly (readonly [number, string])[];
  readonly sizes: readonly (readonly [number, number])[];
  readonly warnings: readonly Diagnostic[];
}

async function decode(found: Found, hashes: readonly string[], plan: DataPlan, cache: string | null, options: OpenOptions): Promise<DecodedPixels> {
  const { pixels } = found;
  const { image } = plan;
  if (pixels.kind !== 'files') {
    if (pixels.shape[0] === image.height && pixels.shape[1] === image.width && pixels.shape[2] === image.channels) return asTheyAre(pixels);
    if (pixels.kind === 'float32') {
      throw new DiagnosticError([diagnostic('CNN4075', spanOf(plan.source), { have: sizeText(...pixels.shape), want: sizeText(image.height, image.width, image.channels) })]);
    }
  }
  const decoded = await decodeAll({
    count: found.count,
    sampleBytes: image.height * image.width * image.channels,
    key: await keyOf(hashes, plan, pixels),
    decode: decoderOf(pixels, plan),
    cache,
    span: spanOf(plan.source),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return fromPack(decoded, pixels.kind === 'files');
}

const sizeText = (height: number, width: number, channels: number): string => `${height}x${width} ${channels === 1 ? 'gray' : 'rgb'}`;

function asTheyAre(pixels: Exclude<Pixels, { kind: 'files' }>): DecodedPixels {
  const size = pixels.shape[0] * pixels.shape[1] * pixels.shape[2];
  return { pixelType: pixels.kind, read: (index, target, at) => target.set(pixels.data.subarray(index * size, (index + 1) * size), at), close: () => undefined, corrupt: [], sizes: [], warnings: [] };
}

function fromPack({ samples, warnings }: Decoded, files: boolean): DecodedPixels {
  const { corrupt, sizes } = samples.trailer;
  const pairs = files ? Array.from({ length: sizes.length / 2 }, (_, i) => [sizes[2 * i], sizes[2 * i + 1]] as const) : [];
  return { pixelType: 'uint8', read: samples.read, close: samples.close, corrupt, sizes: pairs, warnings };
}

function decoderOf(pixels: Exclude<Pixels, { kind: 'float32' }>, { image }: DataPlan): Parameters<typeof decodeAll>[0]['decode'] {
  if (pixels.kind === 'uint8') {
    const [height, width, channels] = pixels.shape;
    const size = height * width * channels;
    return async (index) => ({ pixels: await convertPixels(pixels.data.subarray(index * size, (index + 1) * size), pixels.shape, image), width, height });
  }
  return async (index) => {
    const bytes = await readFile(join(pixels.root, pixels.paths[index])).catch((error: unknown) => {
      throw new ImageError(`it cannot be read: ${systemReason(error)}`);
    });
    const size = readImageHeader(bytes)?.size;
    return { pixels: await decodeImage(bytes, image), width: size?.width ?? 0, height: size?.height ?? 0 };
  };
}

/** Everything that decoded pixels depend on. */
const keyOf = async (hashes: readonly string[], { image }: DataPlan, pixels: Pixels): Promise<string> =>
  sha256Of([await decoderVersion(), JSON.stringify([image.height, image.width, image.channels, image.resize, image.interpolation, image.exif]), pixels.kind === 'files' ? '' : pixels.shape.join(), ...hashes]);

async function hashOfDataset(hashes: readonly string[], { labels, weights }: Found, parts: Dataset['parts'], { image }: DataPlan, pixelType: string): Promise<string> {
  const bytes = (data: Int32Array | Float32Array): string => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
  return sha256Of([
    JSON.stringify([pixelType, image.height, image.width, image.channels, image.resize, image.interpolation, image.exif, labels.kind, labels.classes, labels.width]),
    ...hashes,
    bytes(labels.values),
    bytes(parts.train),
    bytes(parts.validation),
    bytes(parts.test),
    ...(weights ? [bytes(weights)] : []),
  ]);
}
