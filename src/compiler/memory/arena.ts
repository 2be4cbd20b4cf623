/**
 * onnxruntime's arena (onnxruntime/core/framework/bfc_arena.cc), as far as memory goes: best fit in regions that grow by powers of
 * two and are never given back; a chunk is cut only where at least half of it would be left. Without a step's plan (enableMemPattern
 * off) every tensor comes from here.
 */
import type { Allocator } from './live.ts';

/** Every size is a multiple of it. */
const GRAIN = 256;
const FIRST_REGION = 2 ** 20;
const SECOND_REGION = 2 ** 21;
const MOST_GROWTH = 2 ** 30;
/** As much of a chunk may lie idle in it. */
const MOST_DEAD = 128 * 2 ** 20;

interface Region {
  /** Bytes from its start that have ever been written to: only those are resident. */
  touched: number;
}
interface Chunk {
  readonly region: Region;
  readonly start: number;
  size: number;
  free: boolean;
  before: Chunk | null;
  after: Chunk | null;
}

export function arena(): Allocator<Chunk | null> {
  const regions: Region[] = [];
  const free = new Set<Chunk>();
  let growth = FIRST_REGION;

  const extend = (bytes: number): Chunk => {
    const first = regions.length === 0;
    const enough = growth >= bytes;
    while (growth < bytes) growth *= 2;
    const region: Region = { touched: 0 };
    const chunk: Chunk = { region, start: 0, size: growth, free: true, before: null, after: null };
    regions.push(region);
    free.add(chunk);
    if (first) growth = Math.max(growth, SECOND_REGION);
    else if (enough) growth = Math.min(2 * growth, MOST_GROWTH);
    return chunk;
  };
  const fitting = (bytes: number): Chunk | null => {
    let best: Chunk | null = null;
    for (const chunk of free) if (chunk.size >= bytes && (best === null || chunk.size < best.size)) best = chunk;
    return best;
  };

  return {
    take(asked) {
      if (asked === 0) return null;
      const bytes = Math.ceil(asked / GRAIN) * GRAIN;
      const chunk = fitting(bytes) ?? extend(bytes);
      free.delete(chunk);
      chunk.free = false;
      const { region, start, size, after } = chunk;
      if (size >= 2 * bytes || size - bytes >= MOST_DEAD) {
        const rest: Chunk = { region, start: start + bytes, size: size - bytes, free: true, before: chunk, after };
        if (after) after.before = rest;
        chunk.after = rest;
        chunk.size = bytes;
        free.add(rest);
      }
      region.touched = Math.max(region.touched, start + bytes);
      return chunk;
    },
    give(chunk) {
      if (chunk === null) return;
      chunk.free = true;
      free.add(chunk);
      const first = chunk.before?.free ? chunk.before : chunk;
      for (let next = first.after; next?.free; next = first.after) {
        free.delete(next);
        first.size += next.size;
        first.after = next.after;
        if (next.after) next.after.before = first;
      }
    },
    held: () => regions.reduce((sum, { touched }) => sum + touched, 0),
  };
}
