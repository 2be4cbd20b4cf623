/** CNN6150–CNN6199: the page of a trained model. */
import { entry } from './entry.ts';

export const serveCodes = {
  CNN6150: entry('error', 'port taken', (f: { port: number }) => ({
    message: `port ${f.port} of this machine is already used by another program`,
    help: [`take another one: --port ${f.port + 1}`, 'or any free one:  --port 0'],
  })),
  CNN6151: entry('error', 'not a picture', (_: Record<never, never>) => ({
    message: 'what was sent is not a picture this model can read',
    help: ['send a png, jpg or webp picture'],
  })),
};
