/** The live display on a real terminal (a pseudo-terminal of `script`), as it stands on the screen: while it runs, at the end, after Ctrl-C. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { entry } from '../support/cnnc.ts';
import { engineAvailable } from '../support/engine.ts';
import { screen } from './screen.ts';
import { workplace } from './workplace.ts';

const here = workplace();
const program = (epochs: number): string => `model Tiny
data { synthetic shapes 600 classes=3; image 16x16 }
network < conv 8; relu; pool 2; flatten; dropout .25; dense classes >
fit { epochs ${epochs}; batch 4 }
`;
here.write('tiny.cnn', program(3));
here.write('long.cnn', program(400));

/** util-linux's; that of BSD and macOS takes other arguments. */
function scriptThere(): boolean {
  try {
    return /util-linux/.test(execFileSync('script', ['--version'], { encoding: 'utf8' }));
  } catch {
    return false;
  }
}
const there = scriptThere();
if (!there) console.warn('\n*** TERMINAL TESTS SKIPPED: there is no `script` of util-linux here, which gives a command a terminal. ***\n');

interface Shown {
  readonly code: number | null;
  readonly raw: string;
  /** The screen each time something was written, and at the end. */
  readonly during: readonly (readonly string[])[];
  readonly lines: readonly string[];
}

function onTerminal(args: string, options: { readonly columns: number; readonly env?: Record<string, string>; readonly type?: (raw: string) => string | null }): Promise<Shown> {
  const { CI: _, NO_COLOR: __, ...env } = process.env;
  const child = spawn('script', ['-qec', `stty cols ${options.columns}; exec ${process.execPath} ${entry} ${args}`, '/dev/null'], {
    cwd: here.folder,
    env: { ...env, TERM: 'xterm-256color', CNNC_CACHE: here.cache, ...options.env },
  });
  const terminal = screen(options.columns);
  const during: (readonly string[])[] = [];
  let raw = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    terminal.write(text);
    during.push(terminal.lines());
    const keys = options.type?.(raw);
    if (keys) child.stdin.write(keys);
  });
  return new Promise((done) => child.on('close', (code) => done({ code, raw, during, lines: terminal.lines() })));
}

/** What stays, of any number: `epoch 1/3 loss # …`. */
const kinds = (lines: readonly string[]): readonly string[] => lines.map((line) => line.split(/\s/)[0]).filter((word) => word !== '');

describe.skipIf(!engineAvailable() || !there)('on a terminal', () => {
  it('redraws two lines, and leaves one line an epoch', async () => {
    const { code, raw, during, lines } = await onTerminal('run tiny.cnn', { columns: 100 });
    expect(code, raw).toBe(0);
    expect(kinds(lines)).toEqual(['tiny.cnn', 'network', 'engine', 'epoch', 'epoch', 'epoch', 'best', 'test', 'confused', 'files', 'next']);
    const live = during.map((screenful) => screenful.filter((line) => /━/.test(line))).filter((found) => found.length > 0);
    expect(live.length).toBeGreaterThan(2);
    for (const bars of live) expect(bars).toHaveLength(1);
    expect(live.flat()).toContainEqual(expect.stringMatching(/^epoch [123]\/3 {4}[━╸]+ +\d+ % {2}loss [\d.]+ {2}accuracy [\d.]+/));
    expect(during.flat()).toContainEqual(expect.stringMatching(/val_loss [\d.]+ .*[\u2800-\u28ff]+ {2}loss$/));
    expect(raw).toMatch(/\x1b\[\d+m/);
  });

  it.each([40, 200])('%i columns wide leaves nothing behind', async (columns) => {
    const { code, raw, during, lines } = await onTerminal(`run tiny.cnn --out w${columns}`, { columns });
    expect(code, raw).toBe(0);
    expect(lines.join('\n')).not.toMatch(/[━╸\u2800-\u28ff]/);
    expect(lines.join('')).toMatch(/tiny\.cnn.*network.*engine.*epoch 1\/3.*epoch 2\/3.*epoch 3\/3.*best.*test.*confused.*files.*next/);
    // A live line that wraps could not be taken back.
    for (const screenful of during) expect(screenful.filter((line) => /[━╸]/.test(line)).length).toBeLessThan(2);
  });

  it('without colours where NO_COLOR says so, and as plain lines on a dumb terminal', async () => {
    const colourless = await onTerminal('run tiny.cnn --out nc', { columns: 80, env: { NO_COLOR: '1' } });
    expect(colourless.raw).not.toMatch(/\x1b\[[0-9;]*m/);
    expect(colourless.raw).toContain('─');
    const dumb = await onTerminal('run tiny.cnn --out dumb', { columns: 80, env: { TERM: 'dumb', NO_COLOR: '1' } });
    expect(dumb.raw).not.toMatch(/\x1b|\r(?!\n)/);
  });

  it.each([40, 100])('Ctrl-C saves, says how to go on, and leaves a clean screen (%i columns)', async (columns) => {
    let typed = false;
    const { code, raw, lines } = await onTerminal(`run long.cnn --out c${columns}`, {
      columns,
      type: (seen) => {
        if (typed || !/epoch 2\/400[^\n]*━/.test(seen)) return null;
        typed = true;
        return '\x03';
      },
    });
    expect(code, raw).toBe(130);
    expect(lines.join('\n')).not.toMatch(/[━╸\u2800-\u28ff]|finishing the step/);
    expect(lines.join('')).toContain(`everything up to the last step is saved in c${columns}`);
    expect(lines.join('')).toContain(`cnnc run long.cnn --out c${columns} --resume`);
    expect(here.json(`c${columns}/manifest.json`)).toMatchObject({ status: 'interrupted' });
    expect(existsSync(here.path(`c${columns}`, 'weights.npz'))).toBe(false);
  });

  it('a fault takes the live lines away before it is told', async () => {
    here.write('nan.cnn', `${program(3)}compile { optimizer sgd lr=1e30 }\n`);
    const { code, lines } = await onTerminal('run nan.cnn', { columns: 90 });
    expect(code).toBe(3);
    expect(lines.join('\n')).not.toMatch(/[━╸]/);
    expect(kinds(lines)).toEqual(expect.arrayContaining(['engine', 'error']));
  });
});
