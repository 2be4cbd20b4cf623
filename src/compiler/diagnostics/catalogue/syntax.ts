/** CNN1100–1199: how a program is written down. */
import { entry } from './entry.ts';

/** `{` and its kin by name. */
const closers: Readonly<Record<string, string>> = { '{': '}', '<': '>', '(': ')', '[': ']' };
export const closerOf = (opener: string): string => closers[opener];

export const syntaxCodes = {
  CNN1100: entry('error', 'not a text file', (f: { reason: string }) => ({
    message: `this is not a program but ${f.reason}`,
    help: ['a program is a text file in UTF-8: data { folder "pictures"; image 64x64 } …'],
  })),
  CNN1101: entry('error', 'file too large', (f: { size: number; limit: number }) => ({
    message: `this file has ${(f.size / 1e6).toFixed(1)} MB, but a program has at most ${f.limit / 1e6} MB`,
    help: ['name the pictures by their folder or by a csv file; they do not belong into the program'],
  })),
  CNN1102: entry('error', 'invisible direction mark', (f: { code: string }) => ({
    message: `there is an invisible character here (${f.code}) that changes the direction of the text`,
    label: 'text would be shown in another order than it is read',
    help: ['delete it'],
  })),
  CNN1103: entry('error', 'unexpected character', (f: { text: string; hint?: string }) => ({
    message: `\`${f.text}\` has no meaning here`,
    help: f.hint ? [f.hint] : [],
  })),
  CNN1104: entry('error', 'wrong number', (f: { text: string; hint?: string }) => ({
    message: `\`${f.text}\` is not a number`,
    help: [f.hint ?? 'numbers are written 32, .25, 1e-3, 25%, 1/255, 5x5, 1M, 10MB, 10px or .8..1.2'],
  })),
  CNN1105: entry('error', 'string not closed', () => ({
    message: 'this string has no closing `"` on its line',
    help: ['a string ends on the line it begins on'],
  })),
  CNN1106: entry('error', 'unknown escape', (f: { escape: string }) => ({
    message: `\`${f.escape}\` means nothing in a string`,
    help: ['a string knows \\" for a quote, \\\\ for a backslash and \\u{1F33B} for a character; folders are written with /'],
  })),
  CNN1107: entry('error', 'other quotes', (f: { text: string }) => ({
    message: 'strings stand in double quotes',
    help: [`write ${f.text}`],
  })),
  CNN1108: entry('error', 'comment of another language', () => ({
    message: 'comments start with `#`',
    help: ['write # instead'],
  })),

  CNN1110: entry('error', 'bracket not closed', (f: { opener: string; line: number }) => ({
    message: `this \`${f.opener}\` is never closed`,
    label: `no \`${closers[f.opener]}\` for it`,
    help: [`\`${closers[f.opener]}\` seems to be missing at the end of line ${f.line}`],
  })),
  CNN1111: entry('error', 'wrong closing bracket', (f: { opener: string; closer: string }) => ({
    message: `a \`${f.opener}\` is closed by \`${closers[f.opener]}\`, not by \`${f.closer}\``,
    help: f.opener === '<' ? ['layers stand between < and >, settings between { and }'] : f.opener === '{' ? ['settings stand between { and }, layers between < and >'] : [],
  })),
  CNN1112: entry('error', 'closing bracket without an opening one', (f: { closer: string }) => ({
    message: `there is nothing that this \`${f.closer}\` could close`,
    help: ['delete it, or open it where it should begin'],
  })),
  CNN1113: entry('error', 'nested too deeply', (f: { limit: number }) => ({
    message: `brackets are nested more than ${f.limit} deep here`,
    label: 'left out from here to its end',
    help: ['name a cell and use it: cell block(filters) < conv filters 3x3 same; relu >'],
  })),
  CNN1114: entry('warning', 'gap before a block', (f: { word: string; opener: string }) => ({
    message: `this \`${f.opener}\` belongs to \`${f.word}\`, although a comment or an empty line stands between`,
    help: [`put \`${f.opener}\` behind \`${f.word}\`, or delete the block if its own word was commented out`],
  })),
  CNN1115: entry('error', 'block without a word', (f: { opener: string }) => ({
    message: `there is no word that this \`${f.opener}\` belongs to`,
    help: [f.opener === '{' ? 'settings stand behind a word: fit { epochs 10 }' : 'layers stand behind a word: network < conv 32; relu >, or repeat 3 < … >'],
  })),

  CNN1120: entry('error', 'setting written with =', (f: { name: string; written: string; better: string }) => ({
    message: `a setting is written without \`=\`: ${f.better}`,
    help: [`write ${f.better} instead of ${f.written}`],
  })),
  CNN1121: entry('error', 'statement written as a call', (f: { word: string; better: string }) => ({
    message: `\`${f.word}\` takes its values without brackets: ${f.better}`,
    help: [`write ${f.better}`],
  })),
  CNN1122: entry('error', 'missing separator', (f: { word: string; previous: string }) => ({
    message: `\`${f.word}\` begins a new statement, so \`;\` or a new line must stand before it`,
    help: [`write ; before ${f.word}, or put it before the block if it belongs to ${f.previous}`],
  })),
  CNN1123: entry('error', 'statement without a word', (f: { text: string }) => ({
    message: `a statement begins with a word, not with ${f.text}`,
    help: ['the word comes first, then its values: conv 16 5x5'],
  })),
  CNN1124: entry('error', 'missing value', (f: { name: string }) => ({
    message: `there is no value behind \`${f.name}=\``,
    help: [`write a value there, or delete ${f.name}=`],
  })),
  CNN1125: entry('error', 'value behind a block', (f: { text: string; word: string }) => ({
    message: `\`${f.text}\` stands behind the block of \`${f.word}\``,
    help: [`values stand before the block: ${f.word} ${f.text} …`],
  })),
  CNN1126: entry('error', 'unexpected here', (f: { text: string; where: string; hint?: string }) => ({
    message: `${f.text} does not fit ${f.where}`,
    help: f.hint ? [f.hint] : [],
  })),
  CNN1127: entry('error', 'missing comma', (f: { where: 'list' | 'call' }) => ({
    message: `a comma is missing before this ${f.where === 'list' ? 'item of the list' : 'value'}`,
    help: ['the items of a list are separated by commas: [cat, dog]'],
  })),
  CNN1128: entry('error', 'comma without a value', () => ({
    message: 'there is no value before this comma',
    help: ['delete the comma, or write what is missing'],
  })),
  CNN1129: entry('error', 'comma between values', (f: { word: string }) => ({
    message: 'values are separated by blanks, without commas',
    help: [`commas stand in lists and calls only: ${f.word} [a, b]`],
  })),
  CNN1130: entry('error', 'size written as a pair', (f: { better: string }) => ({
    message: `a size is written height x width: ${f.better}`,
    help: [`write ${f.better}`],
  })),
  CNN1131: entry('error', 'incomplete arithmetic', (f: { missing: 'operand' | 'operator'; near: string }) => ({
    message: f.missing === 'operand' ? `a value is missing beside \`${f.near}\`` : `an operator is missing before ${f.near}`,
    help: ['arithmetic stands in parentheses and knows + - * / % ^: (filters * 2)'],
  })),
  CNN1132: entry('error', 'not a number in arithmetic', (f: { text: string }) => ({
    message: `${f.text} cannot be part of arithmetic`,
    help: ['arithmetic works with numbers, names, min, max, floor, ceil and round'],
  })),
  CNN1133: entry('error', 'empty parentheses', () => ({
    message: 'there is nothing between these parentheses',
    help: ['write a value instead, or arithmetic between them: (filters * 2)'],
  })),
  CNN1134: entry('error', 'arithmetic without parentheses', (f: { operator: string; better?: string }) => ({
    message: f.operator === '-' ? 'a minus touches its number, and arithmetic stands in parentheses' : `\`${f.operator}\` stands outside parentheses`,
    help: [f.better ? `write ${f.better}` : 'arithmetic stands in parentheses: (filters * 2)'],
  })),
  CNN1135: entry('error', 'arithmetic too long', (f: { limit: number }) => ({
    message: `this arithmetic has more than ${f.limit} steps`,
    help: ['name parts of it: let width=(…)'],
  })),
  CNN1136: entry('error', 'string instead of a word', (f: { text: string }) => ({
    message: `${f.text} is a string, but a statement begins with a word here`,
    help: [`write ${f.text.slice(1, -1)} without quotes if it is a word of the language`],
  })),
  CNN1137: entry('error', 'size with a part below 1', (f: { text: string }) => ({
    message: `\`${f.text}\` is no size: every part is at least 1`,
    help: ['sizes are height x width: 3x3, 150x100'],
  })),
  CNN1138: entry('error', 'bracket not opened', (f: { opener: string; closer: string; behind: boolean; text: string }) => ({
    message: `a \`${f.opener}\` is missing ${f.behind ? 'behind' : 'before'} \`${f.text}\``,
    label: `nothing opens what the \`${f.closer}\` closes`,
    help: [`write ${f.opener} ${f.behind ? 'behind' : 'before'} ${f.text}, or delete the ${f.closer}`],
  })),
  CNN1139: entry('error', 'wrong opening bracket', (f: { opener: string; better: string }) => ({
    message: `here stands \`${f.opener}\` where \`${f.better}\` begins what \`${closers[f.better]}\` closes`,
    help: f.better === '<' ? ['layers stand between < and >, settings between { and }'] : f.better === '{' ? ['settings stand between { and }, layers between < and >'] : f.better === '[' ? ['a list stands between [ and ]'] : ['arithmetic and the values of a call stand between ( and )'],
  })),
  CNN1140: entry('error', 'section under another name', (f: { word: string; section: string }) => ({
    message: f.section === 'network' ? `\`${f.word}\` has no layers, but here are some: they belong to \`network\`` : `\`${f.word}\` stands before settings of \`${f.section}\``,
    help: [`write ${f.section} instead of ${f.word}`],
  })),
  CNN1198: entry('error', 'cannot be read', () => ({
    message: 'this program cannot be read: something in it is nested too deeply',
    help: ['write it flatter; named cells help: cell block(filters) < … >'],
  })),
  CNN1199: entry('info', 'more problems', (f: { count: number }) => ({
    message: `${f.count} more problem${f.count === 1 ? '' : 's'} of this kind ${f.count === 1 ? 'is' : 'are'} not shown`,
    help: ['solve the first ones; most of the others often go away with them'],
  })),
};
