/**
 * Writes the generated files: parser typings, grammar/, docs/vocabulary.md, the index of codes and their pages for
 * the bundle, docs/mistakes.md, the ONNX engine's kernels.
 * `--check` writes nothing and exits with 1 if one is stale.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cstTypings } from './generate/cst.ts';
import { ebnf } from './generate/ebnf.ts';
import { errorIndex, errorPages } from './generate/errors.ts';
import { languageConfiguration } from './generate/language-configuration.ts';
import { mistakesPage } from './generate/mistakes.ts';
import { KERNELS, onnxKernels } from './generate/onnx-kernels.ts';
import { textMateGrammar } from './generate/textmate.ts';
import { vocabularyReference } from './generate/vocabulary.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Every generated file by its path in the project. */
export const outputs = (): ReadonlyMap<string, string> =>
  new Map([
    ['src/compiler/syntax/cst.ts', cstTypings()],
    ['src/compiler/diagnostics/pages.ts', errorPages(`${root}docs/errors`)],
    ['grammar/cnn.tmLanguage.json', json(textMateGrammar())],
    ['grammar/language-configuration.json', json(languageConfiguration())],
    ['grammar/cnn.ebnf', ebnf()],
    ['docs/vocabulary.md', vocabularyReference()],
    ['docs/errors/README.md', errorIndex()],
    ['docs/mistakes.md', mistakesPage()],
  ]);

/** Paths whose contents are not what would be generated now. */
export const stale = (): readonly string[] =>
  [...outputs()].filter(([path, text]) => !existsSync(root + path) || readFileSync(root + path, 'utf8').replaceAll('\r\n', '\n') !== text).map(([path]) => path);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const old = stale();
  const kernels = await onnxKernels();
  const oldKernels = !existsSync(root + KERNELS) || !readFileSync(root + KERNELS).equals(kernels);
  if (process.argv.includes('--check')) {
    const all = [...old, ...(oldKernels ? [KERNELS] : [])];
    for (const path of all) console.error(`${path} is stale: npm run generate`);
    process.exitCode = all.length > 0 ? 1 : 0;
  } else {
    const all = outputs();
    for (const path of old) {
      mkdirSync(dirname(root + path), { recursive: true });
      writeFileSync(root + path, all.get(path)!);
      console.log(`wrote ${path}`);
    }
    if (oldKernels) {
      writeFileSync(root + KERNELS, kernels);
      console.log(`wrote ${KERNELS}`);
    }
  }
}
