/** `loss.ts` of the generated code: the loss of each sample, as Keras computes it. */
import { givesScores } from '../../model/loss.ts';
import type { Loss, Program } from '../../model/program.ts';
import { number, shape } from './emit.ts';
import { featuresOf } from './features.ts';
import { headOf, lossInput } from './head.ts';
import { lossHelpers, losses } from './loss-code.ts';
import type { LossContext } from './loss-code.ts';
import { header, importLine, lines, tfjs } from './module.ts';

/** What the loss and the metrics call that which the forward pass gives. */
export const flowOf = (program: Program): 'logits' | 'outputs' => (headOf(program) !== null || lossInput(program).fused ? 'logits' : 'outputs');

/** The type of a batch's labels. */
export const labelsType = (program: Program): string => (featuresOf(program).classes ? 'tf.Tensor1D' : 'tf.Tensor2D');

export function lossModule(program: Program): string {
  const { loss } = program.compile;
  const { classes } = featuresOf(program);
  const activated = headOf(program) !== null;
  const { fused, from } = lossInput(program);
  // What the forward pass gives, and what the loss and the metrics take.
  const given = flowOf(program);
  const x = activated && from === 'output' ? 'outputs' : given;
  const code = (losses[loss.kind] as (loss: Loss, context: LossContext) => string)(loss, { fused, x, count: program.labels.count, bare: !activated && givesScores(loss) });
  const outputs = activated ? 'const outputs = probabilities(logits);' : given === 'logits' ? 'const outputs = logits;' : '';
  const labels = labelsType(program);
  const rows = classes ? `tf.oneHot(labels, ${number(program.labels.count)}, 1, 0, 'float32')` : "tf.cast(labels, 'float32')";
  return lines(
    header('What training makes smaller.'),
    tfjs,
    activated && x === 'outputs' && importLine('./model.ts', ['probabilities']),
    lossHelpers(code),
    `
/** The loss of each sample, [n]. Labels are ${classes ? 'class numbers, int32 [n]' : `rows ${shape([labelWidth(program)])}`}. */
export function sampleLosses(labels: ${labels}, ${given}: tf.Tensor2D): tf.Tensor1D {
  const rows = ${rows};
  ${x !== given ? `${outputs}\n  ` : ''}${code}
}
`,
  );
}

const labelWidth = ({ labels }: Program): number => (labels.kind === 'binary' ? 1 : labels.count);
