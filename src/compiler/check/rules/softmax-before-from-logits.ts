/** The loss applies softmax or sigmoid itself, and the network has applied it already. */
import { replace } from '../../bind/report.ts';
import type { Rule } from './rule.ts';

export const softmaxBeforeFromLogits: Rule = ({ tail, training }, { report }) => {
  const loss = training.lossUse;
  const option = loss?.args.get('from_logits');
  const activation = tail?.activation;
  if (!loss || option?.value !== true || !activation || (activation.word !== 'softmax' && activation.word !== 'sigmoid')) return;
  report.add(
    'CNN2115',
    activation.span,
    { activation: activation.word, loss: loss.word.word },
    { related: [{ span: option.whole, label: 'and once more here' }], fixes: [replace('leave from_logits out', { ...option.whole, start: loss.span.end }, '')] },
  );
};
