/** What generated optimizers do around their own arithmetic: limits of gradients and decay of weights. */
import type { OptimizerOptions } from '../../model/program.ts';

export interface Around {
  readonly doc: string;
  readonly numbers: Readonly<Record<string, number>>;
  /** Before the variables. */
  readonly before: string;
  /** The gradient of `variable`. */
  readonly gradient: string;
  readonly decay: string;
  /** After the new value of `variable`. */
  readonly averaged: string;
  readonly after: string;
  readonly helper: string;
}

export function around({ weight_decay, clip, ema, gradient_accumulation_steps: every }: OptimizerOptions): Around {
  const all = every === null ? 'gradients' : 'means';
  const raw = `${all}[variable.name]`;
  const none = { before: '', after: '', helper: '' };
  const clipped: Omit<Around, 'doc' | 'decay' | 'averaged'> =
    clip === null
      ? { ...none, numbers: {}, gradient: raw }
      : clip.by === 'value'
        ? { ...none, numbers: { clipValue: clip.limit }, gradient: `tf.clipByValue(${raw}, -clipValue, clipValue)` }
        : clip.by === 'norm'
          ? { ...none, numbers: { clipNorm: clip.limit }, gradient: `tf.mul(${raw}, tf.div(clipNorm, tf.maximum(tf.norm(${raw}), clipNorm)))` }
          : {
              numbers: { clipNorm: clip.limit },
              gradient: `tf.mul(${raw}, scale)`,
              before: `const scale = scaleFor(Object.values(${all}), clipNorm);`,
              after: 'scale.dispose();',
              helper: `
/** The factor that brings the norm of all gradients together down to the limit. */
const scaleFor = (gradients: readonly tf.Tensor[], limit: number): tf.Tensor =>
  tf.tidy(() => tf.div(limit, tf.maximum(tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient))))), limit)));
`,
            };
  const decays = weight_decay !== null && weight_decay > 0;
  return {
    ...clipped,
    doc: clip === null ? '' : ` ${clip.by === 'value' ? 'Numbers of gradients are limited' : clip.by === 'norm' ? 'The norm of each gradient is limited' : 'The norm of all gradients together is limited'}.`,
    numbers: { ...clipped.numbers, ...(decays ? { weightDecay: weight_decay } : {}), ...(ema ? { averageMomentum: ema.momentum } : {}) },
    averaged: ema
      ? `// The first step's average is the variable itself.
          const kept = step === 1 ? 0 : averageMomentum;
          average.assign(tf.add(tf.mul(average, kept), tf.mul(variable, 1 - kept)));${ema.overwrite_frequency === null ? '' : `\n          if (step % ${ema.overwrite_frequency} === 0) variable.assign(average);`}`
      : '',
    decay: decays ? 'variable.assign(tf.sub(variable, tf.mul(variable, weightDecay * rate)));' : '',
  };
}
