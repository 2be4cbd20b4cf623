/**
 * Holds ARCHITECTURE.md's one-way dependencies: which room may import which. Types count too.
 * Prints every import that goes the wrong way and fails.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Rooms under src/, each with the rooms it may import besides itself. Longest prefix wins. */
const allowed: Record<string, readonly string[]> = {
  'compiler/source': [],
  // The facts of a diagnostic are typed by what passes speak of: shapes, groups of words.
  'compiler/diagnostics': ['compiler/source', 'compiler/model/program', 'compiler/vocabulary/types'],
  'compiler/syntax': ['compiler/source', 'compiler/diagnostics'],
  'compiler/shape': ['compiler/source', 'compiler/diagnostics', 'compiler/model/program'],
  'compiler/vocabulary': ['compiler/source', 'compiler/diagnostics', 'compiler/shape', 'compiler/model/program'],
  // model/tree.ts holds what is true of any tree of cells, its limits among them, and knows the Program's types only.
  'compiler/bind': ['compiler/source', 'compiler/diagnostics', 'compiler/syntax', 'compiler/vocabulary', 'compiler/shape', 'compiler/model/program', 'compiler/model/tree'],
  'compiler/check': ['compiler/source', 'compiler/diagnostics', 'compiler/syntax', 'compiler/vocabulary', 'compiler/shape', 'compiler/bind', 'compiler/model/program', 'compiler/model/tree', 'compiler/model/loss'],
  'compiler/model': ['compiler/source', 'compiler/diagnostics', 'compiler/syntax', 'compiler/vocabulary', 'compiler/shape', 'compiler/bind', 'compiler/check'],
  'compiler/graph': ['compiler/source', 'compiler/diagnostics', 'compiler/shape', 'compiler/model'],
  'compiler/memory': ['compiler/model', 'compiler/graph', 'compiler/backend'],
  'compiler/backend': ['compiler/source', 'compiler/diagnostics', 'compiler/shape', 'compiler/graph'],
  // What everything that is drawn shares: the palette, the width of words.
  'compiler/print/svg': [],
  'compiler/print': ['compiler/source', 'compiler/diagnostics', 'compiler/shape', 'compiler/vocabulary', 'compiler/model'],
  'compiler/format': ['compiler/source', 'compiler/diagnostics', 'compiler/syntax', 'compiler/vocabulary'],
  'compiler': ['compiler'],
  'runtime': ['compiler/source', 'compiler/diagnostics', 'compiler/shape', 'compiler/model', 'compiler/graph', 'compiler/backend', 'compiler/memory/limits', 'compiler/print/svg'],
  'web': ['compiler', 'runtime'],
  'cli': ['compiler', 'runtime', 'web'],
};
/** What the pure core must never import. */
const impure = /^(node:|fs$|path$|sharp|@tensorflow\/|@resvg|hono|@hono)/;

const rooms = Object.keys(allowed).sort((a, b) => b.length - a.length);
const within = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`) || path === `${room}.ts` || path.startsWith(`${room}.`);
const roomOf = (path: string): string => rooms.find((room) => within(path, room)) ?? path;

const files = (readdirSync('src', { recursive: true }) as string[]).filter((f) => f.endsWith('.ts')).map((f) => f.replaceAll('\\', '/'));
const wrong: string[] = [];
for (const file of files) {
  const text = readFileSync(join('src', file), 'utf8');
  const room = roomOf(file);
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (!target.startsWith('.')) {
      if (file.startsWith('compiler/') && impure.test(target)) wrong.push(`src/${file}: the pure core imports ${target}`);
      continue;
    }
    const path = relative('src', resolve('src', dirname(file), target)).replaceAll('\\', '/');
    if (path.startsWith('..')) continue;
    if (!within(path, room) && !allowed[room]?.some((may) => within(path, may))) wrong.push(`src/${file}: ${room} must not import ${path}`);
  }
}
for (const line of wrong) console.error(line);
if (wrong.length > 0) process.exit(1);
console.log(`${files.length} files, every import goes the right way`);
