/**
 * examples/shapes from the text to the page: it learns, `predict` says of the test part what training measured, in every kind of
 * file the same, and the page in a browser answers what `predict` answers.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compiler/compile.ts';
import type { Dataset } from '../../src/runtime/data/dataset.ts';
import { openDataset } from '../../src/runtime/data/open.ts';
import { chromiumFound, launch } from '../support/chromium.ts';
import { entry } from '../support/cnnc.ts';
import { engineAvailable } from '../support/engine.ts';
import { workplace } from './workplace.ts';

type Top = readonly { readonly class: string; readonly probability: number }[];

const here = workplace();
const example = resolve('examples/shapes/shapes.cnn');

describe.skipIf(!engineAvailable())('examples/shapes', () => {
  let dataset: Dataset;
  const pixels = (sample: number): Uint8Array => {
    const target = new Uint8Array(32 * 32 * 3);
    dataset.read(sample, target, 0);
    return target;
  };
  const raw = (sample: number): Sharp => sharp(pixels(sample), { raw: { width: 32, height: 32, channels: 3 } });
  const predict = async (paths: readonly string[], ...options: string[]): Promise<readonly { path: string; top: Top }[]> => {
    const ran = await here.cnnc(['predict', 'run', ...paths, '--json', ...options]);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' });
    return ran.stdout.trim().split('\n').map((line) => JSON.parse(line) as { schema: 1; path: string; top: Top });
  };

  beforeAll(async () => {
    cpSync(example, here.path('shapes.cnn'));
    // Enough to learn, and to leave mistakes that `predict` must make, too.
    const ran = await here.cnnc(['run', 'shapes.cnn', '--out', 'run', ...(process.env.CNNC_SOAK ? [] : ['--epochs', '7'])], { timeout: 100_000 });
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: '' });
    const { program } = compile(readFileSync(example, 'utf8'), { path: 'shapes.cnn' });
    dataset = await openDataset(program!.data, { base: here.folder, cacheFolder: here.cache });
  }, 120_000);

  it('learns', () => {
    const { accuracy, count } = here.json('run/metrics.json') as { accuracy: number; count: number };
    expect(count).toBe(480);
    expect(accuracy).toBeGreaterThan(0.9);
    const { loss } = here.json('run/history.json') as { loss: number[] };
    expect(loss.at(-1)).toBeLessThan(loss[0] / 2);
  });

  it('predicts of the test part exactly what training measured there', async () => {
    const { accuracy, loss } = here.json('run/metrics.json') as { accuracy: number; loss: number };
    const { test } = dataset.parts;
    for (const sample of test) here.write(`test/${sample}.png`, await raw(sample).png().toBuffer());
    const answers = await predict([...test].map((sample) => `test/${sample}.png`), '--top', '4');
    expect(answers.map((a) => a.path)).toEqual([...test].map((sample) => `test/${sample}.png`));
    const actual = [...test].map((sample) => dataset.classes[dataset.labels[sample]]);
    expect(answers.filter(({ top }, i) => top[0].class === actual[i]).length / test.length).toBe(accuracy);
    const meanLoss = answers.reduce((sum, { top }, i) => sum - Math.log(top.find((t) => t.class === actual[i])!.probability), 0) / test.length;
    expect(meanLoss).toBeCloseTo(loss, 4);
    for (const { top } of answers) {
      expect(top.map((t) => t.class).sort()).toEqual([...dataset.classes].sort());
      expect(top.reduce((sum, t) => sum + t.probability, 0)).toBeCloseTo(1, 5);
      expect([...top].sort((a, b) => b.probability - a.probability)).toEqual(top);
    }
  });

  it('sees the same picture in every kind of file', async () => {
    const sample = dataset.parts.test[3];
    const gray = (): Sharp => raw(sample).grayscale();
    const files = {
      'rgb.png': raw(sample).png(),
      'interlaced.png': raw(sample).png({ progressive: true }),
      'alpha.png': raw(sample).ensureAlpha().png(),
      'deep.png': raw(sample).toColourspace('rgb16').png(),
      'lossless.webp': raw(sample).webp({ lossless: true }),
      'alpha.webp': raw(sample).ensureAlpha().webp({ lossless: true }),
      'photo.jpg': raw(sample).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
      'progressive.jpg': raw(sample).jpeg({ quality: 100, chromaSubsampling: '4:4:4', progressive: true }),
      'photo.webp': raw(sample).webp({ quality: 100 }),
      'gray.png': gray().png(),
      'gray as rgb.png': gray().toColourspace('srgb').png(),
      'gray-palette.png': gray().png({ palette: true, colours: 256, dither: 0 }),
      'gray.jpg': gray().jpeg({ quality: 100 }),
      'PICTURE.PNG': raw(sample).png(),
      'without an ending': raw(sample).png(),
    };
    for (const [name, picture] of Object.entries(files)) here.write(name, await picture.toBuffer());
    const answers = new Map((await predict(Object.keys(files))).map(({ path, top }) => [path, top]));
    const rgb = answers.get('rgb.png')!;
    for (const name of ['interlaced.png', 'alpha.png', 'deep.png', 'lossless.webp', 'alpha.webp', 'PICTURE.PNG', 'without an ending']) expect(answers.get(name), name).toEqual(rgb);
    expect(answers.get('gray as rgb.png')).toEqual(answers.get('gray.png'));
    const near = (name: string, to: string): void => {
      const [first] = answers.get(to)!;
      expect(Math.abs(answers.get(name)!.find((t) => t.class === first.class)!.probability - first.probability), name).toBeLessThan(0.1);
    };
    for (const name of ['photo.jpg', 'progressive.jpg', 'photo.webp']) near(name, 'rgb.png');
    for (const name of ['gray.jpg', 'gray-palette.png']) near(name, 'gray.png');
    expect(answers.get('progressive.jpg')).toEqual(answers.get('photo.jpg'));
  });

  it('says it as a table, as CSV and as JSON; what fails does not stop the rest', async () => {
    const sample = dataset.parts.test[0];
    here.write('a, "b".png', await raw(sample).png().toBuffer());
    here.write('=b.png', await raw(sample).png().toBuffer());
    here.write('text.png', 'Dear diary,');
    const [{ top }] = await predict(['a, "b".png'], '--top', '2');
    expect(top).toHaveLength(2);
    const paths = ['a, "b".png', 'text.png', 'none.png', '=b.png'];
    const csv = await here.cnnc(['predict', 'run', ...paths, '--csv', '--top', '2']);
    expect(csv.code).toBe(1);
    expect(csv.stdout.split('\n')).toEqual(['path,class,probability', ...['"a, ""b"".png"', "'=b.png"].flatMap((path) => top.map((t) => `${path},${t.class},${t.probability}`)), '']);
    const jsonLines = await here.cnnc(['predict', 'run', ...paths, '--json', '--top', '2']);
    expect(jsonLines.code).toBe(1);
    expect(jsonLines.stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
      { schema: 1, path: paths[0], top },
      { schema: 1, path: 'text.png', error: { code: 'CNN6063', message: 'this picture cannot be read: it is text, not png, jpg or webp' } },
      { schema: 1, path: 'none.png', error: { code: 'CNN6063', message: 'this picture cannot be read: it does not exist' } },
      { schema: 1, path: paths[3], top },
    ]);
    const table = await here.cnnc(['predict', 'run', ...paths, '--top', '1']);
    expect(table.code).toBe(1);
    const share = `${top[0].class} ${(top[0].probability * 100).toFixed(1)} %`;
    expect(table.stdout).toBe(`a, "b".png  ${share}\n=b.png      ${share}\n`);
    expect(table.stderr.match(/error CNN6063/g)).toHaveLength(2);
    for (const path of ['text.png', 'none.png']) expect(table.stderr).toContain(`   = ${path}\n`);
  });

  it('more classes than there are, one thread, the model folder alone', async () => {
    here.write('rgb.png', await raw(dataset.parts.test[3]).png().toBuffer());
    const [{ top }] = await predict(['rgb.png'], '--top', '100', '--threads', '1');
    expect(top).toHaveLength(4);
    const alone = await here.cnnc(['predict', 'run/model', 'rgb.png', '--json', '--top', '4']);
    expect((JSON.parse(alone.stdout) as { top: Top }).top.map((t) => t.class)).toEqual(top.map((t) => t.class));
  });

  // Without a browser there is no page to look at; chromium.ts has said so loudly.
  describe.skipIf(!chromiumFound)('cnnc serve', () => {
    let server: ChildProcess;
    let url = '';
    let browser: Browser;
    beforeAll(async () => {
      server = spawn(process.execPath, [entry, 'serve', 'run', '--port', '0', '--top', '3'], { cwd: here.folder, env: { ...process.env, CNNC_CACHE: here.cache, NO_COLOR: '1' } });
      const [line] = (await once(server.stdout!.setEncoding('utf8'), 'data')) as [string];
      url = line.trim();
      expect(url).toMatch(/^http:\/\/localhost:\d+\/$/);
      browser = await launch();
    });
    afterAll(async () => {
      await browser?.close();
      if (server && server.exitCode === null) server.kill('SIGKILL');
    });

    interface Asked {
      readonly sent: Buffer;
      readonly top: Top;
    }

    /** The page, and what it asks the model. */
    async function open(): Promise<{ page: Page; asked: Asked[]; errors: string[] }> {
      const page = await browser.newPage();
      const errors: string[] = [];
      const asked: Asked[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.route('**/api/predict', async (route) => {
        const response = await route.fetch().catch(() => null);
        if (!response) return route.abort().catch(() => undefined);
        asked.push({ sent: route.request().postDataBuffer()!, top: ((await response.json()) as { top: Top }).top });
        await route.fulfill({ response }).catch(() => undefined);
      });
      await page.goto(url);
      await page.getByRole('heading', { name: 'Shapes' }).waitFor();
      return { page, asked, errors };
    }

    const shown = async (page: Page): Promise<readonly string[]> => (await page.locator('#results li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    const percent = (p: number): string => (p >= 0.9995 ? '100 %' : p < 0.001 ? '< 0.1 %' : `${(p * 100).toFixed(1)} %`);
    const asShown = (top: Top): readonly string[] => top.map((t) => `${t.class} ${percent(t.probability)}`);

    it('answers on the page what cnnc predict answers', async () => {
      const { page, asked, errors } = await open();
      expect(await page.locator('#about').innerText()).toBe('4 classes, 32x32');
      for (const sample of dataset.parts.test.slice(10, 14)) {
        const name = `page-${sample}.png`;
        here.write(name, await raw(sample).resize(200, 150, { fit: 'fill' }).png().toBuffer());
        const [{ top }] = await predict([name], '--top', '3');
        await page.setInputFiles('#file', here.path(name));
        await expect.poll(() => shown(page)).toEqual(asShown(top));
        expect(asked.at(-1)!.top).toEqual(top);
        expect(Buffer.compare(asked.at(-1)!.sent, here.read(name))).toBe(0);
      }
      expect(errors).toEqual([]);
      await page.close();
    });

    it('answers for the camera what cnnc predict answers for the frame that was sent', async () => {
      const { page, asked, errors } = await open();
      await page.getByRole('button', { name: 'Use the camera' }).click();
      await expect.poll(() => asked.length, { timeout: 15_000 }).toBeGreaterThan(2);
      await page.keyboard.press('Escape');
      const { sent, top } = asked[2];
      expect(await sharp(sent).metadata()).toMatchObject({ format: 'jpeg' });
      here.write('frame.jpg', sent);
      expect((await predict(['frame.jpg'], '--top', '3'))[0].top).toEqual(top);
      expect(errors).toEqual([]);
      await page.close();
    });

    it('takes a picture by POST, refuses what is none, other hosts and other pages', async () => {
      here.write('rgb.png', await raw(dataset.parts.test[3]).png().toBuffer());
      const post = (body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${url}api/predict`, { method: 'POST', body, headers });
      const [{ top }] = await predict(['rgb.png'], '--top', '3');
      expect(await (await post(new Uint8Array(here.read('rgb.png')))).json()).toEqual({ schema: 1, top });
      const refused = await post('Dear diary,');
      expect([refused.status, await refused.json()]).toEqual([422, { schema: 1, error: expect.stringContaining('text'), code: 'CNN6063' }]);
      expect((await post(new Uint8Array(21 * 1024 * 1024))).status).toBe(413);
      expect((await post(new Uint8Array(here.read('rgb.png')), { Origin: 'http://evil.example' })).status).toBe(403);
      expect(await (await fetch(`${url}api/model`)).json()).toEqual({ schema: 1, name: 'Shapes', input: [32, 32, 3], labels: 'categorical', classes: [...dataset.classes], top: 3 });
      expect((await fetch(`${url}../../../package.json`)).status).toBe(404);
    });

    it('starts its engine again when that was killed', async () => {
      here.write('rgb.png', await raw(dataset.parts.test[3]).png().toBuffer());
      const ask = async (): Promise<unknown> => (await fetch(`${url}api/predict`, { method: 'POST', body: new Uint8Array(here.read('rgb.png')) })).json();
      const before = await ask();
      const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(' ');
      expect(children).toHaveLength(1);
      process.kill(Number(children[0]), 'SIGKILL');
      await expect.poll(() => existsSync(`/proc/${children[0]}`)).toBe(false);
      expect(await Promise.all([ask(), ask(), ask()])).toEqual([before, before, before]);
      expect(readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(' ')).toHaveLength(1);
    });

    it('a port that is taken is said; Ctrl-C ends with 0', async () => {
      const { port } = new URL(url);
      const second = await here.cnnc(['serve', 'run', '--port', port]);
      expect(second).toMatchObject({ code: 1, stdout: '' });
      expect(second.stderr).toContain(`error CNN6150: port ${port} of this machine is already used`);
      expect(second.stderr).toContain(`--port ${Number(port) + 1}`);
      server.kill('SIGINT');
      const [code] = (await once(server, 'exit')) as [number | null];
      expect(code).toBe(0);
    });
  });
});
