/** CNN1001-1099: words, values and options. */
import type { Group } from '../../vocabulary/types.ts';
import { entry } from './entry.ts';

const belongs: Readonly<Partial<Record<Group, string>>> = {
  source: 'says where the pictures come from: it belongs in data',
  data: 'describes the data: it belongs in data',
  preprocess: 'prepares every picture: it belongs in preprocess',
  augment: 'changes training pictures: it belongs in augment',
  layer: 'is a layer: it belongs in network',
  structure: 'is a part of the network: it belongs in network',
  compile: 'belongs in compile',
  optimizer: 'is an optimizer: it belongs behind optimizer, in compile',
  loss: 'is a loss: it belongs behind loss, in compile',
  metric: 'is a metric: it belongs behind metrics, in compile',
  schedule: 'is a schedule: it belongs behind lr=, as in lr=cosine_decay(.001, steps=1000)',
  fit: 'says how training goes: it belongs in fit',
  budget: 'is a limit: it belongs in budget',
  plot: 'describes a plot: it belongs in the block of a plot',
  initializer: 'is an initializer: it belongs behind kernel_initializer= or bias_initializer=',
};

/** What a value belongs to: "`epochs`" where the word has one value, otherwise "`filters` of `conv`". */
const subject = (f: { owner: string; param: string; only: boolean }): string => (f.only ? `\`${f.owner}\`` : `\`${f.param}\` of \`${f.owner}\``);

export const wordCodes = {
  CNN1001: entry('error', 'unknown word', (f: { what: string; word: string; suggestion: string | null; keras: string | null }) => ({
    message: `there is no ${f.what} called \`${f.word}\``,
    ...(f.suggestion === null ? {} : { label: `did you mean \`${f.suggestion}\`${f.keras === null ? '' : ` (Keras: ${f.keras})`}?` }),
  })),
  CNN1002: entry('warning', 'old spelling', (f: { written: string; word: string }) => ({
    message: `\`${f.written}\` is written \`${f.word}\` here`,
    label: `understood as \`${f.word}\``,
  })),
  CNN1003: entry('error', 'not yet possible', (f: { what: string }) => ({
    message: `${f.what} is part of the language, but this version cannot run it yet`,
  })),
  CNN1004: entry('error', 'word in the wrong place', (f: { written: string; word: string; group: Group; place: string; belongs: string }) => ({
    message:
      f.group === 'section'
        ? `\`${f.written}\` stands at the top of the program, not in ${f.place === 'network' ? 'the network' : f.place}`
        : `\`${f.written}\` ${belongs[f.group] ?? `belongs in ${f.belongs}`}`,
  })),
  CNN1005: entry('error', 'given twice', (f: { what: string; word: string }) => ({
    message: `\`${f.word}\` is given twice`,
    label: 'and again here',
    help: [`keep one \`${f.word}\``],
  })),
  CNN1006: entry('error', 'unknown option', (f: { owner: string; option: string; suggestion: string | null; known: readonly string[] }) => ({
    message: `\`${f.owner}\` has no option called \`${f.option}\``,
    ...(f.suggestion === null ? {} : { label: `did you mean \`${f.suggestion}\`?` }),
    ...(f.suggestion === null && f.known.length > 0 ? { notes: [`it has: ${f.known.join(', ')}`] } : {}),
  })),
  CNN1007: entry('error', 'word not understood', (f: { owner: string; word: string; suggestion: string | null; option: string | null; wants: string | null }) => ({
    message: f.option === null ? `\`${f.owner}\` cannot do anything with the word \`${f.word}\`` : `\`${f.word}\` of \`${f.owner}\` needs a value`,
    ...(f.suggestion === null ? {} : { label: `did you mean \`${f.suggestion}\`?` }),
    ...(f.option !== null ? { help: [`write ${f.option}=…`] } : f.suggestion === null && f.wants !== null ? { notes: [`the words it knows: ${f.wants}`] } : {}),
  })),
  CNN1008: entry('error', 'wrong kind of value', (f: { owner: string; param: string; only: boolean; expected: string; found: string }) => ({
    message: `${subject(f)} takes ${f.expected}, not ${f.found}`,
    label: `this should be ${f.expected}`,
  })),
  CNN1009: entry('error', 'value out of range', (f: { owner: string; param: string; only: boolean; bounds: string; found: string; percent: string | null }) => ({
    message: `${subject(f)} is ${f.found}, but should be ${f.bounds}`,
    ...(f.percent === null ? { label: `should be ${f.bounds}` } : { label: `did you mean ${f.percent}?` }),
  })),
  CNN1010: entry('error', 'value missing', (f: { owner: string; param: string; only: boolean; doc: string; example: string }) => ({
    message: f.only ? `\`${f.owner}\` needs a value` : `\`${f.owner}\` needs its ${f.param}`,
    label: f.only ? 'the value is missing' : `its ${f.param} is missing`,
    notes: f.only ? [] : [`${f.param}: ${f.doc.charAt(0).toLowerCase()}${f.doc.slice(1).replace(/\.$/, '')}`],
    help: [`for example: ${f.example}`],
  })),
  CNN1011: entry('error', 'too many values', (f: { owner: string; found: string; most: number }) => ({
    message: f.most === 0 ? `\`${f.owner}\` takes no value, but ${f.found} follows it` : `\`${f.owner}\` takes ${f.most === 1 ? 'one value' : `at most ${f.most} values`}, and ${f.found} is one too many`,
    label: 'one too many',
  })),
  CNN1012: entry('error', 'parameter given twice', (f: { owner: string; param: string }) => ({
    message: `\`${f.param}\` of \`${f.owner}\` is given twice`,
    label: 'and again here',
  })),
  CNN1013: entry('error', 'statements run together', (f: { owner: string; word: string }) => ({
    message: `\`${f.word}\` is a word of its own, not a value of \`${f.owner}\``,
    label: 'a `;` or a new line belongs before it',
  })),
  CNN1014: entry('error', 'wrong block', (f: { owner: string; expected: 'settings' | 'cell' | null; found: 'settings' | 'cell' | 'second' | null; example: string }) => ({
    message:
      f.expected === null
        ? `\`${f.owner}\` takes no block`
        : f.found === null
          ? `\`${f.owner}\` needs ${f.expected === 'cell' ? 'a cell between < and >' : 'a block between { and }'}`
          : f.found === 'second'
            ? `\`${f.owner}\` takes one block, and this is a second`
            : f.expected === 'cell'
              ? `\`${f.owner}\` holds layers, which stand between < and >, not between { and }`
              : `\`${f.owner}\` holds settings, which stand between { and }, not between < and >`,
    help: [`for example: ${f.example}`],
  })),
  CNN1016: entry('error', 'name is taken', (f: { name: string }) => ({
    message: `\`${f.name}\` is a word of the language and cannot be a name`,
    help: ['choose another name'],
  })),
  CNN1017: entry('error', 'name used twice', (f: { what: string; name: string }) => ({
    message: `two ${f.what === 'class' ? 'classes' : `${f.what}s`} are called \`${f.name}\``,
    help: ['every name may stand once'],
  })),
  CNN1018: entry('error', 'name not possible', (f: { name: string }) => ({
    message: `a layer cannot be called ${JSON.stringify(f.name)}`,
    notes: ['a name begins with a letter and holds letters, digits, `_`, `-` and `.`, at most 64 of them'],
  })),
  CNN1020: entry('error', '--set not understood', (f: { key: string; /** Set when it is the value that is more than one. */ value: string | null; sections: readonly string[]; words: readonly string[] }) => ({
    message: f.value === null ? `--set does not know what \`${f.key}\` is` : `one --set is one setting: \`${f.value}\` is more than a value`,
    notes: [`a setting is written section.word=value or section.word.option=value; the sections are ${f.sections.join(', ')}`],
    help: ['for example: --set fit.batch=32'],
  })),
};
