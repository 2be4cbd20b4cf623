/**
 * bind: from what was written to words of the vocabulary with typed values. Sections are bound apart from each other, so that
 * a damaged or wrong one does not hide what is wrong with the others. Missing things are for check; here it is about what stands there.
 */
import type { DataFacts } from '../model/program.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Ast, Block, Statement } from '../syntax/ast.ts';
import { sources } from '../vocabulary/index.ts';
import type { Bound, BoundCell, BoundPlot, Use } from './bound.ts';
import { countOf } from './classes.ts';
import { declare, isDeclaration } from './declare.ts';
import { bringCells, noImports, unusedImports } from './imports.ts';
import type { Imports } from './imports.ts';
import { bindCell, bindUnused, mostStatements } from './network.ts';
import { lookUp } from './lookup.ts';
import { meantSection } from './misnamed.ts';
import { damageOf } from './damage.ts';
import { replace } from './report.ts';
import type { Report } from './report.ts';
import { addSetting, bindSection, closeSection, openSection } from './section.ts';
import type { Misplaced, OpenSection } from './section.ts';
import { environment } from './scope.ts';
import type { Scope } from './scope.ts';
import { apart, separate } from './separate.ts';
import { bindUse, headSpan, identify } from './statement.ts';

/** `damage` are the parser's errors: they make the section they stand in unsound. `imports` are the cells of other files. */
export function bind(ast: Ast, damage: readonly Diagnostic[], report: Report, facts: DataFacts | null = null, imports: Imports = noImports): Bound {
  const sections = { data: openSection('data'), preprocess: openSection('preprocess'), augment: openSection('augment'), compile: openSection('compile'), fit: openSection('fit'), budget: openSection('budget') };
  const single = new Map<string, Use>();
  const plots: BoundPlot[] = [];
  const misplaced: Misplaced[] = [];
  let network: { cell: BoundCell; span: Statement['span']; sound: boolean } | null = null;
  const first = new Map<string, Statement>();
  const damages = damageOf(damage);
  const intact = !damage.some((d) => d.severity === 'error');
  const isDamaged = (statement: Statement): boolean => damages.within(statement.span);
  const whole = { file: ast.file, start: 0, end: Infinity };
  let sound = !damages.between(whole, ast.statements.map((s) => s.span));

  const env = environment(report, ast.file, mostStatements, damages);
  const written = apart(ast.statements, report);
  const brought = bringCells(imports, env);
  const outer = declare(written, null, env, brought);
  const statements = separate(written, 'top', outer);
  // Declarations that ran into others come into sight now.
  const starts = new Set(written.map((s) => s.span.start));
  const parted = statements.filter((s) => isDeclaration(s) && !starts.has(s.span.start));
  const scope = parted.length > 0 ? declare(parted, outer, env) : outer;
  const withBlock = new Set(statements.filter((s) => s.blocks.length > 0).map((s) => s.word.text));
  const meant = new Map(statements.map((s) => [s, meantSection(s, withBlock)]));
  const isNetwork = (s: Statement): boolean => (meant.get(s) ?? s.word.text) === 'network';

  // The network comes last: arithmetic in it may use the number of classes.
  for (const written of [...statements.filter((s) => !isNetwork(s)), ...statements.filter(isNetwork)]) {
    if (isDeclaration(written)) continue;
    const before = report.errors;
    const meaning = meant.get(written) ?? null;
    if (meaning !== null && !damages.inHead(written)) misnamed(written, meaning, report);
    const statement = meaning === null ? written : { ...written, word: { ...written.word, text: meaning } };
    // The parser reported what stands there instead of a word.
    if (statement.word.text === '') {
      sound = false;
      continue;
    }
    const identified = identify(statement, 'top', 'section', report);
    if (identified.kind === 'elsewhere') misplaced.push({ word: identified.word, statement });
    if (identified.kind === 'none') sound = false;
    if (identified.kind !== 'word') continue;
    const { word } = identified;
    const earlier = first.get(word.word);
    // Where the word stands a second time with its block, the one without is a slip.
    if (word.blocks && !word.blockOptional && statement.blocks.length === 0 && withBlock.has(statement.word.text)) {
      report.add('CNN1014', headSpan(statement), { owner: word.word, expected: word.blocks === 'settings' ? 'settings' : 'cell', found: null, example: word.example });
      continue;
    }
    if (earlier && !word.repeats) {
      report.add('CNN1005', headSpan(statement), { what: word.blocks ? 'section' : 'setting', word: word.word }, { related: [{ span: headSpan(earlier), label: 'first here' }] });
      continue;
    }
    first.set(word.word, statement);
    const section = sections[word.word as keyof typeof sections] as OpenSection | undefined;
    const use = bindUse(word, statement, scope);
    if (section) {
      section.statement = statement;
      section.sound = !isDamaged(statement) && report.errors === before;
      const [own, ...lost] = statement.blocks.filter((block) => block.kind === 'settings');
      for (const found of bindSection(section, own?.statements ?? [], scope)) misplaced.push(found);
      // A second block, or one of the other kind, has lost its word: what it holds counts where it belongs, and its section may be missing.
      for (const found of report.silently(() => bindSection(section, lost.flatMap((block) => block.statements), scope))) misplaced.push(found);
      if (lost.length > 0 || statement.blocks.some((block) => block.kind === 'cell')) sound = false;
    } else if (word.word === 'network') {
      const cells = statement.blocks.filter((block) => block.kind === 'cell');
      // With the wrong brackets the layers are still layers.
      const block: Block | undefined = cells[0] ?? statement.blocks[0];
      env.classes = countOf({ source: findSource(sections.data), classes: single.get('classes') ?? null, listed: sections.data.settings.get('classes') ?? null, facts });
      env.inNetwork = true;
      const cell = block ? bindCell(block, scope, misplaced) : { nodes: [], span: statement.span };
      env.inNetwork = false;
      network = { cell, span: headSpan(statement), sound: !isDamaged(statement) && report.errors === before };
    } else if (word.word === 'plot') {
      const settings = openSection('plot');
      settings.statement = statement;
      for (const found of bindSection(settings, settingsOf(statement), scope)) misplaced.push(found);
      plots.push({ use, settings: { ...closeSection(settings), sound: settings.sound && !isDamaged(statement) } });
    } else if (use.sound) single.set(word.word, use);
    else sound = false;
  }

  if (intact && report.errors === 0) for (const { file, span } of unusedImports(imports, brought, env.used)) report.add('CNN1227', span, { what: 'import', name: file.path, of: null });
  env.inNetwork = true;
  bindUnused(env, intact, misplaced);
  env.inNetwork = false;
  const lost = report.silently(() => adopt(misplaced, sections, single, scope));
  reportSecondSource(sections.data, report);
  const source = findSource(sections.data);
  return {
    file: ast.file,
    model: single.get('model') ?? null,
    input: single.get('input') ?? null,
    classes: single.get('classes') ?? null,
    source,
    data: closeSection(sections.data),
    preprocess: closeSection(sections.preprocess),
    augment: closeSection(sections.augment),
    compile: closeSection(sections.compile),
    fit: closeSection(sections.fit),
    budget: closeSection(sections.budget),
    network,
    plots,
    empty: ast.statements.length === 0 && damage.length === 0,
    sound: sound && !lost,
  };
}

function misnamed({ word, blocks }: Statement, section: string, report: Report): void {
  if (word.text === '') return;
  const found = lookUp(word.text, 'top');
  // A slip of the section's own name, or another tool's name for it.
  if ((found.kind === 'unknown' && found.suggestion === section) || (found.kind === 'alias' && found.word.word === section)) {
    identify({ word, blocks, values: [], options: [], kind: 'statement', span: word.span }, 'top', 'section', report);
    return;
  }
  report.add('CNN1140', word.span, { word: word.text, section }, { fixes: [replace(`write ${section}`, word.span, section, false)] });
}

const settingsOf = (statement: Statement): readonly Statement[] => statement.blocks.find((block) => block.kind === 'settings')?.statements ?? [];

/** A word in the wrong section was reported; it still counts where it belongs, so that nothing is missing because of it. */
function adopt(misplaced: readonly Misplaced[], sections: Readonly<Record<string, OpenSection>>, single: Map<string, Use>, scope: Scope): boolean {
  let lost = false;
  for (const { word, statement } of misplaced) {
    // Its names hold where it stands only; nothing can be made of it elsewhere.
    if (isDeclaration(statement)) continue;
    const section = Object.values(sections).find((s) => word.in.includes(s.word));
    if (section && !word.later) {
      section.sound = false;
      if (!section.settings.has(word.word)) addSetting(section, word, statement, scope);
    } else if (word.in.includes('top') && !word.blocks && !word.later && !single.has(word.word)) {
      const use = bindUse(word, statement, scope);
      if (use.sound) single.set(word.word, use);
    } else lost = true;
  }
  return lost;
}

const sourcesOf = (data: OpenSection): readonly Use[] => [...data.settings.values()].filter(({ word }) => word.group === 'source' && Object.hasOwn(sources, word.word));
const findSource = (data: OpenSection): Use | null => sourcesOf(data)[0] ?? null;

function reportSecondSource(data: OpenSection, report: Report): void {
  const [source, second] = sourcesOf(data);
  if (!second) return;
  report.add('CNN1205', second.span, { first: source.word.word, second: second.word.word }, { related: [{ span: source.span, label: 'the first source' }] });
  data.sound = false;
}
