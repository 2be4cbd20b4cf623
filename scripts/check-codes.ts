/**
 * Holds the catalogue of messages together: each code has its page (titled as in the catalogue), is emitted somewhere in src, and is
 * shown by a fixture or, where it takes files, training or an engine, by a test that names it; and src emits no code that is not
 * in the catalogue. Prints what is missing and fails.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogue } from '../src/compiler/diagnostics/catalogue.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Texts of the files below a folder, by path. */
const read = (folder: string, wanted: (path: string) => boolean): ReadonlyMap<string, string> =>
  new Map((readdirSync(root + folder, { recursive: true }) as string[]).map((path) => join(folder, path).replaceAll('\\', '/')).filter(wanted).map((path) => [path, readFileSync(root + path, 'utf8')]));

/** Codes as texts of their own in a source: `'CNN3004'`. */
export const codesIn = (text: string): readonly string[] => [...text.matchAll(/['"`](CNN\d{4})['"`]/g)].map(([, code]) => code);

export interface Places {
  readonly titles: ReadonlyMap<string, string>;
  /** Code to the text of its page. */
  readonly pages: ReadonlyMap<string, string>;
  /** Codes emitted by each file of src, the catalogue and the bundled pages left out. */
  readonly emitted: ReadonlyMap<string, readonly string[]>;
  /** Codes with a folder of fixtures that holds a program, and codes that a test names. */
  readonly shown: ReadonlySet<string>;
}

/** What is missing or left over, a line each. */
export function findings({ titles, pages, emitted, shown }: Places): readonly string[] {
  const emitters = new Set([...emitted.values()].flat());
  const wrong: string[] = [];
  for (const [code, title] of titles) {
    const page = pages.get(code);
    if (page === undefined) wrong.push(`${code}: docs/errors/${code}.md is missing`);
    else if (!page.startsWith(`# ${code}: ${title}\n`)) wrong.push(`${code}: its page is not titled "${title}"`);
    if (!emitters.has(code)) wrong.push(`${code}: nothing in src gives this message`);
    if (!shown.has(code)) wrong.push(`${code}: no program in test/fixtures/diagnostics/${code}, and no test names it`);
  }
  for (const code of pages.keys()) if (!titles.has(code)) wrong.push(`${code}: a page without an entry in the catalogue`);
  for (const [path, codes] of emitted) for (const code of new Set(codes)) if (!titles.has(code)) wrong.push(`${code}: used in ${path}, not in the catalogue`);
  return wrong;
}

export function placesOfProject(): Places {
  const titles = new Map(Object.entries(catalogue).map(([code, { title }]) => [code, title]));
  const pages = new Map([...read('docs/errors', (path) => /CNN\d{4}\.md$/.test(path))].map(([path, text]) => [path.slice(-10, -3), text.replaceAll('\r\n', '\n')]));
  const sources = read('src', (path) => path.endsWith('.ts') && !path.includes('/diagnostics/catalogue/') && !path.endsWith('/diagnostics/pages.ts'));
  const emitted = new Map([...sources].map(([path, text]) => [path, codesIn(text)]));
  const shown = new Set<string>();
  const fixtures = 'test/fixtures/diagnostics';
  for (const code of readdirSync(root + fixtures)) if (existsSync(`${root}${fixtures}/${code}`) && readdirSync(`${root}${fixtures}/${code}`).some((file) => file.endsWith('.cnn'))) shown.add(code);
  // A test may look for a code in what a command prints: `error CNN5002: …`.
  for (const text of read('test', (path) => path.endsWith('.test.ts')).values()) for (const [code] of text.matchAll(/CNN\d{4}/g)) shown.add(code);
  return { titles, pages, emitted, shown };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const places = placesOfProject();
  const wrong = findings(places);
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exit(1);
  console.log(`${places.titles.size} messages, each with its page, its program and its place in src`);
}
