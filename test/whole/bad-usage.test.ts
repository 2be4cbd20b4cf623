/** Wrong words on the command line: exit 2 for wrong usage, 1 for what names a wrong thing; a way out in each, nothing on stdout, nothing written. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { entry } from '../support/cnnc.ts';
import { expectRefusal, listing, workplace } from './workplace.ts';

const here = workplace();
here.write('tiny.cnn', 'data { synthetic shapes 200 classes=3; image 16x16 }\nnetwork < conv 8; relu; pool 2; flatten; dense classes >\n');
here.write('picture.png', 'no picture');
here.write('full/notes.txt', 'mine');
mkdirSync(here.path('nothing'));

it.each<[command: string, exit: 1 | 2, ...says: (string | RegExp)[]]>([
  ['frobnicate', 2, "unknown command 'frobnicate'", 'cnnc --help'],
  ['rnu tiny.cnn', 2, 'Did you mean run?'],
  ['run', 2, "missing required argument 'file'"],
  ['run tiny.cnn --epoch 3', 2, "unknown option '--epoch'", 'Did you mean --epochs?'],
  ['run tiny.cnn extra.cnn', 2, 'too many arguments'],
  ['run tiny.cnn --epochs three', 2, 'A whole number from 1 to'],
  ['run tiny.cnn --epochs 0', 2, 'A whole number from 1 to'],
  ['run tiny.cnn --seed -1', 2, 'A whole number from 0 to'],
  ['run tiny.cnn --threads 1.5', 2, 'A whole number from 1 to'],
  ['run tiny.cnn --engine abacus', 2, 'Allowed choices are auto, tensorflow, onnx'],
  ['run tiny.cnn --dashboard', 1, 'CNN6054', '--json'],
  ['run tiny.cnn --resume', 1, 'CNN6051', 'start a new run: cnnc run tiny.cnn'],
  ['run tiny.cnn --resume --out nothing', 1, 'CNN6051', 'start a new run: cnnc run tiny.cnn --out nothing'],
  ['run tiny.cnn --resume --initial-weights w.npz', 1, 'CNN6065', '--initial-weights'],
  ['run tiny.cnn --set', 2, 'argument missing'],
  ['run tiny.cnn --set nonsense', 2, 'for example fit.batch=32'],
  ['run tiny.cnn --set fit.batch', 2, 'for example fit.batch=32'],
  ['run tiny.cnn --set =3', 2, 'for example fit.batch=32'],
  ['run tiny.cnn --set fit.bach=3', 1, 'CNN1001', 'did you mean `batch`?'],
  ['run tiny.cnn --set fit.batch=often', 1, 'CNN1008', '--set fit.batch=often', 'a whole number'],
  ['run tiny.cnn --set fit.batch=-4', 1, 'CNN1009', 'at least 1'],
  ['run tiny.cnn --set fit.batch=}', 1, 'CNN1112', '--set fit.batch=}'],
  ['run tiny.cnn --set fit.batch=3;epochs~4', 1, /error CNN1\d\d\d: /],
  ['run tiny.cnn --set kitchen.sink=3', 1, 'CNN1020', '`kitchen.sink`', '--set fit.batch=32'],
  ['run tiny.cnn --set fit=3', 1, 'CNN1020', '`fit`', 'section.word=value'],
  ['run tiny.cnn --set __proto__.x=3', 1, 'CNN1020', '`__proto__.x`'],
  ['run tiny.cnn --set data.folder=nowhere', 1, /error CNN(1205|4050)/, 'nowhere'],
  ['run tiny.cnn --out full', 1, 'CNN6050', 'full', 'choose another folder: --out DIR'],
  ['run tiny.cnn --out tiny.cnn', 1, 'CNN6061', 'tiny.cnn', '--out DIR'],
  ['run tiny.cnn --out tiny.cnn/run', 1, 'CNN6061', 'tiny.cnn/run', '--out DIR'],
  ['run tiny.cnn --initial-weights none.npz', 1, 'CNN6056', 'none.npz', 'a NumPy .npz of float32 arrays'],
  ['run tiny.cnn --initial-weights full', 1, 'CNN6056', 'full', 'it is a folder'],
  ['run tiny.cnn --initial-weights picture.png', 1, 'CNN6056', 'picture.png', 'not a zip archive'],
  ['check', 2, "missing required argument 'file'"],
  ['check tiny.cnn --format xml', 2, 'Allowed choices are text, json, sarif'],
  ['summary', 2, "missing required argument 'file'"],
  ['build tiny.cnn', 2, '--to'],
  ['build tiny.cnn --to typescript', 2, '-o, --out'],
  ['build tiny.cnn --to cobol -o out', 2, 'CNN6100', 'typescript'],
  ['build tiny.cnn --to typescript -o full', 1, 'CNN6101', 'full', '--force'],
  ['build tiny.cnn --to typescript -o tiny.cnn', 1, 'CNN6101', 'tiny.cnn', '-o DIR'],
  ['build tiny.cnn --to typescript -o out --weights nothing', 1, 'CNN6057', 'nothing'],
  ['predict', 2, "missing required argument 'run'"],
  ['predict nothing', 2, "missing required argument 'image'"],
  ['predict nothing picture.png', 1, 'CNN6057', 'nothing', 'the folder of a finished run'],
  ['predict tiny.cnn picture.png', 1, 'CNN6057', 'tiny.cnn', 'the folder of a finished run'],
  ['predict nowhere picture.png', 1, 'CNN6057', 'nowhere', 'the folder of a finished run'],
  ['predict nothing picture.png --top 0', 2, 'A whole number from 1 to'],
  ['serve', 2, "missing required argument 'run'"],
  ['serve nothing', 1, 'CNN6057', 'nothing', 'the folder of a finished run'],
  ['serve nothing --port x', 2, 'A whole number from 0 to 65535'],
  ['serve nothing --port 70000', 2, 'A whole number from 0 to 65535'],
  ['explain convv', 2, 'did you mean `conv`?'],
  ['explain CNN9999', 2, 'CNN9999'],
  ['engine polish', 2, "unknown command 'polish'"],
])('cnnc %s', async (command, exit, ...says) => {
  const before = listing(here.folder);
  expectRefusal(await here.cnnc(command.split(' ').map((word) => word.replaceAll('~', ' ')), { timeout: 20_000 }), { exit, says });
  expect(listing(here.folder)).toEqual(before);
});

it.skipIf(!existsSync('/dev/full'))('output that cannot be written is an error, a reader that goes away is none', async () => {
  const shell = (command: string): Promise<{ code: number | null; stderr: string }> =>
    new Promise((done) => {
      const child = spawn('sh', ['-c', command.replaceAll('cnnc', `${process.execPath} ${entry}`)], { cwd: here.folder, stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (text: Buffer) => (stderr += String(text)));
      child.on('close', (code) => done({ code, stderr }));
    });
  for (const command of ['cnnc summary tiny.cnn', 'cnnc explain', 'cnnc check tiny.cnn --format json']) {
    const full = await shell(`${command} > /dev/full`);
    expect(full.code, command).toBe(1);
    expect(full.stderr).toContain('the output cannot be written: the disk is full');
    expect(full.stderr).not.toMatch(/\n\s+at /);
    expect(await shell(`{ ${command}; echo $? >&2; } | head -c 1`)).toEqual({ code: 0, stderr: '0\n' });
  }
});

it('--help of every command has an example', async () => {
  const { stdout } = await here.cnnc(['--help']);
  const commands = [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name).filter((name) => name !== 'help');
  expect(commands.sort()).toEqual(['build', 'check', 'engine', 'explain', 'fmt', 'predict', 'run', 'serve', 'summary']);
  for (const command of commands) {
    const help = await here.cnnc([command, '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`Examples?:\\n  cnnc ${command} `));
  }
});

it('cnnc alone shows the commands; --version the version', async () => {
  expect(await here.cnnc([])).toMatchObject({ code: 0 });
  const { stdout } = await here.cnnc(['--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
