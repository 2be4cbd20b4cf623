import { describe, expect, it } from 'vitest';
import type { Plot } from '../../../src/compiler/model/program.ts';
import type { History } from '../../../src/runtime/train/history.ts';
import { plotSvg } from '../../../src/runtime/report/plot.ts';
import { pngOf } from '../../../src/runtime/report/png.ts';

const plot: Plot = { metrics: ['loss'], file: 'loss', title: 'Model Loss', xlabel: 'Epochs', ylabel: 'Loss', legend: { labels: ['Train', 'Test'], at: 'upper_right' } };
const history = (values: Record<string, number[]>): History => ({ epoch: Object.values(values)[0].map((_, i) => i), values });
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => m[1]);
const paths = (svg: string): string[] => [...svg.matchAll(/<path class="line (\w+)"[^>]* d="([^"]*)"/g)].map((m) => `${m[1]} ${m[2]}`);

describe('plot', () => {
  it('has the title, the labels, the legend asked for and the best epoch', () => {
    const svg = plotSvg(plot, history({ loss: [3, 2, 1], val_loss: [3, 1.5, 2] }));
    expect(texts(svg)).toEqual(expect.arrayContaining(['Model Loss', 'Epochs', 'Loss', 'Train', 'Test', '1.5 (epoch 2)']));
    expect(paths(svg).map((p) => p.split(' ')[0])).toEqual(['train', 'validation']);
    expect(svg).toContain('prefers-color-scheme:dark');
  });

  it('keeps the legend word of a curve when the other is missing', () => {
    const svg = plotSvg(plot, history({ loss: [3, 2] }));
    expect(texts(svg)).toContain('Train');
    expect(texts(svg)).not.toContain('Test');
  });

  it('draws one epoch as dots, and a gap where there is no number', () => {
    const one = plotSvg(plot, history({ loss: [3], val_loss: [2] }));
    expect(one.match(/class="dot/g)).toHaveLength(2);
    const gap = plotSvg(plot, history({ loss: [3, NaN, 2, 1] }));
    expect(gap.match(/class="dot/g)).toHaveLength(1);
    expect(paths(gap)[0].match(/M/g)).toHaveLength(2);
    expect(gap).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([[{ loss: [NaN, Infinity] }], [{ loss: [1e30, -1e30] }], [{ loss: [0, 0] }], [{ loss: [1e-9, 2e-9] }]])('survives %j', (values) => {
    expect(plotSvg(plot, history(values))).not.toMatch(/="[^"]*(NaN|Infinity|undefined)/);
  });

  it.each(['upper_right', 'upper_left', 'lower_right', 'lower_left', 'best'] as const)('keeps curves out of a legend at %s', (at) => {
    const flat = [0, 1, 0, 1, 0, 1, 0, 1];
    const svg = plotSvg({ ...plot, legend: { labels: ['Train', 'Test'], at } }, history({ loss: flat, val_loss: flat.map((v) => 1 - v) }));
    const [, x, y, width, height] = (/class="veil" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []).map(Number);
    const points = paths(svg).flatMap((p) => [...p.matchAll(/([\d.]+),([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]));
    expect(points).toHaveLength(16);
    expect(points.filter(([px, py]) => px > x && px < x + width && py > y && py < y + height)).toEqual([]);
  });

  it('escapes what the program says', () => {
    const svg = plotSvg({ ...plot, title: '</text><script>"&\u0000', legend: null }, history({ loss: [1, 2], val_loss: [1, 2] }));
    expect(svg).not.toContain('<script>');
    expect(svg).not.toContain('\u0000');
    expect(texts(svg)).toEqual(expect.arrayContaining(['training', 'validation']));
  });

  it('becomes a PNG of twice the size', () => {
    const png = Buffer.from(pngOf(plotSvg(plot, history({ loss: [1, 2] }), { scheme: 'light' })));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1440, 840]);
  });
});
