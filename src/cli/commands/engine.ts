/** `cnnc engine install|list|doctor`: gets the fast engine, shows what is there, says what is missing. */
import type { Command } from 'commander';
import type { Progress } from '../../runtime/engine/install/fetch.ts';
import { colour, Exit, out, say } from '../io.ts';

export function add(cli: Command): void {
  const engine = cli
    .command('engine')
    .description('the TensorFlow that trains: install it, see what is there')
    .addHelpText('after', '\nExample:\n  cnnc engine install\n');

  engine
    .command('install')
    .description('fetch TensorFlow through pip or Maven, check it, build the addon, prove that it works')
    .option('--from <folder>', 'take the archives from this folder instead of the network')
    .option('--force', 'install even where an engine works already')
    .addHelpText('after', '\nExamples:\n  cnnc engine install\n  cnnc engine install --from /media/stick/engine\n')
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

async function install(options: { from?: string; force?: boolean }): Promise<void> {
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
    const installed = await installEngine({
      cache: cacheFolder(),
      from: options.from === undefined ? undefined : resolve(options.from),
      force: options.force,
      progress: meter.show,
      signal: interrupted.signal,
    });
    meter.end();
    say(installed.way === 'there' ? `TensorFlow ${installed.version} is here already and works (--force fetches it anew)` : `TensorFlow ${installed.version} is installed and works`);
    out(installed.addonPath);
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
  const [{ findEngines }, { prove }, { availableParallelism }] = await Promise.all([
    import('../../runtime/engine/install/places.ts'),
    import('../../runtime/engine/install/prove.ts'),
    import('node:os'),
  ]);
  const threads = availableParallelism();
  const engines = [];
  for (const { addonPath, from } of findEngines()) {
    try {
      const { version, stepTime } = await prove(addonPath, threads);
      engines.push({ kind: 'tensorflow', version, from, path: addonPath, threads, stepTime: Math.round(stepTime * 1000) / 1000 });
    } catch (error) {
      engines.push({ kind: 'tensorflow', version: null, from, path: addonPath, threads, stepTime: null, error: error instanceof Error ? error.message : String(error) });
    }
  }
  if (options.json) out(JSON.stringify({ schema: 1, engines }));
  else {
    for (const e of engines) {
      if ('error' in e) out(`tensorflow  does not start  ${e.path}\n  ${String(e.error).split('\n')[0]}`);
      else out(`tensorflow ${e.version}  ${e.stepTime} ms a step of a small network, batch 64, ${threads} threads  (${e.from})  ${e.path}`);
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
      out(`${marks[state]}  ${what.padEnd(9)} ${detail.split('\n').join('\n               ')}`);
      if (advice) out(`               ${advice}`);
    }
  }
  if (!findings.some((f) => f.what === 'engine' && f.state === 'good')) process.exitCode = Exit.errors;
}
