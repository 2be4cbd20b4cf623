/** Whole training steps in mixed_bfloat16 on the interpreter, which rounds where the graph says bfloat16, against Keras's policy of that name. */
import { it } from 'vitest';
import { precisionNames } from '../../../goldens/load.ts';
import { interpreterEngine } from '../../../support/interpreter-engine.ts';
import { trainsAsKeras } from '../../../support/precision-goldens.ts';

it.each(precisionNames)('%s trains as in Keras', (name) => trainsAsKeras(interpreterEngine(), name));
