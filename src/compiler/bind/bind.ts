/**
 * bind: from what was written to words of the vocabulary with typed values. Sections are bound apart from each other, so that
 * a damaged or wrong one does not hide what is wrong with the others. Missing things are for check; here it is about what stands there.
 */
import type { DataFacts } from '../model/program.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source/source.ts';
import type { Ast, Block, Statement } from '../syntax/ast.ts';
import { sources } from '../vocabulary/index.ts';
import type { Bound, BoundCell, BoundPlot, Use } from './bound.ts';
import { countOf } from './classes.ts';
import { declare, isDeclaration } from './declare.ts';
import { bringCells, noImports, unusedImports } from './imports.ts';
import type { Imports } from './imports.ts';
import { bindCell, bindUnused, mostStatements } from './network.ts';
import type { Report } from './report.ts';
import { addSetting, bindSection, closeSection, openSection } from './section.ts';
import type { Misplaced, OpenSection } from './section.ts';
import { environment } from './scope.ts';
import type { Scope } from './scope.ts';
import { bindUse, headSpan, identify } from './statement.ts';

/** `damage` are the parser's errors: they make the section they stand in unsound. `imports` are the cells of other files. */
export function bind(ast: Ast, damage: readonly Diagnostic[], report: Report, facts: DataFacts | null = null, imports: Imports = noImports): Bound {
  const sections = { data: openSection('data'), preprocess: openSection('preprocess'), augment: openSection('augment'), compile: openSection('compile'), fit: openSection('fit'), budget: openSection('budget') };
  const single = new Map<string, Use>();
  const plots: BoundPlot[] = [];
  const misplaced: Misplaced[] = [];
  let network: { cell: BoundCell; span: Statement['span']; sound: boolean } | null = null;
  const first = new Map<string, Statement>();
  const broken = damage.filter((d) => d.severity === 'error').map((d) => d.span);
  const holds = (statement: Statement, { file, start }: Span): boolean => file === statement.span.file && start >= statement.span.start && start <= statement.span.end;
  const isDamaged = (statement: Statement): boolean => broken.some((at) => holds(statement, at));
  let sound = broken.every((at) => at.file !== ast.file || ast.statements.some((s) => holds(s, at)));

  const env = environment(report, ast.file, mostStatements);
  const brought = bringCells(imports, env);
  const scope = declare(ast.statements, null, env, brought);
  const isNetwork = ({ word }: Statement): boolean => word.text === 'network';

  // The network comes last: arithmetic in it may use the number of classes.
  for (const statement of [...ast.statements.filter((s) => !isNetwork(s)), ...ast.statements.filter(isNetwork)]) {
    if (isDeclaration(statement)) continue;
    const before = report.errors;
    const identified = identify(statement, 'top', 'section', report);
    if (identified.kind === 'elsewhere') misplaced.push({ word: identified.word, statement });
    if (identified.kind === 'none') sound = false;
    if (identified.kind !== 'word') continue;
    const { word } = identified;
    const earlier = first.get(word.word);
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
      misplaced.push(...bindSection(section, own?.statements ?? [], scope));
      // A second block, or one of the other kind, has lost its word: what it holds counts where it belongs, and its section may be missing.
      misplaced.push(...report.silently(() => bindSection(section, lost.flatMap((block) => block.statements), scope)));
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
      misplaced.push(...bindSection(settings, settingsOf(statement), scope));
      plots.push({ use, settings: { ...closeSection(settings), sound: settings.sound && !isDamaged(statement) } });
    } else if (use.sound) single.set(word.word, use);
    else sound = false;
  }

  if (broken.length === 0 && report.errors === 0) for (const { file, span } of unusedImports(imports, brought, env.used)) report.add('CNN1227', span, { what: 'import', name: file.path, of: null });
  env.inNetwork = true;
  bindUnused(env, broken.length === 0, misplaced);
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

const settingsOf = (statement: Statement): readonly Statement[] => statement.blocks.filter((block) => block.kind === 'settings').flatMap((block) => block.statements);

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
