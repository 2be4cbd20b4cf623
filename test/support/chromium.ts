/** Debian's Chromium for page tests. Where none is found the tests say so loudly and are skipped. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const path = [process.env.CNNC_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => p && existsSync(p));

export const chromiumFound = path !== undefined;
if (!chromiumFound) console.warn('\n*** PAGE TESTS SKIPPED: no Chromium found. Install it (apt-get install chromium) or set CNNC_CHROMIUM to its path. ***\n');

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
    ],
  });
