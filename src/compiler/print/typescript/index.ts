/**
 * Prints a Program as TypeScript on tfjs-core: code a person would have written, to read, change and own. Unformatted; prettier
 * runs where it is written to disk. Everything of the program's own words passes the gate of `emit.ts`.
 */
import type { Program } from '../../model/program.ts';
import { featuresOf } from './features.ts';
import { layersModule } from './helpers.ts';
import { comment } from './emit.ts';
import { fitModule } from './fit.ts';
import { lossModule } from './loss.ts';
import { metricsModule } from './metrics.ts';
import { mixModule } from './mix.ts';
import { modelModule } from './model.ts';
import { header, lines } from './module.ts';
import { optimizerModule } from './optimizer.ts';
import { augmentModule } from './augment.ts';
import { preprocessModule } from './preprocess.ts';
import { packageFile, readme, tsconfigFile } from './project.ts';
import { classesModule, predictModule } from './predict.ts';
import { randomModule } from './random.ts';
import { trainModule } from './train.ts';
import { initializersModule, variablesModule } from './variables.ts';
import { weightsModule } from './weights.ts';
import { whiteningModule } from './whitening.ts';

export interface PrintedFile {
  /** Relative to the folder of the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** @param options.weights whether trained weights will stand beside the code (weights.json and weights.bin) */
export function printTypescript(program: Program, options: { readonly weights?: boolean } = {}): PrintedFile[] {
  const features = featuresOf(program);
  const model = modelModule(program);
  const [augment, mix, whitening] = [augmentModule(program), mixModule(program), whiteningModule(program)];
  const modules: Record<string, string> = {
    'classes.ts': classesModule(program),
    'preprocess.ts': preprocessModule(program),
    ...(whitening === null ? {} : { 'whitening.ts': whitening }),
    ...(augment === null ? {} : { 'augment.ts': augment }),
    ...(mix === null ? {} : { 'mix.ts': mix }),
    'model.ts': model.text,
    'layers.ts': layersModule(model.helpers, features),
    'variables.ts': variablesModule(model.makers, features),
    'initializers.ts': initializersModule(program),
    'random.ts': randomModule(),
    'loss.ts': lossModule(program),
    'metrics.ts': metricsModule(program),
    'optimizer.ts': optimizerModule(program.compile),
    'train.ts': trainModule(program),
    'fit.ts': fitModule(program),
    'predict.ts': predictModule(program),
    'weights.ts': weightsModule(program),
  };
  const exported = Object.keys(modules).filter((path) => !['layers.ts', 'variables.ts', 'initializers.ts'].includes(path));
  return [
    { path: 'README.md', text: readme(program, options.weights ?? false) },
    { path: 'package.json', text: packageFile(program) },
    { path: 'tsconfig.json', text: tsconfigFile() },
    { path: 'src/index.ts', text: indexModule(program, exported) },
    ...Object.entries(modules).map(([path, text]) => ({ path: `src/${path}`, text })),
  ];
}

function indexModule(program: Program, modules: readonly string[]): string {
  return lines(header(`${comment(program.name)}: everything at one place.`), ...modules.map((path) => `export * from './${path}';`));
}
