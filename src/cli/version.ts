/** The version of package.json; esbuild puts it into the bundle. */
import manifest from '../../package.json' with { type: 'json' };

export const version: string = manifest.version;
