/**
 * The learning rate of a step, on the host: Keras's schedules (keras/src/optimizers/schedules/learning_rate_schedule.py) in float64,
 * where Keras computes in float32. Steps count from 0, as the optimizer's `iterations` before the step.
 */
import type { Schedule } from '../model/program.ts';

export function rateAt(lr: number | Schedule, step: number): number {
  if (typeof lr === 'number') return lr;
  switch (lr.kind) {
    case 'exponential_decay':
      return lr.lr * lr.rate ** share(step, lr.steps, lr.staircase);
    case 'inverse_time_decay':
      return lr.lr / (1 + lr.rate * share(step, lr.steps, lr.staircase));
    case 'cosine_decay':
      return cosineDecay(lr, step);
    case 'cosine_decay_restarts':
      return cosineDecayRestarts(lr, step);
    case 'piecewise':
      return lr.values[lr.boundaries.filter((boundary) => step > boundary).length];
    case 'polynomial_decay':
      return polynomialDecay(lr, step);
    case 'one_cycle':
      return oneCycle(lr, step);
  }
}

type Of<K extends Schedule['kind']> = Schedule & { readonly kind: K };

const share = (step: number, steps: number, staircase: boolean): number => (staircase ? Math.floor(step / steps) : step / steps);

/** 1 at the beginning, 0 at the end. */
const falling = (done: number): number => 0.5 * (1 + Math.cos(Math.PI * done));

function cosineDecay({ lr, steps, alpha, warmup }: Of<'cosine_decay'>, step: number): number {
  if (warmup && step < warmup.steps) return lr + (warmup.target - lr) * (step / warmup.steps);
  const done = Math.min(step - (warmup?.steps ?? 0), steps) / steps;
  return (warmup?.target ?? lr) * ((1 - alpha) * falling(done) + alpha);
}

function cosineDecayRestarts({ lr, steps, t_mul, m_mul, alpha }: Of<'cosine_decay_restarts'>, step: number): number {
  const passed = step / steps;
  // Each fall is t_mul times as long as the one before: i falls take (1 − t^i)/(1 − t) of the first.
  const restarts = t_mul === 1 ? Math.floor(passed) : Math.floor(Math.log(1 - passed * (1 - t_mul)) / Math.log(t_mul));
  const done = t_mul === 1 ? passed - restarts : (passed - (1 - t_mul ** restarts) / (1 - t_mul)) / t_mul ** restarts;
  return lr * ((1 - alpha) * m_mul ** restarts * falling(done) + alpha);
}

function polynomialDecay({ lr, steps, end, power, cycle }: Of<'polynomial_decay'>, step: number): number {
  const total = cycle ? steps * (step === 0 ? 1 : Math.ceil(step / steps)) : steps;
  return (lr - end) * (1 - (cycle ? step : Math.min(step, steps)) / total) ** power + end;
}

/** PyTorch's OneCycleLR with two phases of a cosine; after the last step it stays. */
function oneCycle({ max_lr, steps, pct_start, div_factor, final_div_factor }: Of<'one_cycle'>, step: number): number {
  const first = max_lr / div_factor;
  const last = first / final_div_factor;
  const top = Math.max(pct_start * steps - 1, 0);
  const between = (from: number, to: number, done: number): number => to + (from - to) * falling(done);
  if (step <= top && top > 0) return between(first, max_lr, step / top);
  return between(max_lr, last, steps - 1 > top ? Math.min((step - top) / (steps - 1 - top), 1) : 1);
}
