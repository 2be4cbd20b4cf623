import type { Predictor } from '../../src/runtime/bundle/bundle.ts';
import { request } from 'node:http';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LARGEST_PICTURE, startServer, type Serving } from '../../src/web/server.ts';
import { fakeLabels, fakePredictor, fakeValues } from './fake-predictor.ts';

let serving: Serving;
beforeAll(async () => void (serving = await startServer(fakePredictor, { port: 0, top: 2 })));
afterAll(() => serving.close());

const white = () => sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } }).png().toBuffer();

/** fetch hides Host and Origin; node:http does not. */
function raw(path: string, options: { method?: string; headers?: Record<string, string>; body?: Uint8Array }): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, serving.url);
    const req = request({ host: '127.0.0.1', port: url.port, path: url.pathname, method: options.method ?? 'GET', headers: options.headers }, (res) => {
      let body = '';
      res.on('data', (part) => (body += part)).on('end', () => resolve({ status: res.statusCode ?? 0, body }));
    });
    req.on('error', reject);
    req.end(options.body);
  });
}

it('predicts a posted picture', async () => {
  const answer = await fetch(new URL('api/predict', serving.url), { method: 'POST', body: new Uint8Array(await white()) });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ schema: 1, top: [{ class: 'light', probability: 1 }, { class: 'dark', probability: 0 }] });
});

it('describes the model', async () => {
  expect(await (await fetch(new URL('api/model', serving.url))).json()).toEqual({ schema: 1, name: 'Light <b>or</b> dark', input: [8, 8, 3], labels: 'categorical', classes: ['dark', 'light'], top: 2 });
});

it.each([
  ['another host', { Host: 'evil.example' }, 421],
  ['the right address under another name', { Host: 'rebound.example:80' }, 421],
  ['a foreign origin', { Origin: 'http://evil.example' }, 403],
  ['a null origin', { Origin: 'null' }, 403],
  ['a cross-site browser request', { 'Sec-Fetch-Site': 'cross-site' }, 403],
])('refuses %s', async (_, headers, status) => {
  const body = await white();
  const port = new URL(serving.url).port;
  expect((await raw('/api/predict', { method: 'POST', headers: { Host: `localhost:${port}`, ...headers }, body })).status).toBe(status);
});

it('answers to its own origin', async () => {
  const port = new URL(serving.url).port;
  expect((await raw('/api/predict', { method: 'POST', headers: { Host: `localhost:${port}`, Origin: `http://localhost:${port}` }, body: await white() })).status).toBe(200);
});

it.each([
  ['an empty body', new Uint8Array(0), 400],
  ['a text', new TextEncoder().encode('not a picture'), 422],
  ['too large a body', new Uint8Array(LARGEST_PICTURE + 1), 413],
])('refuses %s with a message', async (_, body, status) => {
  const answer = await fetch(new URL('api/predict', serving.url), { method: 'POST', body });
  expect(answer.status).toBe(status);
  expect(((await answer.json()) as { error: string }).error).toMatch(/picture/);
});

it('has nothing else, and no way out of its folder', async () => {
  for (const path of ['/nothing', '/..%2f..%2fpackage.json', '/page/../server.ts']) expect((await fetch(new URL(path, serving.url))).status).toBe(404);
});

it('forbids everything foreign to the page', async () => {
  const headers = (await fetch(serving.url)).headers;
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

it('answers with labels and values in their own form', async () => {
  const white = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } }).png().toBuffer();
  const ask = async (predictor: Predictor): Promise<readonly unknown[]> => {
    const own = await startServer(predictor, { port: 0, top: 9 });
    try {
      const of = async (path: string, init?: RequestInit): Promise<unknown> => (await fetch(new URL(path, own.url), init)).json();
      return [await of('api/model'), await of('api/predict', { method: 'POST', body: new Uint8Array(white) })];
    } finally {
      await own.close();
    }
  };
  const [labels, values] = [await ask(fakeLabels), await ask(fakeValues)];
  expect(labels[0]).toMatchObject({ labels: 'multilabel', threshold: 0.25, top: 3 });
  expect(labels[1]).toEqual({ schema: 1, labels: ['tree', 'sky'], top: [{ class: 'tree', probability: 0.9 }, { class: 'sky', probability: 0.3 }, { class: 'house', probability: 0.1 }] });
  expect(values[0]).not.toHaveProperty('threshold');
  expect(values[1]).toEqual({
    schema: 1,
    values: [{ name: 'brightness', value: 255 }, { name: 'angle', value: -0.0123456 }],
    top: [{ class: 'brightness', probability: 255 }, { class: 'angle', probability: -0.0123456 }],
  });
});
