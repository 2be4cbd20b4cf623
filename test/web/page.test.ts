import sharp from 'sharp';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type Serving } from '../../src/web/server.ts';
import { chromiumFound, launch } from '../support/chromium.ts';
import { fakeLabels, fakePredictor, fakeValues } from './fake-predictor.ts';

// Without a browser there is no page to look at; chromium.ts has said so loudly.
describe.skipIf(!chromiumFound)('the page', () => {
  let serving: Serving;
  let browser: Browser;
  beforeAll(async () => {
    serving = await startServer(fakePredictor, { port: 0, top: 2 });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await serving?.close();
  });

  async function open(options: Parameters<Browser['newPage']>[0] = {}): Promise<{ page: Page; foreign: string[]; errors: string[] }> {
    const page = await browser.newPage(options);
    const foreign: string[] = [];
    const errors: string[] = [];
    page.on('request', (r) => {
      const url = new URL(r.url());
      if (url.protocol.startsWith('http') && url.host !== new URL(serving.url).host) foreign.push(r.url());
    });
    page.on('pageerror', (e) => errors.push(String(e)));
    page.on('console', (m) => m.type() === 'error' && errors.push(m.text()));
    await page.goto(serving.url);
    await page.getByRole('heading').filter({ hasText: 'Light <b>or</b> dark' }).waitFor();
    return { page, foreign, errors };
  }
  const picture = async (background: string) => ({ name: 'a.png', mimeType: 'image/png', buffer: await sharp({ create: { width: 40, height: 30, channels: 3, background } }).png().toBuffer() });

  it('classifies a chosen file, by keyboard too, and asks no other host', async () => {
    const { page, foreign, errors } = await open();
    await page.setInputFiles('#file', await picture('#fff'));
    await expect.poll(() => page.locator('#results li').first().innerText()).toMatch(/light\s+100 %/);
    await page.setInputFiles('#file', await picture('#000'));
    await expect.poll(() => page.locator('#results li').first().innerText()).toMatch(/dark\s+100 %/);
    const order: string[] = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('Tab');
      order.push(await page.evaluate(() => document.activeElement?.id ?? ''));
    }
    expect(order).toEqual(expect.arrayContaining(['camera', 'file']));
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('takes a dropped picture and says what is wrong with one that is none', async () => {
    const { page } = await open();
    const drop = (bytes: number[], type: string) =>
      page.evaluate(([b, t]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(b as number[])], 'x', { type: t as string }));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      }, [bytes, type] as const);
    await drop([...(await picture('#fff')).buffer], 'image/png');
    await expect.poll(() => page.locator('#results li').first().innerText()).toMatch(/light/);
    await drop([1, 2, 3], 'text/plain');
    await expect.poll(() => page.locator('#status').innerText()).toMatch(/picture/);
    expect(await page.locator('#results li').count()).toBe(0);
    await page.close();
  });

  it('shows what the camera sees, live, and stops with Escape', async () => {
    const { page, errors } = await open();
    await page.getByRole('button', { name: 'Use the camera' }).press('Enter');
    await expect.poll(() => page.locator('#results li').count(), { timeout: 15_000 }).toBe(2);
    expect(await page.locator('#video').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('#video').isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('camera');
    expect(errors).toEqual([]);
    await page.close();
  });

  it('is readable in light and dark and fits a phone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open({ colorScheme, viewport: { width: 360, height: 640 } });
      const [ink, paper] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor]);
      expect(contrast(ink, paper)).toBeGreaterThan(7);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      if (process.env.CNNC_SHOTS) {
        await page.setInputFiles('#file', await picture('#9bd'));
        await page.locator('#results li').first().waitFor();
        await page.screenshot({ path: `${process.env.CNNC_SHOTS}/serve-${colorScheme}.png`, fullPage: true });
      }
      await page.close();
    }
  });

  it.each([
    ['labels', fakeLabels, '3 labels, 8x8', 'tree, sky', ['tree 90.0 %', 'sky 30.0 %', 'house 10.0 %'], 2, 'None of the labels'],
    ['values', fakeValues, '2 values, 8x8', '', ['brightness 255', 'angle -0.012346'], 2, ''],
  ] as const)('shows %s as what they are', async (name, predictor, about, answer, lines, chosen, ofBlack) => {
    const own = await startServer(predictor, { port: 0, top: 9 });
    const page = await browser.newPage({ viewport: { width: 400, height: 700 }, colorScheme: name === 'labels' ? 'dark' : 'light' });
    await page.goto(own.url);
    await expect.poll(() => page.locator('#about').innerText()).toBe(about);
    await page.setInputFiles('#file', await picture('#fff'));
    await expect.poll(async () => (await page.locator('#results li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())).toEqual(lines);
    expect(await page.locator('#results li.chosen').count()).toBe(chosen);
    expect(await page.locator('#answer').innerText()).toBe(answer);
    expect(await page.locator('#results .track').count()).toBe(name === 'labels' ? 3 : 0);
    if (process.env.CNNC_SHOTS) await page.screenshot({ path: `${process.env.CNNC_SHOTS}/serve-${name}.png`, fullPage: true });
    await page.setInputFiles('#file', await picture('#000'));
    await expect.poll(() => page.locator('#answer').innerText()).toBe(ofBlack);
    await page.close();
    await own.close();
  });

  it('says when the server is gone', async () => {
    const own = await startServer(fakePredictor, { port: 0, top: 2 });
    const page = await browser.newPage();
    await page.goto(own.url);
    await own.close();
    await page.setInputFiles('#file', await picture('#fff'));
    await expect.poll(() => page.locator('#status').innerText()).toMatch(/still running/);
    await page.close();
  });
});

/** WCAG contrast of two `rgb(r, g, b)` colours. */
function contrast(a: string, b: string): number {
  const luminance = (c: string) => {
    const [r, g, bl] = (c.match(/\d+(\.\d+)?/g) ?? []).map((v) => {
      const s = Number(v) / 255;
      return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}
