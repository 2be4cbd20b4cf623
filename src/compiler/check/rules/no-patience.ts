/** `early_stopping` as it comes has no patience: the first epoch that is no better ends the training. As in Keras, where it surprises, too. */
import type { Rule } from './rule.ts';

export const noPatience: Rule = ({ bound }, { report }) => {
  const use = bound.fit.settings.get('early_stopping');
  if (use?.sound && !use.args.has('patience')) report.add('CNN2211', use.span, {});
};
