/**
 * The printer: two blanks of indentation, values in the user's spelling and order. What the user wrote on one line stays on one
 * line where it fits; what stood on lines of its own keeps them.
 */
import type { AstPath, Doc } from 'prettier';
import type { Ast, Block, Expression, Name, Option, Statement, Value } from '../syntax/ast.ts';
import type { AstNode } from '../syntax/walk.ts';
import { dangling, has } from './comments.ts';
import { doc, flatWidth, willBreak } from './prettier.ts';

const { align, breakParent, fill, group, hardline, ifBreak, indent, join, line, softline } = doc.builders;

interface Options {
  readonly originalText: string;
  readonly printWidth: number;
}
type Print = (path: AstPath) => Doc;

export function print(path: AstPath, options: Options, print: Print): Doc {
  const node = path.node as AstNode;
  const text = options.originalText;
  if (!('kind' in node)) return 'name' in node ? [node.name.text, '=', path.call(print, 'value')] : name(node, text);
  switch (node.kind) {
    case 'program':
      return program(path, options, print);
    case 'statement':
      return statement(path, options, print);
    case 'settings':
    case 'cell':
      return block(path, options, print);
    case 'list':
      return list(path, text, print);
    case 'call':
      if ('options' in node) return call(path, node, text, print);
      break;
    case 'expression':
      return ['(', arithmetic(node.expression, text), ')'];
    default:
      break;
  }
  return text.slice(node.span.start, node.span.end).replace(/\s+/g, ' ');
}

const name = (node: Name, text: string): string => text.slice(node.span.start, node.span.end);

/** Statements of the program or of a block over several lines; those on one line stay together where they fit. */
function rows(path: AstPath, statements: readonly Statement[], { originalText: text, printWidth }: Options, print: Print): Doc {
  const docs = path.map(print, 'statements');
  const room = printWidth - 2 * depth(path, text);
  const parts: Doc[] = [];
  for (let i = 0; i < docs.length; ) {
    let end = i + 1;
    let width = follows(i) ? widthOf(statements[i]) : 0;
    for (; follows(end - 1); end++) {
      width += 2 + widthOf(statements[end]);
      if (width > room) break;
    }
    if (i > 0) parts.push(hardline, ...(isBlankBelow(text, statements[i - 1].span.end) ? [hardline] : []));
    parts.push(join('; ', docs.slice(i, end)));
    i = end;
  }
  return parts;

  /** Does the next statement stand on the same line as this one? */
  function follows(i: number): boolean {
    if (i + 1 >= statements.length || has(statements[i], 'trailing') || has(statements[i + 1], 'leading')) return false;
    return !text.slice(statements[i].span.end, statements[i + 1].span.start).includes('\n');
  }
}

/** How far the contents of this block are indented. */
function depth(path: AstPath, text: string): number {
  let steps = 0;
  const nodes = [path.node, ...path.ancestors] as AstNode[];
  nodes.forEach((node, i) => {
    if (!('kind' in node) || (node.kind !== 'settings' && node.kind !== 'cell')) return;
    const { blocks } = nodes[i + 1] as Statement;
    steps += isBelow(blocks[blocks.indexOf(node) - 1], node, text) ? 2 : 1;
  });
  return steps;
}

/** Cells that stood below each other stay so. */
const isBelow = (previous: Block | undefined, block: Block, text: string): boolean => !!previous && text.slice(previous.span.end, block.span.start).includes('\n');

/** Is the line below the one that holds this place empty? */
function isBlankBelow(text: string, offset: number): boolean {
  const end = text.indexOf('\n', offset);
  return end >= 0 && /^[ \t]*\n/.test(text.slice(end + 1, end + 200));
}

function program(path: AstPath, options: Options, print: Print): Doc {
  const { statements } = path.node as Ast;
  const comments = dangling(path, 'inside', options.originalText);
  if (statements.length === 0) return comments ? [comments, hardline] : '';
  return [rows(path, statements, options, print), hardline];
}

function statement(path: AstPath, { originalText: text, printWidth }: Options, print: Print): Doc {
  const node = path.node as Statement;
  const before: { readonly start: number; readonly doc: Doc }[] = [];
  const after: Doc[] = [];
  path.each((at) => void before.push({ start: (at.node as Value).span.start, doc: print(at) }), 'values');
  path.each((at) => {
    const option = at.node as Option;
    if (option.trailing) after.push(' ', print(at));
    else before.push({ start: option.span.start, doc: print(at) });
  }, 'options');
  before.sort((a, b) => a.start - b.start);

  const head = [name(node.word, text), ...before.map((b) => [' ', b.doc])];
  const blocks = path.map(print, 'blocks');
  const areBelow = node.blocks.map((block, i) => isBelow(node.blocks[i - 1], block, text));
  const side = [...head, ...blocks.map((block, i) => (areBelow[i] ? indent([hardline, block]) : [' ', block])), ...after];
  const printed = cellsBelow() ? [...head, ' ', align(flatWidth(head) + 1, join(hardline, blocks)), ...after] : side;
  withoutComments.set(node, printed);
  return printed;

  /** Cells of a line each stand below each other where they stood so, or do not fit beside each other. */
  function cellsBelow(): boolean {
    if (blocks.length < 2 || willBreak(head)) return false;
    const room = printWidth - 2 * depth(path, text);
    const column = flatWidth(head) + 1;
    const widths = blocks.map((block, i) => flatWidth(block) + (i === blocks.length - 1 ? flatWidth(after) : 0));
    if (widths.some((width) => column + width > room)) return false;
    return areBelow.includes(true) || column + widths.reduce((sum, width) => sum + width + 1, -1) > room;
  }
}

/** Each statement as printed, without the comments that prettier puts around it. */
const withoutComments = new WeakMap<Statement, Doc>();
const widthOf = (statement: Statement): number => flatWidth(withoutComments.get(statement) ?? '');

const isOneLine = (block: Block, text: string): boolean => !text.slice(block.span.start, block.span.end).includes('\n');

function block(path: AstPath, options: Options, print: Print): Doc {
  const text = options.originalText;
  const node = path.node as Block;
  const [opener, closer] = node.kind === 'settings' ? ['{', '}'] : ['<', '>'];
  const behind = dangling(path, 'open', text) ?? '';
  const alone = dangling(path, 'inside', text);
  if (node.statements.length === 0) {
    if (alone) return [opener, behind, indent([hardline, alone]), hardline, closer];
    return behind === '' ? `${opener} ${closer}` : [opener, behind, hardline, closer];
  }
  if (isOneLine(node, text) && !alone) return group([opener, behind, indent([line, join([ifBreak('', ';'), line], path.map(print, 'statements'))]), line, closer]);
  return [opener, behind, indent([alone ? [hardline, alone] : '', hardline, rows(path, node.statements, options, print)]), hardline, closer, breakParent];
}

function list(path: AstPath, text: string, print: Print): Doc {
  const alone = dangling(path, 'inside', text);
  const items = path.map(print, 'items');
  if (items.length === 0) return alone ? ['[', indent([hardline, alone]), hardline, ']'] : '[]';
  const nodes = (path.node as Value & { readonly kind: 'list' }).items;
  const hasLines = items.some((item, i) => willBreak(item) || has(nodes[i], 'trailing') || has(nodes[i], 'leading'));
  if (hasLines) return ['[', indent([hardline, join([',', hardline], items)]), ',', hardline, ']'];
  return group(['[', indent([softline, fill(join([',', line], items) as Doc[])]), ifBreak(','), softline, ']']);
}

function call(path: AstPath, node: Value & { readonly kind: 'call' }, text: string, print: Print): Doc {
  const args: { readonly start: number; readonly doc: Doc }[] = [];
  path.each((at) => void args.push({ start: (at.node as Value).span.start, doc: bare(at.node as Value, text) ?? print(at) }), 'args');
  path.each((at) => {
    const option = node.options[at.index ?? 0];
    const value = bare(option.value, text);
    args.push({ start: option.span.start, doc: value === null ? print(at) : [option.name.text, '=', value] });
  }, 'options');
  args.sort((a, b) => a.start - b.start);
  return group([node.name.text, '(', indent([softline, join([',', line], args.map((a) => a.doc))]), softline, ')']);
}

/** Arithmetic that needs no parentheses of its own between those of a call; without them a single name or number would be a plain value. */
function bare(value: Value, text: string): Doc | null {
  if (value.kind !== 'expression') return null;
  const { expression } = value;
  const keeps = expression.kind === 'binary' || (expression.kind === 'negate' && expression.operand.kind !== 'number');
  return keeps ? arithmetic(expression, text) : null;
}

/** How tightly an operation binds; the sign stands between `*` and `^`. */
const strength = (e: Expression): number => (e.kind === 'negate' ? 3 : e.kind !== 'binary' ? 5 : e.operator === '^' ? 4 : '*/%'.includes(e.operator) ? 2 : 1);

/** Numbers in the user's spelling, parentheses where they are needed. */
function arithmetic(e: Expression, text: string): string {
  const inside = (part: Expression, least: number) => (strength(part) < least ? `(${arithmetic(part, text)})` : arithmetic(part, text));
  switch (e.kind) {
    case 'number':
      return text.slice(e.span.start, e.span.end);
    case 'name':
      return e.text;
    case 'call':
      return `${e.name.text}(${e.args.map((a) => arithmetic(a, text)).join(', ')})`;
    case 'negate':
      return `-${inside(e.operand, 3)}`;
    case 'binary': {
      const own = strength(e);
      const right = e.operator === '^';
      return `${inside(e.left, right ? own + 1 : own)} ${e.operator} ${inside(e.right, right ? 3 : own + 1)}`;
    }
  }
}
