/**
 * Pictures drawn from a seed, for examples and tests: one shape on a plain ground, with place, size, turn and colours of its own.
 * Edges are smoothed by signed distance (Quilez, "2D distance functions"). Sample i is a function of (seed, i) alone.
 */
import { diagnostic } from '../../../compiler/diagnostics/catalogue.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { draws, Purpose } from '../../../compiler/graph/philox.ts';
import type { Draws } from '../../../compiler/graph/philox.ts';
import type { DataFacts, DataPlan, DataSource, ImagePlan } from '../../../compiler/model/program.ts';
import type { Found } from '../found.ts';
import { countPerClass } from '../found.ts';

type Synthetic = Extract<DataSource, { kind: 'synthetic' }>;

/** Signed distance to a shape of radius about 1 at the origin; negative inside. */
interface ShapeDefinition {
  readonly name: string;
  /** Degrees to each side; more would make a square a diamond. */
  readonly turn: number;
  readonly distance: (x: number, y: number) => number;
}

const box = (x: number, y: number, halfWidth: number, halfHeight: number): number => Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);

/** Between an outer corner at (0, −1) and the next inner one, after folding five-fold and mirror symmetry. */
function star(x: number, y: number): number {
  const sector = Math.PI / 5;
  let angle = Math.abs(Math.atan2(x, -y)) % (2 * sector);
  if (angle > sector) angle = 2 * sector - angle;
  const r = Math.hypot(x, y);
  const inner = 0.45;
  const [ex, ey] = [inner * Math.sin(sector), 1 - inner * Math.cos(sector)];
  const [px, py] = [r * Math.sin(angle), 1 - r * Math.cos(angle)];
  return (px * ey - py * ex) / Math.hypot(ex, ey);
}

export const shapes: readonly ShapeDefinition[] = [
  { name: 'circle', turn: 180, distance: (x, y) => Math.hypot(x, y) - 0.95 },
  { name: 'square', turn: 15, distance: (x, y) => box(x, y, 0.8, 0.8) },
  { name: 'triangle', turn: 30, distance: (x, y) => Math.max(y, -0.5 * y + 0.866 * x, -0.5 * y - 0.866 * x) - 0.52 },
  { name: 'cross', turn: 30, distance: (x, y) => Math.min(box(x, y, 1, 0.3), box(x, y, 0.3, 1)) },
  { name: 'ring', turn: 180, distance: (x, y) => Math.abs(Math.hypot(x, y) - 0.75) - 0.22 },
  { name: 'star', turn: 30, distance: star },
  { name: 'diamond', turn: 15, distance: (x, y) => (Math.abs(x) / 0.55 + Math.abs(y) - 1) * 0.48 },
  { name: 'bar', turn: 60, distance: (x, y) => box(x, y, 1, 0.25) },
];

/** Fills `out` with sample `index`: [height, width, channels] uint8. */
export function drawSample(source: Synthetic, { height, width, channels }: ImagePlan, index: number, out: Uint8Array, at: number): void {
  const random = draws(source.seed, Purpose.synthetic, index, 0);
  const shape = shapes[index % source.classes];
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const radius = between(0.3, 0.44) * Math.min(height, width);
  const [centreX, centreY] = [between(radius, width - radius), between(radius, height - radius)];
  const angle = (between(-shape.turn, shape.turn) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / radius, Math.sin(angle) / radius];
  const [ground, ink] = colours(random, channels);
  const noise = draws(source.seed, Purpose.synthetic, index, 1);
  const strength = (source.noise * 256) / 1024;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x + 0.5 - centreX, y + 0.5 - centreY];
      const pixels = shape.distance(cos * dx + sin * dy, cos * dy - sin * dx) * radius;
      const cover = Math.min(1, Math.max(0, 0.5 - pixels));
      // One draw serves three channels, ten bits each: −512 … 511.
      const bits = noise.uint32();
      for (let c = 0; c < channels; c++) {
        const grain = (((bits >>> (10 * c)) & 1023) - 511.5) * strength;
        out[at++] = Math.min(255, Math.max(0, Math.round(ground[c] + (ink[c] - ground[c]) * cover + grain)));
      }
    }
  }
}

/** A ground and a clearly lighter ink: told apart in gray too, and with one polarity a little network learns in seconds. */
function colours(random: Draws, channels: number): readonly [readonly number[], readonly number[]] {
  for (;;) {
    const one = (): number[] => Array.from({ length: channels }, () => Math.floor(random.uniform() * 256));
    const [ground, ink] = [one(), one()];
    if (lightness(ground) < 110 && lightness(ink) - lightness(ground) >= 90) return [ground, ink];
  }
}

const lightness = (colour: readonly number[]): number => (colour.length === 1 ? colour[0] : 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]);

function labelsOf(source: Synthetic, plan: DataPlan): Found['labels'] {
  const asked = plan.labels;
  const span = source.origin;
  if (asked === 'multilabel' || asked === 'values') throw new DiagnosticError([diagnostic('CNN4082', span, { asked })]);
  if (source.classes < 2) throw new DiagnosticError([diagnostic('CNN4054', span, { name: shapes[0].name, beside: null })]);
  if (asked === 'binary' && source.classes !== 2) throw new DiagnosticError([diagnostic('CNN4081', span, { classes: source.classes })]);
  if (plan.classes && plan.classes.length !== source.classes) throw new DiagnosticError([diagnostic('CNN4072', span, { listed: plan.classes.length, found: source.classes, where: 'synthetic' })]);
  const label = (_: unknown, i: number): number => i % source.classes;
  const length = { length: source.count };
  const names = plan.classes ?? shapes.slice(0, source.classes).map((shape) => shape.name);
  return { kind: asked === 'auto' ? 'categorical' : asked, classes: names, values: asked === 'binary' ? Float32Array.from(length, label) : Int32Array.from(length, label), width: 1 };
}

/** Throws DiagnosticError: CNN4054, CNN4072, CNN4081, CNN4082. */
export function factsOfSynthetic(source: Synthetic, plan: DataPlan): DataFacts {
  const labels = labelsOf(source, plan);
  const { height, width, channels } = plan.image;
  return { labelKind: labels.kind, classes: labels.classes, sampleShape: [height, width, channels], pixelType: 'uint8', count: source.count, perClass: countPerClass(labels), parts: { test: false, validation: false } };
}

export function drawAll(source: Synthetic, plan: DataPlan, signal?: AbortSignal): Found {
  const labels = labelsOf(source, plan);
  const { height, width, channels } = plan.image;
  const size = height * width * channels;
  const data = new Uint8Array(source.count * size);
  for (let i = 0; i < source.count; i++) {
    if (i % 256 === 0) signal?.throwIfAborted();
    drawSample(source, plan.image, i, data, i * size);
  }
  return {
    count: source.count,
    labels,
    weights: null,
    part: new Uint8Array(source.count),
    brings: { test: false, validation: false },
    pixels: { kind: 'uint8', shape: [height, width, channels], data },
    orderPerClass: false,
    describe: (index) => `${labels.classes[index % source.classes]} ${index}`,
    warnings: [],
  };
}
