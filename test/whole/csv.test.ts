/** Tables of pictures through check, run and predict: classes, two classes in one output, several labels at once, values, weights. */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { engineAvailable } from '../support/engine.ts';
import { workplace } from './workplace.ts';

type Top = readonly { readonly class: string; readonly probability: number }[];

const here = workplace();
const count = 60;
/** Dark and bright pictures in turn, each of its own shade: the brightness tells everything. */
const shade = (i: number): number => (i % 2 === 0 ? 30 : 190) + Math.floor(i / 2);
const table = (head: string, row: (i: number) => string): string => `${head}\n${Array.from({ length: count }, (_, i) => `pictures/${i}.png,${row(i)}`).join('\n')}\n`;

beforeAll(async () => {
  for (let i = 0; i < count; i++) here.write(`pictures/${i}.png`, await sharp({ create: { width: 10, height: 10, channels: 3, background: { r: shade(i), g: shade(i), b: shade(i) } } }).png().toBuffer());
  for (const [name, value] of [['dark', 40], ['light', 205]] as const) here.write(`${name}.png`, await sharp({ create: { width: 8, height: 8, channels: 3, background: { r: value, g: value, b: value } } }).png().toBuffer());
});

const program = (name: string, data: string, network = 'flatten; dense classes', compile = ''): string =>
  here.write(`${name}.cnn`, `data { csv "${name}.csv"${data.startsWith(';') ? '' : ' '}${data}; image 8x8 }\nnetwork < ${network} >\ncompile { optimizer adam lr=.02${compile} }\nfit { epochs 60; batch 8 }\n`);

it('check says what is wrong with a table before anything is trained', async () => {
  here.write('wrong.csv', table('file,label', (i) => (i === 4 ? 'drak' : i % 2 ? 'light' : 'dark')).replace('pictures/9.png', 'pictures/nine.png'));
  program('wrong', '; classes [dark, light]');
  const ran = await here.cnnc(['check', 'wrong.cnn']);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('error CNN4085: 1 picture of 60 in "wrong.csv" is missing');
  expect(ran.stderr).toContain('line 11: pictures/nine.png');
  expect(ran.stderr).toContain('error CNN4087: the label drak in "wrong.csv" is not among `classes`');
  expect(ran.stderr).toContain('labels: drak (line 6)');
  expect(ran.stderr).toContain('did you mean "dark"?');
  expect(ran.stderr).toMatch(/2 errors\n$/);
});

describe.skipIf(!engineAvailable())('trained from a table', () => {
  const trained = async (name: string): Promise<void> => {
    const ran = await here.cnnc(['run', `${name}.cnn`, '--out', name]);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: '' });
  };
  const predicted = async (run: string): Promise<readonly Top[]> => {
    const ran = await here.cnnc(['predict', run, 'dark.png', 'light.png', '--json', '--top', '9']);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' });
    return ran.stdout.trim().split('\n').map((line) => (JSON.parse(line) as { top: Top }).top);
  };
  const of = (top: Top, name: string): number => top.find((t) => t.class === name)!.probability;

  it('classes', async () => {
    here.write('classes.csv', table('file,label', (i) => (i % 2 ? 'light' : 'dark')));
    program('classes', '');
    await trained('classes');
    expect((await predicted('classes')).map((top) => top[0].class)).toEqual(['dark', 'light']);
    expect(here.json('classes/metrics.json')).toMatchObject({ accuracy: 1, count: 12 });
  });

  it('binary: one output, two names', async () => {
    here.write('binary.csv', table('file,day', (i) => (i % 2 ? 'yes' : 'no')));
    program('binary', '; labels binary', 'flatten; dense 1');
    await trained('binary');
    const [dark, light] = await predicted('binary');
    expect([dark[0].class, light[0].class]).toEqual(['no', 'yes']);
    expect(here.json('binary/metrics.json')).toMatchObject({ accuracy: 1, count: 12 });
  });

  it('several labels at once, in one cell or in columns', async () => {
    here.write('cell.csv', table('file,label', (i) => (i % 2 ? '"day|picture"' : 'picture|night')));
    program('cell', '; labels multilabel');
    here.write('columns.csv', table('file,day,night,picture', (i) => (i % 2 ? '1,0,1' : '0,1,1')));
    program('columns', 'columns=[day, night, picture]');
    for (const name of ['cell', 'columns']) {
      await trained(name);
      const [dark, light] = await predicted(name);
      expect(of(light, 'day')).toBeGreaterThan(0.5);
      expect(of(dark, 'day')).toBeLessThan(0.5);
      expect(of(dark, 'night')).toBeGreaterThan(0.5);
      expect(of(dark, 'picture')).toBeGreaterThan(0.5);
      expect(here.json(`${name}/metrics.json`)).toMatchObject({ accuracy: expect.closeTo(1, 1) as number, count: 12 });
    }
  });

  it('values: linear head, mse, in the order of the columns', async () => {
    here.write('values.csv', table('file,bright,dull', (i) => `${shade(i) / 255},${1 - shade(i) / 255}`));
    program('values', 'columns=[bright, dull]', 'flatten; dense classes', '; metrics mae mse');
    await trained('values');
    const metrics = here.json('values/metrics.json') as { mae: number; mse: number; loss: number; count: number };
    expect(metrics.count).toBe(12);
    expect(metrics.mae).toBeLessThan(0.1);
    expect(metrics.loss).toBeCloseTo(metrics.mse, 6);
    const [dark, light] = await predicted('values');
    expect(of(light, 'bright')).toBeGreaterThan(of(dark, 'bright') + 0.3);
  });

  it('weights: pictures that count nothing teach nothing', async () => {
    // The half with weight 0 says the opposite.
    here.write('weights.csv', table('file,label,w', (i) => (i % 4 < 2 ? `${i % 2 ? 'light' : 'dark'},1` : `${i % 2 ? 'dark' : 'light'},0`)));
    program('weights', 'label="label" weight="w"');
    await trained('weights');
    expect((await predicted('weights')).map((top) => top[0].class)).toEqual(['dark', 'light']);
  });

  it('parts of its own', async () => {
    here.write('parts.csv', table('file,label,set', (i) => `${i % 2 ? 'light' : 'dark'},${i < 40 ? 'train' : i < 50 ? 'val' : 'test'}`));
    program('parts', 'label="label" part="set"');
    const ran = await here.cnnc(['run', 'parts.cnn', '--out', 'parts', '--epochs', '1']);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain('40 train · 10 validation · 10 test');
  });
});
