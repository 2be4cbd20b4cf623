/**
 * bind: from what was written to words of the vocabulary with typed values. Sections are bound apart from each other, so that
 * a damaged or wrong one does not hide what is wrong with the others. Missing things are for check; here it is about what stands there.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source/source.ts';
import type { Ast, Block, Statement } from '../syntax/ast.ts';
import type { Word } from '../vocabulary/types.ts';
import { sources } from '../vocabulary/index.ts';
import type { Bound, BoundCell, BoundPlot, Use } from './bound.ts';
import { bindCell } from './network.ts';
import type { Report } from './report.ts';
import { addSetting, bindSection, closeSection, openSection } from './section.ts';
import type { Misplaced, OpenSection } from './section.ts';
import { bindUse, headSpan, identify } from './statement.ts';

/** `damage` are the parser's errors: they make the section they stand in unsound. */
export function bind(ast: Ast, damage: readonly Diagnostic[], report: Report): Bound {
  const sections = { data: openSection('data'), preprocess: openSection('preprocess'), augment: openSection('augment'), compile: openSection('compile'), fit: openSection('fit') };
  const single = new Map<string, Use>();
  const plots: BoundPlot[] = [];
  const misplaced: Misplaced[] = [];
  let network: { cell: BoundCell; span: Statement['span']; sound: boolean } | null = null;
  const first = new Map<string, Statement>();
  const broken = damage.filter((d) => d.severity === 'error').map((d) => d.span);
  const holds = (statement: Statement, { file, start }: Span): boolean => file === statement.span.file && start >= statement.span.start && start <= statement.span.end;
  const isDamaged = (statement: Statement): boolean => broken.some((at) => holds(statement, at));
  let sound = broken.every((at) => ast.statements.some((s) => holds(s, at)));

  for (const statement of ast.statements) {
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
    const use = bindUse(word, statement, report);
    if (section) {
      section.statement = statement;
      section.sound = !isDamaged(statement) && report.errors === before;
      misplaced.push(...bindSection(section, settingsOf(statement), report));
    } else if (word.word === 'network') {
      const cells = statement.blocks.filter((block) => block.kind === 'cell');
      // With the wrong brackets the layers are still layers.
      const block: Block | undefined = cells[0] ?? statement.blocks[0];
      const cell = block ? bindCell(block, report, misplaced) : { nodes: [], span: statement.span };
      network = { cell, span: headSpan(statement), sound: !isDamaged(statement) && report.errors === before };
    } else if (word.word === 'plot') {
      const settings = openSection('plot');
      settings.statement = statement;
      misplaced.push(...bindSection(settings, settingsOf(statement), report));
      plots.push({ use, settings: { ...closeSection(settings), sound: settings.sound && !isDamaged(statement) } });
    } else if (use.sound) single.set(word.word, use);
    else sound = false;
  }

  const lost = adopt(misplaced, sections, single, report);
  const source = findSource(sections.data, report);
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
    network,
    plots,
    empty: ast.statements.length === 0 && damage.length === 0,
    sound: sound && !lost,
  };
}

const settingsOf = (statement: Statement): readonly Statement[] => statement.blocks.filter((block) => block.kind === 'settings').flatMap((block) => block.statements);

/** A word in the wrong section was reported; it still counts where it belongs, so that nothing is missing because of it. */
function adopt(misplaced: readonly Misplaced[], sections: Readonly<Record<string, OpenSection>>, single: Map<string, Use>, report: Report): boolean {
  let lost = false;
  for (const { word, statement } of misplaced) {
    const section = Object.values(sections).find((s) => word.in.includes(s.word));
    if (section && !word.later) {
      section.sound = false;
      if (!section.settings.has(word.word)) addSetting(section, word, statement, report);
    } else if (word.in.includes('top') && !word.blocks && !word.later && !single.has(word.word)) {
      const use = bindUse(word, statement, report);
      if (use.sound) single.set(word.word, use);
    } else lost = true;
  }
  return lost;
}

const isSource = (word: Word): boolean => word.group === 'source' && Object.hasOwn(sources, word.word);

function findSource(data: OpenSection, report: Report): Use | null {
  const found = [...data.settings.values()].filter((use) => isSource(use.word));
  const [source, second] = found;
  if (second) {
    report.add('CNN1205', second.span, { first: source.word.word, second: second.word.word }, { related: [{ span: source.span, label: 'the first source' }] });
    data.sound = false;
  }
  return source ?? null;
}
