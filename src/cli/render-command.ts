/** What `cnnc run` does, from the words on the command line to the exit code. */
import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { settle } from '../compiler/check/allow.ts';
import { diagnostic } from '../compiler/diagnostics/catalogue.ts';
import { DiagnosticError, type Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import type { Program } from '../compiler/model/program.ts';
import { fileSpan, type SourceFile } from '../compiler/source/source.ts';
import type { Dataset } from '../runtime/data/dataset.ts';
import { mustRun } from '../runtime/engine/capable.ts';
import type { Choice } from '../runtime/engine/choose.ts';
import { EngineDied, type Engine, type Tensors } from '../runtime/engine/engine.ts';
import { removeTemporary } from '../runtime/train/checkpoint.ts';
import { abandon, claimFolder, claimNumber, listRuns, runsOf } from '../runtime/train/folder.ts';
import { hashOf, meaningOf } from '../runtime/train/identity.ts';
import { lockRun } from '../runtime/train/lock.ts';
import { readManifest } from '../runtime/train/manifest.ts';
import { chooseRun, loadProgress, mustBeSame, rememberMeaning, type Found } from '../runtime/train/resume.ts';
import { batchesOf } from '../runtime/train/batches.ts';
import { runTraining, startVariables } from '../runtime/train/run.ts';
import type { RunOptions } from './commands/run.ts';
import { choiceLine } from './engine-choice.ts';
import { report } from './fail.ts';
import { findLearningRate } from './find-lr.ts';
import { colour, Exit, out, say } from './io.ts';
import { readProgram } from './program.ts';
import { jsonView } from './render-json.ts';
import { mustCompute, slowPrecision } from './refusals.ts';
import { importsFor } from './imports.ts';
import { compileAlone, loadProgram, type Loaded } from './render-load.ts';
import { quoted, type View } from './render-run.ts';
import { plainView, terminalView } from './render-terminal.ts';
import { onSignals } from './render-signals.ts';
import { likelyEngine, mustFit } from './memory.ts';
import { version } from './version.ts';

export async function runCommand(file: string, options: RunOptions): Promise<Exit> {
  const view = viewOf(options);
  const signals = onSignals(() => view.stopping());
  try {
    return await run(file, options, view, signals.signal);
  } catch (error) {
    // Stopped before there was anything to save.
    if (signals.signal.aborted && !(error instanceof DiagnosticError)) {
      view.diagnostics([]);
      if (!options.quiet) say('interrupted before the first step; nothing was saved');
      return Exit.interrupted;
    }
    const known = error instanceof EngineDied ? new DiagnosticError([diagnostic('CNN6066', fileSpan(''), { reason: error.reason })]) : error;
    view.diagnostics(known instanceof DiagnosticError ? known.diagnostics : []);
    throw known;
  } finally {
    signals.off();
  }
}

async function run(file: string, options: RunOptions, view: View, signal: AbortSignal): Promise<Exit> {
  refuseLater(options);
  const text = await readProgram(file);
  const start = `cnnc run ${quoted(file)}${options.allowPath ? ' --allow-path' : ''}`;
  const imports = importsFor(file, options.allowPath);
  const command = `${start}${options.out ? ` --out ${quoted(options.out)}` : ''}`;
  // What a run was started with goes on to hold when it is resumed.
  const asked = settings(options);
  const inOut = options.resume && options.out ? await readManifest(options.out) : null;
  let found: Found | null = options.out && inOut ? { folder: options.out, manifest: inOut } : null;
  let set: Readonly<Record<string, string>> = { ...inOut?.set, ...asked };

  const alone = await compileAlone(file, text, set, imports);
  if (alone.diagnostics.some((d) => d.severity === 'error')) return refuse(alone.diagnostics, [...alone.sources.values()], view);
  let starting: Promise<Engine> | null = null;
  let dataset: Dataset | null = null;
  let unlock: (() => Promise<void>) | null = null;
  let claimed: { readonly folder: string; readonly made: boolean } | null = null;
  try {
    let loaded = await loadProgram(file, text, set, imports, signal, alone);
    if (!loaded.program) return refuse(loaded.diagnostics, loaded.sources, view);
    mustCompute(loaded.program, loaded.ast, options.engine);
    if (options.resume) {
      const { epochs } = loaded.program.fit;
      const runs = runsOf(file, loaded.program.name);
      const candidates = found ? [found] : options.out ? [] : await listRuns(runs);
      found = chooseRun(candidates, (manifest) => (options.out ? epochs : Number(asked['fit.epochs'] ?? manifest.set['fit.epochs'] ?? epochs)), options.out ?? runs, { again: command, anew: found ? start : command });
      if (!options.out) {
        set = { ...found.manifest.set, ...asked };
        loaded = await loadProgram(file, text, set, imports, signal);
        if (!loaded.program) return refuse(loaded.diagnostics, loaded.sources, view);
      }
    }
    const program = loaded.program;
    // Before anything large is loaded: the data, the engine.
    const anyway = options.anyMemory === true;
    const fits = await mustFit(loaded, program, likelyEngine(options.engine, found?.manifest.engine.kind), { anyway });
    starting = startEngine(options, found, view);
    dataset = await openData(program, file, view, signal);
    await tell([...loaded.diagnostics, ...settle([...fits.warnings, ...dataset.warnings, ...slowPrecision(program, loaded.ast)], loaded.allowances).kept], loaded.sources, view);
    if (dataset.parts.train.length === 0) throw new DiagnosticError([diagnostic('CNN6060', program.network.origin, { reason: 'empty part' })]);
    const meaning = meaningOf(program);
    if (found) await mustBeSame(found, program, meaning, dataset.hash, start);

    const graph = fits.graph;
    const { readInitialWeights } = await import('../runtime/train/initial-file.ts');
    const initial = options.initialWeights ? await readInitialWeights(options.initialWeights, graph.variables, program.layers) : null;
    const [engine, statistics] = await Promise.all([
      starting.then(async (e) => {
        mustRun(e.info.kind, graph, program);
        await e.load(graph);
        return e;
      }),
      prepared(program, dataset, view, signal),
    ]);
    // The likely engine may not have started.
    const { memory } = engine.info.kind === fits.engine ? fits : await mustFit(loaded, program, engine.info.kind, { anyway });

    signal.throwIfAborted();
    if (options.findLr) {
      await engine.restore(startVariables({ program, graph, initial, statistics }));
      return await findLearningRate({ program, engine, batches: batchesOf(dataset, program), signal, folder: options.out ?? runsOf(file, program.name), options, view, command: start });
    }
    const made = !options.out || !existsSync(options.out);
    const folder = found?.folder ?? (options.out ? await claimFolder(options.out) : await claimNumber(runsOf(file, program.name)));
    unlock = await lockRun(folder);
    if (!found) claimed = { folder, made };
    await removeTemporary(folder);
    const resumed = found ? { manifest: found.manifest, ...(await loadProgress(found, graph.variables, start)) } : null;
    if (resumed) await tell([...resumed.warnings, ...otherEngine(found, engine)], loaded.sources, view);
    else await rememberMeaning(folder, meaning);

    const { parts, classes } = dataset;
    const begin = {
      cnnc: version,
      path: file,
      program,
      folder,
      classes,
      parts: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
      engine: engine.info,
      memory,
      resumed: resumed?.snapshot ? { epoch: resumed.snapshot.progress.epoch, step: resumed.snapshot.progress.step } : null,
    };
    view.start(begin);
    const resumeCommand = `${command} --resume`;
    const result = await runTraining({
      folder,
      programPath: resolve(file),
      programText: text,
      imported: loaded.sources.filter(({ path }) => path !== file && !path.startsWith('--set ')),
      programHash: hashOf(meaning),
      program,
      graph,
      set,
      dataset,
      statistics,
      engine,
      initial: initial && { weights: initial.weights, from: initial.from },
      resumed,
      cnnc: version,
      resumeCommand,
      listener: { ...view, saved: (path, snapshot, why) => view.saved(path, snapshot.progress.step, snapshot.progress.epoch, why) },
      signal,
    });
    if (!result.lettering) await tell([diagnostic('CNN5006', fileSpan(''), {})], loaded.sources, view);
    view.end({ start: begin, result, resumeCommand });
    if (options.quiet && !options.json) out(shown(folder));
    return result.status === 'finished' ? Exit.done : Exit.interrupted;
  } finally {
    dataset?.close();
    await unlock?.();
    if (claimed) await abandon(claimed.folder, claimed.made);
    await starting?.then((engine) => engine.close(), () => undefined);
  }
}

/** Begins at once, so that the engine's start and the opening of the data overlap; failures are seen to where it is awaited. */
function startEngine(options: RunOptions, found: Found | null, view: View): Promise<Engine> {
  const threads = options.threads ?? found?.manifest.engine.threads;
  const chosen = (choice: Choice): void => {
    const line = choiceLine(choice, true);
    if (line === null || (options.quiet && !choice.broken)) return;
    view.diagnostics([]);
    say(line);
  };
  const starting = import('../runtime/engine/choose.ts').then(({ openEngine }) =>
    openEngine({ engine: options.engine, chosen, ...(found ? { prefer: found.manifest.engine.kind } : {}), ...(threads ? { threads } : {}) }),
  );
  starting.catch(() => undefined);
  return starting;
}

async function openData(program: Program, file: string, view: View, signal: AbortSignal): Promise<Dataset> {
  const { openDataset } = await import('../runtime/data/open.ts');
  return openDataset(program.data, { base: dirname(file), signal, onProgress: view.opening });
}

async function prepared(program: Program, dataset: Dataset, view: View, signal: AbortSignal): Promise<Tensors> {
  const { prepareStatistics } = await import('../runtime/data/prepare.ts');
  return prepareStatistics(program, dataset, { signal, onProgress: view.whitening });
}

/** `--epochs` and `--seed` are settings with a shorter name. */
const settings = (options: RunOptions): Record<string, string> => ({
  ...options.set,
  ...(options.epochs === undefined ? {} : { 'fit.epochs': String(options.epochs) }),
  ...(options.seed === undefined ? {} : { 'fit.seed': String(options.seed) }),
});

function refuseLater(options: RunOptions): void {
  if (options.dashboard !== undefined) throw new DiagnosticError([diagnostic('CNN6054', fileSpan(''), { option: '--dashboard', instead: 'plots/ in the run folder has the curves; --json gives every step as it happens' })]);
  if (options.resume && options.findLr) throw new DiagnosticError([diagnostic('CNN6065', fileSpan(''), { option: '--find-lr', value: '--resume beside it', expected: 'tries rates on a network at its start' })]);
  if (options.resume && options.initialWeights) throw new DiagnosticError([diagnostic('CNN6065', fileSpan(''), { option: '--initial-weights', value: '--resume beside it', expected: 'starts a run; a resumed one has weights of its own' })]);
}

const otherEngine = (found: Found | null, { info }: Engine): readonly Diagnostic[] => {
  const text = (e: Engine['info']): string => `${e.kind} ${e.version} on ${e.threads} ${e.threads === 1 ? 'thread' : 'threads'}`;
  const before = found ? text(found.manifest.engine) : text(info);
  return before === text(info) ? [] : [diagnostic('CNN6062', fileSpan(''), { before, now: text(info) })];
};

async function refuse(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[], view: View): Promise<Exit> {
  await tell(diagnostics, sources, view);
  return Exit.errors;
}

async function tell(diagnostics: readonly Diagnostic[], sources: Loaded['sources'], view: View): Promise<void> {
  if (diagnostics.length === 0) return;
  view.diagnostics(diagnostics);
  await report(diagnostics, sources);
}

/** From where the user stands, when that is shorter. */
function shown(folder: string): string {
  const near = relative(process.cwd(), folder);
  return near !== '' && near.length < folder.length ? near : folder;
}

function viewOf({ json, quiet }: RunOptions): View {
  if (json) return jsonView(out);
  if (quiet) return quietView;
  const live = process.stderr.isTTY && process.env.TERM !== 'dumb' && !process.env.CI;
  return live ? terminalView({ write: (text) => void process.stderr.write(text), columns: () => process.stderr.columns || 80 }, colour, shown) : plainView(say, shown);
}

const nothing = (): void => undefined;
const quietView: View = { opening: nothing, whitening: nothing, start: nothing, step: nothing, measured: nothing, epoch: nothing, saved: nothing, stopping: nothing, end: nothing, diagnostics: nothing };
