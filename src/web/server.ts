/**
 * The page of a trained model: a picture from the camera, a drop, a paste or a file in, what it is out: classes, labels or values.
 * A local server is not a boundary by itself (any web page can talk to it), so every request must name this host, a browser's
 * request must come from this page, bodies are capped, and nothing but pictures is accepted.
 */
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { serve as listen } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { decisionThreshold, isYesOrNo } from '../compiler/model/decision.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import { predictionJson } from '../runtime/bundle/predictor.ts';
import type { Predictor } from '../runtime/bundle/bundle.ts';

/** Largest picture taken, encoded. */
export const LARGEST_PICTURE = 20 * 1024 * 1024;
/** Pictures waiting for the engine; more are refused rather than queued without end. */
const LONGEST_QUEUE = 16;

export interface ServeOptions {
  readonly port: number;
  /** Classes the page and the API show. */
  readonly top: number;
}

export interface Serving {
  readonly url: string;
  close(): Promise<void>;
}

const assets = { '/': ['index.html', 'text/html'], '/page.css': ['page.css', 'text/css'], '/page.js': ['page.js', 'text/javascript'] } as const;

/** The application without its socket: `allowed` are the Host values it answers to. */
export function application(predictor: Predictor, top: number, allowed: () => readonly string[]): Hono {
  const app = new Hono();
  let waiting = 0;

  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'self'"], imgSrc: ["'self'", 'blob:', 'data:'], mediaSrc: ["'self'", 'blob:'], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
      permissionsPolicy: { camera: ['self'], microphone: [], geolocation: [] },
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: false,
    }),
  );
  app.use(async (c, next) => {
    const hosts = allowed();
    const host = c.req.header('host') ?? '';
    const origin = c.req.header('origin');
    const site = c.req.header('sec-fetch-site');
    if (!hosts.includes(host)) return c.json({ schema: 1, error: `this server answers only to ${hosts.join(', ')}` }, 421);
    if (origin !== undefined && !hosts.some((h) => origin === `http://${h}`)) return c.json({ schema: 1, error: 'requests from other pages are not answered' }, 403);
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return c.json({ schema: 1, error: 'requests from other pages are not answered' }, 403);
    c.header('Cache-Control', 'no-store');
    await next();
  });

  for (const [path, [file, type]] of Object.entries(assets)) {
    app.get(path, async (c) => c.body(await readFile(new URL(`./page/${file}`, import.meta.url), 'utf8'), 200, { 'Content-Type': `${type}; charset=utf-8` }));
  }
  app.get('/api/model', (c) => {
    const { program, classes } = predictor.bundle;
    return c.json({ schema: 1, name: program.name, input: program.input, labels: program.labels.kind, classes, top: Math.min(top, classes.length), ...(isYesOrNo(program.labels.kind) ? { threshold: decisionThreshold(program) } : {}) });
  });
  app.post(
    '/api/predict',
    bodyLimit({ maxSize: LARGEST_PICTURE, onError: (c) => c.json({ schema: 1, error: `the picture is larger than ${LARGEST_PICTURE / 1024 / 1024} MB` }, 413) }),
    async (c) => {
      if (waiting >= LONGEST_QUEUE) return c.json({ schema: 1, error: 'too many pictures at once; try again in a moment' }, 503);
      waiting++;
      try {
        const body = new Uint8Array(await c.req.arrayBuffer());
        if (body.length === 0) return c.json({ schema: 1, error: 'the request has no picture in its body' }, 400);
        return c.json({ schema: 1, ...predictionJson(await predictor.predict(body, top)) });
      } catch (error) {
        if (error instanceof DiagnosticError) {
          const [{ code, message }] = error.diagnostics;
          // Of the picture, or of the engine.
          return c.json({ schema: 1, error: message, code }, /^CNN60[0-4]|^CNN6066/.test(code) ? 503 : 422);
        }
        throw error;
      } finally {
        waiting--;
      }
    },
  );
  app.notFound((c) => c.json({ schema: 1, error: 'there is nothing here' }, 404));
  app.onError((_, c) => c.json({ schema: 1, error: 'the model could not answer' }, 500));
  return app;
}

/** Binds to the loopback address. Rejects with the system's error when the port is taken. */
export function startServer(predictor: Predictor, options: ServeOptions): Promise<Serving> {
  return new Promise((resolve, reject) => {
    let hosts: string[] = [];
    const app = application(predictor, options.top, () => hosts);
    const server = listen({ fetch: app.fetch, port: options.port, hostname: '127.0.0.1' }, (info: AddressInfo) => {
      hosts = [`localhost:${info.port}`, `127.0.0.1:${info.port}`];
      resolve({
        url: `http://localhost:${info.port}/`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.on('error', reject);
  });
}
