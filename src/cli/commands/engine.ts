/** `cnnc engine install|list|doctor`: gets an engine, shows what is there, says what is missing. */
import { Argument, type Command } from 'commander';
import type { EngineKind } from '../../runtime/engine/engine.ts';
import type { Progress } from '../../runtime/engine/install/fetch.ts';
import type { Installation } from '../../runtime/engine/install/install.ts';
import { colour, Exit, out, say } from '../io.ts';

export function add(cli: Command): void {
  const engine = cli
    .command('engine')
    .description('the engines that train: install one, see what is there')
    .addHelpText('after', '\nExample:\n  cnnc engine install\n');

  engine
    .command('install')
    .addArgument(new Argument('[engine]', 'which one; without it TensorFlow, or onnx where that cannot be had').choices(['tensorflow', 'onnx']))
    .description('fetch an engine (TensorFlow through pip or Maven, onnx through npm), check it, prove that it works')
    .option('--from <folder>', 'take the archives from this folder instead of the network')
    .option('--force', 'install even where the engine works already')
    .addHelpText('after', '\nExamples:\n  cnnc engine install\n  cnnc engine install onnx\n  cnnc engine install tensorflow --from /media/stick/engine\n')
    .action(install);

  engine
    .command('list')
    .description('the engines that are here and how fast each is')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  cnnc engine list\n')
    .action(list);

  engine
    .command('doctor')
    .description('what is there, what is missing, what to type')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  cnnc engine doctor\n')
    .action(doctor);
}

async function install(kind: EngineKind | undefined, options: { from?: string; force?: boolean }): Promise<void> {
  const [{ installEngine }, { cacheFolder }, { resolve }] = await Promise.all([
    import('../../runtime/engine/install/install.ts'),
    import('../../runtime/files/cache-folder.ts'),
    import('node:path'),
  ]);
  const interrupted = new AbortController();
  const stop = (): void => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const meter = progressMeter();
  try {
    const installed = await installEngine(kind ?? 'auto', {
      cache: cacheFolder(),
      from: options.from === undefined ? undefined : resolve(options.from),
      force: options.force,
      progress: meter.show,
      signal: interrupted.signal,
    });
    meter.end();
    tellInstalled(installed);
    out(installed.path);
  } catch (error) {
    meter.end();
    if (!interrupted.signal.aborted) throw error;
    say('interrupted: nothing was installed; what was fetched whole is kept for the next time');
    process.exitCode = Exit.interrupted;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function tellInstalled({ kind, version, way, instead }: Installation): void {
  const name = kind === 'tensorflow' ? 'TensorFlow' : 'onnxruntime';
  say(way === 'there' ? `${name} ${version} is here already and works (--force fetches it anew)` : `${name} ${version} is installed and works`);
  if (!instead) return;
  const why = [instead.message, ...instead.notes].map((line) => line.replace(/\s*\n\s*/g, ' ')).join('; ');
  const then = instead.code === 'CNN6010' ? '' : '; what is missing: npx cnnc engine doctor; then: npx cnnc engine install tensorflow';
  say(`TensorFlow would train several times faster, but ${why}${then}`);
}

/** One line that moves on a terminal; elsewhere a line for each step, and for each tenth of a long one. */
function progressMeter(): { readonly show: Progress; end(): void } {
  const live = process.stderr.isTTY === true;
  let last = '';
  let open = false;
  return {
    show(step, done, total) {
      const part = done !== undefined && total ? done / total : undefined;
      const key = part === undefined ? step : `${step} ${Math.floor(part * (live ? 1000 : 10))}`;
      if (key === last) return;
      last = key;
      const megabytes = (bytes: number): string => String(Math.round(bytes / 1e6));
      const text = part === undefined ? step : `${step}  ${megabytes(done!)} of ${megabytes(total!)} MB  ${Math.floor(part * 100)} %`;
      if (!live) return say(text);
      process.stderr.write(`\r\x1b[K${text}`);
      open = true;
    },
    end() {
      if (open) process.stderr.write('\r\x1b[K');
    },
  };
}

async function list(options: { json?: boolean }): Promise<void> {
  const [{ findEngines }, { prove, PROOF_BATCH }, { measureRates }, { saveRates }, { cacheFolder }, { availableParallelism }] = await Promise.all([
    import('../../runtime/engine/install/places.ts'),
    import('../../runtime/engine/install/prove.ts'),
    import('../../runtime/engine/install/rates.ts'),
    import('../../runtime/engine/install/rates-file.ts'),
    import('../../runtime/files/cache-folder.ts'),
    import('node:os'),
  ]);
  const threads = availableParallelism();
  const engines = [];
  for (const found of [...findEngines('tensorflow'), ...findEngines('onnx')]) {
    const about = { ...found, threads };
    try {
      const { version, stepTime } = await prove(found, threads);
      engines.push({ ...about, version, stepTime: Math.round(stepTime * 1000) / 1000, imagesPerSecond: Math.round((PROOF_BATCH / stepTime) * 1000) });
    } catch (error) {
      engines.push({ ...about, version: null, stepTime: null, imagesPerSecond: null, error: error instanceof Error ? error.message : String(error) });
    }
  }
  // The one that serves is what `cnnc summary` speaks of; a cache that cannot be written costs the estimate only.
  const serving = engines.find((e) => e.version !== null);
  if (serving) await measureRates(serving, threads).then((rates) => saveRates(cacheFolder(), rates)).catch(() => undefined);
  if (options.json) out(JSON.stringify({ schema: 1, engines }));
  else {
    for (const e of engines) {
      if ('error' in e) out(`${e.kind.padEnd(10)}  does not start  ${e.path}\n  ${String(e.error).split('\n')[0]}`);
      else out(`${e.kind.padEnd(10)}  ${e.version.padEnd(7)}  ${e.imagesPerSecond.toLocaleString('en').padStart(7)} images/s on a small network, ${threads} threads  (${e.from})  ${e.path}`);
    }
    if (engines.length === 0) say('no engine is installed; type: npx cnnc engine install');
  }
  if (!engines.some((e) => e.version !== null)) process.exitCode = Exit.errors;
}

async function doctor(options: { json?: boolean }): Promise<void> {
  const [{ examine }, { cacheFolder }] = await Promise.all([import('../../runtime/engine/install/doctor.ts'), import('../../runtime/files/cache-folder.ts')]);
  const findings = await examine(cacheFolder());
  if (options.json) out(JSON.stringify({ schema: 1, findings }));
  else {
    const marks = { good: colour.green('ok'), missing: colour.yellow('--'), bad: colour.red('!!') };
    for (const { what, state, detail, advice } of findings) {
      out(`${marks[state]}  ${what.padEnd(10)} ${detail.split('\n').join('\n                ')}`);
      if (advice) out(`                ${advice}`);
    }
  }
  if (!findings.some((f) => (f.what === 'tensorflow' || f.what === 'onnx') && f.state === 'good')) process.exitCode = Exit.errors;
}
