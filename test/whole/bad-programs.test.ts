/** Files that are no program, or a wrong one: every command that reads programs says so alike, and nothing is left behind. */
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectRefusal, listing, workplace } from './workplace.ts';

const here = workplace();
const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/bad/${name}`, import.meta.url));
const smallest = 'data { synthetic shapes 200 classes=3; image 16x16 }\nnetwork < conv 8; relu; pool 2; flatten; dense classes >\n';

mkdirSync(here.path('a folder'));
here.write('a folder/inside.cnn', smallest);
here.write('flowers.cnn', smallest);

interface Bad {
  readonly file: string;
  readonly data: string | Uint8Array | null;
  readonly code: string;
  readonly says: readonly (string | RegExp)[];
}

const bad: readonly Bad[] = [
  { file: 'empty.cnn', data: fixture('empty.cnn'), code: 'CNN1201', says: ['this program is empty', 'empty.cnn', 'the smallest complete program is'] },
  { file: 'comments.cnn', data: fixture('comments.cnn'), code: 'CNN1201', says: ['nothing but comments', 'comments.cnn', 'the smallest complete program is'] },
  { file: 'binary.cnn', data: fixture('binary.cnn'), code: 'CNN1100', says: ['a binary file', 'binary.cnn', 'a program is a text file in UTF-8'] },
  { file: 'nul.cnn', data: `${smallest}\0`, code: 'CNN1100', says: ['a binary file', 'nul.cnn'] },
  { file: 'utf16.cnn', data: Buffer.from(`\ufeff${smallest}`, 'utf16le'), code: 'CNN1100', says: ['a text in UTF-16', 'utf16.cnn', 'UTF-8'] },
  { file: 'latin1.cnn', data: Buffer.from(`# Bäume\n${smallest}`, 'latin1'), code: 'CNN1100', says: ['another encoding than UTF-8', 'latin1.cnn'] },
  { file: 'large.cnn', data: `${smallest}${'# and one more line of a very long comment\n'.repeat(122_000)}`, code: 'CNN1101', says: ['5.2 MB', 'at most 1 MB', 'large.cnn'] },
  { file: 'layers.cnn', data: `network <\n${'  conv 32 3x3; relu\n'.repeat(250_000)}>`, code: 'CNN1101', says: ['5.0 MB', 'layers.cnn'] },
  { file: 'cells.cnn', data: `network ${'< repeat 2 '.repeat(10_000)}${'>'.repeat(10_000)}`, code: 'CNN1113', says: ['nested more than 64 deep', 'cells.cnn:1:'] },
  { file: 'blocks.cnn', data: `${'fit { '.repeat(10_000)}${'}'.repeat(10_000)}`, code: 'CNN1113', says: ['nested more than 64 deep', 'blocks.cnn:1:'] },
  { file: 'arithmetic.cnn', data: `fit { epochs ${'('.repeat(10_000)}1${')'.repeat(10_000)} }`, code: 'CNN1113', says: ['nested more than 64 deep', 'arithmetic.cnn:1:'] },
  { file: 'open.cnn', data: '{[(<'.repeat(2_500), code: 'CNN1115', says: ['no word that this', 'open.cnn:1:'] },
  { file: 'closed.cnn', data: '>)]}'.repeat(2_500), code: 'CNN1112', says: ['nothing that this', 'closed.cnn:1:'] },
  {
    file: 'words.cnn',
    data: fixture('words.cnn'),
    code: 'CNN1001',
    says: ['words.cnn:2:53', 'did you mean `split`?', 'called `convv`', 'did you mean `conv`?', 'did you mean `pool` (Keras: MaxPooling2D)?', 'did you mean `classes`?', 'did you mean `batch`?'],
  },
  { file: 'flower.cnn', data: null, code: 'CNN6104', says: ['flower.cnn cannot be read: it does not exist', 'did you mean flowers.cnn?'] },
  { file: 'elsewhere/flowers.cnn', data: null, code: 'CNN6104', says: ['elsewhere/flowers.cnn', 'it does not exist', 'name a program'] },
  { file: 'a folder', data: null, code: 'CNN6104', says: ['a folder cannot be read: it is a folder', 'did you mean a folder/inside.cnn?'] },
  { file: 'flowers.cnn/flowers.cnn', data: null, code: 'CNN6104', says: ['flowers.cnn/flowers.cnn', 'a file stands where a folder should be'] },
];
for (const { file, data } of bad) if (data !== null) here.write(file, data);

it.each(bad)('cnnc run $file', async ({ file, code, says }) => {
  const before = listing(here.folder);
  const ran = await here.cnnc(['run', file], { timeout: 20_000 });
  expectRefusal(ran, { exit: 1, code, says });
  // Many brackets are not many pages.
  expect(ran.stderr.length).toBeLessThan(60_000);
  expect(listing(here.folder)).toEqual(before);
});

it('cnnc check reports all of them in one go', async () => {
  const before = listing(here.folder);
  const ran = await here.cnnc(['check', ...bad.map((b) => b.file), '--format', 'json']);
  expect(ran).toMatchObject({ code: 1, stderr: '' });
  const { files } = JSON.parse(ran.stdout) as { files: { path: string; diagnostics: { code: string }[] }[] };
  expect(files.map((f) => [f.path, f.diagnostics.map((d) => d.code)])).toEqual(bad.map((b) => [b.file, expect.arrayContaining([b.code]) as unknown]));
  expect(listing(here.folder)).toEqual(before);
});

it.each([
  ['summary', 'comments.cnn', 'CNN1201'],
  ['summary', 'binary.cnn', 'CNN1100'],
  ['fmt', 'large.cnn', 'CNN1101'],
  ['fmt', 'cells.cnn', 'CNN1113'],
  ['build --to typescript -o out', 'empty.cnn', 'CNN1201'],
  ['build --to savedmodel -o out', 'words.cnn', 'CNN1001'],
])('cnnc %s refuses %s', async (command, file, code) => {
  const before = listing(here.folder);
  expectRefusal(await here.cnnc([...command.split(' '), file]), { exit: 1, code, says: [file] });
  expect(listing(here.folder)).toEqual(before);
});

// The superuser reads everything: the command then runs as nobody.
const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
it.skipIf(process.platform === 'win32')('a file without read permission', async () => {
  here.write('secret.cnn', smallest);
  chmodSync(here.path('secret.cnn'), 0);
  chmodSync(here.folder, 0o755);
  const ran = await here.cnnc(['run', 'secret.cnn'], { ...(nobody === undefined ? {} : { uid: nobody }), env: { HOME: here.folder } });
  expectRefusal(ran, { exit: 1, code: 'CNN6104', says: ['secret.cnn', 'permission denied'] });
  chmodSync(here.path('secret.cnn'), 0o600);
});

describe('what editors and other systems leave in a file', () => {
  it.each([
    ['a byte order mark', `\ufeff${smallest}`],
    ['CRLF line ends', `# flowers\r\n${smallest.replaceAll('\n', '\r\n')}fit { epochs 1 }\r\n`],
    ['CR line ends', smallest.replaceAll('\n', '\r')],
    ['tabs and trailing blanks', smallest.replaceAll('; ', ';\t ').replaceAll('\n', '  \t\n')],
    ['no last newline', smallest.trimEnd()],
  ])('%s', async (_, text) => {
    here.write('plain.cnn', text);
    const ran = await here.cnnc(['check', 'plain.cnn']);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    here.write('plain.cnn', text.replace('relu', 'rellu'));
    const wrong = await here.cnnc(['check', 'plain.cnn', '--format', 'json']);
    const [{ diagnostics }] = (JSON.parse(wrong.stdout) as { files: { diagnostics: { code: string; start: { line: number; column: number } }[] }[] }).files;
    // Lines as an editor counts them.
    const line = text.slice(0, text.indexOf('relu')).split(/\r\n|\r|\n/).length;
    expect(diagnostics).toMatchObject([{ code: 'CNN1001', start: { line } }]);
  });
});
