/** Every kind of label through `run` and `predict`: two classes in one output, several labels at once, values, arrays of decimals, parts that the data brings. */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeNpz } from '../../src/runtime/files/npz.ts';
import { engineAvailable } from '../support/engine.ts';
import { workplace } from './workplace.ts';

type Top = readonly { readonly class: string; readonly probability: number }[];

const here = workplace();
const count = 80;
/** Dark and bright pictures in turn: the brightness tells everything. */
const bright = (i: number): number => (i % 2 === 0 ? 40 : 210) + (i % 7);
const x = { shape: [count, 8, 8, 3], data: Uint8Array.from({ length: count * 192 }, (_, at) => bright(Math.floor(at / 192)) + (at % 5)) };
const each = (width: number, value: (i: number, k: number) => number): { shape: number[]; data: Float32Array } => ({
  shape: width === 0 ? [count] : [count, width],
  data: Float32Array.from({ length: count * Math.max(1, width) }, (_, at) => value(Math.floor(at / Math.max(1, width)), at % Math.max(1, width))),
});

describe.skipIf(!engineAvailable())('labels', () => {
  beforeAll(async () => {
    for (const [name, value] of [['dark', 40], ['light', 215]] as const) here.write(`${name}.png`, await sharp({ create: { width: 8, height: 8, channels: 3, background: { r: value, g: value, b: value } } }).png().toBuffer());
  });
  const trained = async (name: string, arrays: Parameters<typeof writeNpz>[0], data: string, network = 'flatten; dense classes'): Promise<string> => {
    here.write(`${name}.npz`, writeNpz(arrays));
    here.write(`${name}.cnn`, `data { npz "${name}.npz"; image 8x8${data} }\nnetwork < ${network} >\ncompile { optimizer adam lr=.02 }\nfit { epochs 60; batch 8 }\n`);
    const ran = await here.cnnc(['run', `${name}.cnn`, '--out', name]);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: '' });
    return ran.stderr;
  };
  const predicted = async (run: string): Promise<readonly Top[]> => {
    const ran = await here.cnnc(['predict', run, 'dark.png', 'light.png', '--json', '--top', '9']);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' });
    return ran.stdout.trim().split('\n').map((line) => (JSON.parse(line) as { top: Top }).top);
  };
  const of = (top: Top, name: string): number => top.find((t) => t.class === name)!.probability;

  it('binary: one output, two classes that add up to 1', async () => {
    await trained('binary', { x, y: { shape: [count], data: Int32Array.from({ length: count }, (_, i) => i % 2) } }, '; labels binary', 'flatten; dense 1');
    const [dark, light] = await predicted('binary');
    expect([dark[0].class, light[0].class]).toEqual(['0', '1']);
    for (const top of [dark, light]) expect(top.reduce((sum, t) => sum + t.probability, 0)).toBeCloseTo(1, 6);
    expect(here.json('binary/metrics.json')).toMatchObject({ accuracy: 1 });
    expect(here.json('binary/figures.json')).toMatchObject({ kind: 'binary', confusion: [[8, 0], [0, 8]], binary: { yes: '1', threshold: 0.5, auc: 1 } });
  });

  it('several labels at once: each a share of its own', async () => {
    const stderr = await trained('multi', { x, y: each(3, (i, k) => (k === 0 ? i % 2 : k === 1 ? 1 - (i % 2) : 1)) }, '; labels multilabel');
    const [dark, light] = await predicted('multi');
    expect(of(light, '0')).toBeGreaterThan(0.5);
    expect(of(dark, '0')).toBeLessThan(0.5);
    expect(of(dark, '2') + of(dark, '1')).toBeGreaterThan(1);
    expect(stderr).toMatch(/^weakest {6}/m);
    expect(here.json('multi/figures.json')).toMatchObject({ kind: 'multilabel', threshold: 0.5, labels: [{ label: '0', count: expect.any(Number) }, {}, { label: '2', count: 16, auc: null }] });
    expect(here.read('multi/predictions.csv').toString().split('\n')[0]).toBe('picture,actual_0,actual_1,actual_2,predicted_0,predicted_1,predicted_2');
    const lines = await here.cnnc(['predict', 'multi', 'dark.png', 'light.png', '--top', '1']);
    expect(lines.stdout).toMatch(/^dark\.png {3}(1|2) \d+\.\d % {2}(1|2) \d+\.\d %\nlight\.png {2}(0|2) \d+\.\d % {2}(0|2) \d+\.\d %\n$/);
    const table = await here.cnnc(['predict', 'multi', 'light.png', '--csv']);
    expect(table.stdout).toMatch(/^path,labels,0,1,2\nlight\.png,(0\|2|2\|0),[\d.]+,[\d.]+,[\d.]+\n$/);
  });

  it('values: numbers in their own order, not shares', async () => {
    const stderr = await trained('values', { x, y: each(2, (i, k) => (k === 0 ? 5 - bright(i) / 50 : bright(i) / 255)) }, '; labels values');
    const ran = await here.cnnc(['predict', 'values', 'dark.png', 'light.png', '--json', '--top', '1']);
    const [dark, light] = ran.stdout.trim().split('\n').map((line) => (JSON.parse(line) as { values: readonly { name: string; value: number }[] }).values);
    expect(dark.map((v) => v.name)).toEqual(['value_0', 'value_1']);
    expect(dark[0].value).toBeGreaterThan(light[0].value);
    expect(Object.keys(here.json('values/metrics.json'))).toEqual(expect.arrayContaining(['loss', 'mae', 'count']));
    expect(here.json('values/figures.json')).toMatchObject({ kind: 'values', count: 16, values: [{ value: 'value_0' }, { value: 'value_1' }] });
    expect(stderr).toMatch(/^farthest {5}value_[01], off by [\d.]+ on average; [\d.]+ instead of [\d.]+: x\[\d+\]$/m);
    const table = await here.cnnc(['predict', 'values', 'dark.png', '--csv']);
    expect(table.stdout).toBe(`path,value_0,value_1\ndark.png,${dark[0].value},${dark[1].value}\n`);
    const lines = await here.cnnc(['predict', 'values', 'dark.png']);
    expect(lines.stdout).toBe(`dark.png  value_0 ${dark[0].value.toPrecision(6)}  value_1 ${dark[1].value.toPrecision(6)}\n`);
  });

  it('arrays of decimals: trained, but a picture does not say what its numbers would be', async () => {
    const decimals = { shape: x.shape, data: Float32Array.from(x.data, (v) => v / 127.5 - 1) };
    const y = { shape: [count], data: Int32Array.from({ length: count }, (_, i) => i % 2) };
    const stderr = await trained('decimals', { x: decimals, y, x_test: { shape: [10, 8, 8, 3], data: decimals.data.slice(0, 1920) }, y_test: { shape: [10], data: y.data.slice(0, 10) } }, '');
    // The test part is the data's own.
    expect(stderr).toContain('10 test');
    expect(here.json('decimals/metrics.json')).toMatchObject({ count: 10, accuracy: 1 });
    const refused = await here.cnnc(['predict', 'decimals', 'dark.png', 'light.png']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('error CNN6064: ');
  });
});
