/** SARIF against the schema that OASIS published (docs.oasis-open.org, errata 01), for every failing program of the fixtures. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { pages } from '../../../src/compiler/diagnostics/pages.ts';
import { renderSarif, toSarif } from '../../../src/compiler/diagnostics/render/sarif.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
// The schema is draft 4, of whose differences it uses one: `id` at the top.
const { id: _id, $schema: _draft, ...schema } = JSON.parse(readFileSync(at('sarif/sarif-schema-2.1.0.json'), 'utf8')) as Record<string, unknown>;
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
const problems = (log: unknown): readonly string[] => (validate(log) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath}: ${e.message}`));

const programs = readdirSync(at('diagnostics')).flatMap((code) => readdirSync(at(`diagnostics/${code}`)).filter((f) => f.endsWith('.cnn')).map((file) => `${code}/${file}`));

describe('every fixture', () => {
  it.each(programs)('%s', (name) => {
    const { diagnostics, allowed, sources } = compile(readFileSync(at(`diagnostics/${name}`), 'utf8'), { path: name });
    const log = JSON.parse(renderSarif([{ path: name, diagnostics, allowed }], sources, '1.2.3', pages)) as unknown;
    expect(problems(log)).toEqual([]);
  });
});

it('the schema would notice', () => {
  const log = toSarif([], new Map(), '1');
  expect(problems(log)).toEqual([]);
  expect(problems({ ...log, version: '2.0.0' })).not.toEqual([]);
  expect(problems({ ...log, runs: [{ ...log.runs[0], results: [{ level: 'fatal', message: {} }] }] }).length).toBeGreaterThan(1);
});

it('leads from the use of a cell to the place', () => {
  const text = 'data { synthetic }\ncell block(n) < conv n 9x9 >\ncell stage(n) < block n; block n >\nnetwork < stage 8; stage 16; stage 24; flatten; dense classes >';
  const { diagnostics, sources } = compile(text, { path: 'a b.cnn' });
  const [{ codeFlows, locations }] = toSarif([{ path: 'a b.cnn', diagnostics }], sources, '1').runs[0].results;
  const steps = codeFlows?.[0].threadFlows[0].locations.map(({ nestingLevel, location }) => [nestingLevel, location.message?.text, location.physicalLocation.region?.startLine]);
  expect(steps).toEqual([
    [0, 'in `stage 16`, called here', 4],
    [1, 'in `block 16`, called here', 3],
    [2, "this convolution's 9x9 window does not fit into a 8x8 image", 2],
  ]);
  expect(locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b.cnn');
});

it('gives what is allowed as suppressed, rules with their pages, and no region for a file as a whole', () => {
  const text = 'data { synthetic }\n# cnnc: allow CNN3209 two maps\nnetwork < conv 8; relu; flatten; dense 32; dense classes >';
  const { diagnostics, allowed, sources } = compile(text, { path: 'x.cnn' });
  const [run] = toSarif([{ path: 'x.cnn', diagnostics, allowed }], sources, '1', pages).runs;
  expect(run.results).toMatchObject([{ ruleId: 'CNN3209', level: 'warning', suppressions: [{ kind: 'inSource', justification: 'two maps', location: { physicalLocation: { region: { startLine: 2 } } } }] }]);
  expect(run.tool.driver.rules).toMatchObject([{ id: 'CNN3209', defaultConfiguration: { level: 'warning' }, help: { markdown: pages.CNN3209 } }]);
  const empty = compile('', { path: 'x.cnn' });
  expect(toSarif([{ path: 'x.cnn', diagnostics: empty.diagnostics }], empty.sources, '1').runs[0].results[0].locations[0].physicalLocation).toEqual({ artifactLocation: { uri: 'x.cnn' } });
});
