/**
 * The ONNX engine: onnxruntime-node and onnxruntime-common as npm has them, of which the JavaScript and this platform's libraries are
 * taken. npm alone is needed: nothing is compiled, and the package's own install script, which may look elsewhere, never runs.
 */
import { join } from 'node:path';
import { filesOf, unpackPackage } from './archive.ts';
import { fetchPackage } from './npm.ts';
import { onnxLibraries, onnxPackages } from './pins.ts';
import type { NpmPackage } from './pins.ts';
import { packagesIn, platformName } from './places.ts';
import { install, required } from './steps.ts';
import type { Built, Installed, InstallOptions, Places } from './steps.ts';

export interface OnnxInstallOptions extends InstallOptions {
  /** What is fetched; tests have small packages of their own. */
  readonly packages?: readonly NpmPackage[];
}

/** Throws DiagnosticError CNN6010–CNN6016, or the signal's reason. */
export const installOnnx = (options: OnnxInstallOptions): Promise<Installed> => install('onnx', options, (places) => build(options, places));

async function build({ from, progress, signal, packages = onnxPackages }: OnnxInstallOptions, { downloads, folder }: Places): Promise<Built> {
  const libraries = onnxLibraries[platformName()];
  const total = Object.values(libraries).reduce((a, b) => a + b, 0);
  const fetched = [];
  for (const pack of packages) fetched.push({ pack, ...required('onnx', await fetchPackage(pack, { folder: downloads, from, progress, signal })) });
  let before = 0;
  for (const { pack, archive } of fetched) {
    let done = 0;
    await unpackPackage(archive, pack.integrity, placeOf(join(packagesIn(folder), pack.name)), (bytes) => progress('unpacking', Math.min(before + (done = bytes), total), total), signal);
    before += done;
  }
  return {
    way: fetched.some(({ way }) => way === 'npm') ? 'npm' : 'folder',
    path: (at) => join(packagesIn(at), ...ENTRY),
    record: { taken: Object.fromEntries(packages.map((p) => [`${p.name}@${p.version}`, p.integrity])), libraries: Object.keys(libraries) },
  };
}

const ENTRY = ['onnxruntime-node', 'dist', 'index.js'];

/** The manifest, the CommonJS that is loaded, and the libraries of this platform; not the other platforms, sources, types and maps. */
function placeOf(to: string): (name: string) => string | undefined {
  const { platform, arch } = process;
  const binaries = ['bin', 'napi-v6', platform, arch];
  const libraries = Object.keys(onnxLibraries[platformName()]);
  const rules = [
    filesOf('package', /^(package\.json|LICENSE.*|ThirdPartyNotices.*)$/, to),
    filesOf('package/dist', /\.js$/, join(to, 'dist')),
    filesOf('package/dist/cjs', /\.js(on)?$/, join(to, 'dist', 'cjs')),
    filesOf(['package', ...binaries].join('/'), /./, join(to, ...binaries)),
  ];
  return (name) => {
    const [place] = rules.map((rule) => rule(name)).filter((path) => path !== undefined);
    return name.startsWith('package/bin/') && !libraries.includes(name.slice(name.lastIndexOf('/') + 1)) ? undefined : place;
  };
}
