/** The TensorFlow engine: fetch the libraries, check and unpack them, compile the addon against them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../../files/hash.ts';
import { extractLibrary, filesOf, unpackPackage } from './archive.ts';
import { findProgram, runCommand } from './commands.ts';
import { compileAddon, findCompiler } from './compile.ts';
import { archiveFrom, fetchArchive } from './fetch.ts';
import type { Progress } from './fetch.ts';
import { fetchPackage } from './npm.ts';
import { bindingPackage, pins } from './pins.ts';
import type { PlatformPins } from './pins.ts';
import { ADDON, platformName } from './places.ts';
import { problem } from './problem.ts';
import { install, required } from './steps.ts';
import type { Built, Installed, InstallOptions, Places } from './steps.ts';

export interface TensorFlowInstallOptions extends InstallOptions {
  /** What is fetched; tests have small files of their own. */
  readonly platform?: PlatformPins;
}

/** Throws DiagnosticError CNN6010–CNN6016, or the signal's reason. */
export const installTensorFlow = (options: TensorFlowInstallOptions): Promise<Installed> => install('tensorflow', options, (places) => build(options, places));

async function build({ from, progress, signal, platform = pins[platformName()] }: TensorFlowInstallOptions, { downloads, folder, work }: Places): Promise<Built> {
  const compiler = await findCompiler();
  if (!compiler) throw problem('CNN6013', { lines: [] });
  await mkdir(join(folder, 'lib'), { recursive: true });
  const binding = required('tensorflow', await fetchPackage(bindingPackage, { folder: downloads, from, progress, signal }));
  const fetched = required('tensorflow', from ? await archiveFrom(from, platform) : await fetchArchive({ folder: downloads, pins: platform, progress, signal }));
  const stripped = await unpack(fetched.archive, folder, platform, progress, signal);

  progress('compiling the addon');
  const sources = join(work, 'binding');
  await mkdir(sources, { recursive: true });
  await unpackPackage(binding.archive, bindingPackage.integrity, filesOf('package/binding', /\.(cc|h)$/, sources));
  const lines = await compileAddon({ compiler, sources, folder, libraries: platform.libraries, work, signal });
  if (lines) throw problem('CNN6013', { lines });
  return {
    way: fetched.way,
    path: (at) => join(at, ADDON),
    record: {
      taken: Object.fromEntries(platform.libraries.map((l) => [l.name, l.sha256])),
      binding: `${bindingPackage.name}@${bindingPackage.version}`,
      stripped,
      compiler,
      addon: await sha256File(join(folder, ADDON)),
    },
  };
}

/** The libraries, checked; without their debug symbols where that can be done. True when stripped. */
async function unpack(archive: string, folder: string, { libraries }: PlatformPins, progress: Progress, signal?: AbortSignal): Promise<boolean> {
  const total = libraries.reduce((sum, l) => sum + l.size, 0);
  let before = 0;
  for (const library of libraries) {
    const start = before;
    await extractLibrary(archive, library, join(folder, 'lib', library.name), (bytes) => progress('unpacking', start + bytes, total), signal);
    before += library.size;
  }
  // On macOS stripping would void the code signature.
  if (process.platform !== 'linux' || !(await findProgram('strip'))) return false;
  progress('stripping');
  const { code } = await runCommand('strip', ['--strip-unneeded', ...libraries.map((l) => join(folder, 'lib', l.name))], { signal });
  return code === 0;
}
