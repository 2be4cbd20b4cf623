/** A `rescale` at the beginning of the network that scales pixels which `preprocess` has scaled already. */
import { isStandardised } from '../../model/program.ts';
import type { Rule } from './rule.ts';

/** Scaling by less than this is meant for pixels of 0 to 255. */
const forBytes = 1 / 50;

export const scaledInNetwork: Rule = ({ bound, data, preprocess, spots }, { report }) => {
  const [first] = spots;
  if (data.pixels !== 'uint8' || first?.layer.word !== 'rescale' || !('scale' in first.layer.args) || typeof first.layer.args.scale !== 'number') return;
  const high = preprocess.scale * 255 + preprocess.offset;
  const standard = isStandardised(preprocess);
  if (first.layer.args.scale > forBytes || first.layer.args.scale <= 0 || (high > 10 && !standard)) return;
  const scale = bound.preprocess.settings.get('scale');
  report.add('CNN3213', first.layer.use.span, { written: scale !== undefined || standard }, { related: scale ? [{ span: scale.span, label: 'scaled here already' }] : [] });
};
