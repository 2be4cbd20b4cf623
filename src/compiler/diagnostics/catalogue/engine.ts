/** CNN6001–CNN6049: engines and their installation. */
import { entry } from './entry.ts';

export const engineCodes = {
  CNN6001: entry('error', 'no engine', () => ({
    message: 'the fast engine, TensorFlow, is not installed',
    notes: ['training and prediction run on it; checking, building and formatting do not need it'],
    help: ['type: npx cnnc engine install'],
  })),

  CNN6002: entry('error', 'engine not in this version', () => ({
    message: 'this version of cnnc has no ONNX engine yet',
    help: ['leave --engine out, or say --engine tensorflow'],
  })),

  CNN6003: entry('error', 'engine does not start', (f: { readonly path: string; readonly reason: string }) => ({
    message: 'the TensorFlow engine is there but does not start',
    notes: [f.path, ...f.reason.split('\n').slice(0, 12)],
    help: ['type: npx cnnc engine doctor', 'to fetch it anew: npx cnnc engine install --force'],
  })),
};
