/** CNN6150–CNN6199: the page of a trained model. */
import { entry } from './entry.ts';

export const serveCodes = {
  CNN6150: entry('error', 'port taken', (f: { port: number }) => ({
    message: `port ${f.port} of this machine is already used by another program`,
    help: [`take another one: --port ${f.port + 1}`, 'or any free one:  --port 0'],
  })),
};
