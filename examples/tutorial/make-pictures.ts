/**
 * Draws the tutorial's pictures: five classes of shapes, 160 JPEGs each, of several sizes and formats of landscape and portrait,
 * into the folder `pictures` beside this file. The same pictures every time.
 *
 *   npx tsx examples/tutorial/make-pictures.ts [PER_CLASS]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawSample, shapes } from '../../src/runtime/data/sources/synthetic.ts';

const perClass = Number(process.argv[2] ?? 160);
const classes = 5;
const folder = join(import.meta.dirname, 'pictures');
const source = { kind: 'synthetic', count: perClass * classes, classes, seed: 1, noise: 0.08, origin: { file: '', start: 0, end: 0 } } as const;
const sizes = [[200, 240], [240, 200], [180, 180]] as const;

for (let index = 0; index < source.count; index++) {
  const [height, width] = sizes[index % sizes.length];
  const pixels = new Uint8Array(height * width * 3);
  drawSample(source, { height, width, channels: 3, resize: 'stretch', interpolation: 'bilinear', exif: false }, index, pixels, 0);
  const name = shapes[index % classes].name;
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, `${String(Math.floor(index / classes)).padStart(4, '0')}.jpg`), await sharp(pixels, { raw: { height, width, channels: 3 } }).jpeg({ quality: 90 }).toBuffer());
}
console.log(`${source.count} pictures of ${classes} classes in ${folder}`);
