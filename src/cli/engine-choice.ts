/** What `--engine auto` chose, in one line, where it is not the fastest engine. */
import type { Choice } from '../runtime/engine/choose.ts';
import { say } from './io.ts';

/** null: nothing to say. `training`: only then does the speed matter. */
export function choiceLine({ engine, broken, installable }: Choice, training: boolean): string | null {
  const name = `the ONNX engine, onnxruntime ${engine.version}`;
  if (broken) return `${training ? 'training' : 'working'} on ${name}: TensorFlow is there but does not start (${broken.reason.split('\n')[0]}); type: npx cnnc engine doctor`;
  if (!training) return null;
  return installable ? `training on ${name}; TensorFlow trains several times faster: npx cnnc engine install tensorflow` : `training on ${name}`;
}

/** For commands that do not train. */
export function tellChoice(choice: Choice): void {
  const line = choiceLine(choice, false);
  if (line !== null) say(line);
}
