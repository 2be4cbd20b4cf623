/** The learning rate of generated optimizers: a number, or a function of the step, as Keras's schedules. */
import type { Optimizer, Schedule } from '../../model/program.ts';
import { number as plain, numbers } from './emit.ts';

/** In parentheses where it is written as a quotient, so that it may stand anywhere. */
const number = (value: number): string => (plain(value).includes('/') ? `(${plain(value)})` : plain(value));

export interface Rates {
  /** The default of the parameter `learningRate`. */
  readonly argument: string;
  /** The rate of a step. */
  readonly rate: string;
  readonly helper: string;
}

/** @param counter the variable that counts steps from 1 */
export function rates(lr: Optimizer['lr'], counter: 'step' | 'calls'): Rates {
  if (typeof lr === 'number') return { argument: number(lr), rate: 'this.learningRate', helper: '' };
  return {
    argument: '1',
    rate: `this.learningRate * rateAt(${counter} - 1)`,
    helper: `
/** The learning rate of a step, which counts from 0; the optimizer's \`learningRate\` is a factor of it. */
function rateAt(step: number): number {
  ${body(lr)}
}
`,
  };
}

const half = '0.5 * (1 + Math.cos(Math.PI * done))';

function body(s: Schedule): string {
  switch (s.kind) {
    case 'exponential_decay':
      return `return ${number(s.lr)} * ${number(s.rate)} ** ${share(s.steps, s.staircase)};`;
    case 'inverse_time_decay':
      return `return ${number(s.lr)} / (1 + ${number(s.rate)} * ${share(s.steps, s.staircase)});`;
    case 'cosine_decay': {
      const from = number(s.warmup?.target ?? s.lr);
      const start = s.warmup ? `if (step < ${number(s.warmup.steps)}) return ${number(s.lr)} + (${from} - ${number(s.lr)}) * (step / ${number(s.warmup.steps)});\n  ` : '';
      return `${start}const done = Math.min(${s.warmup ? `step - ${number(s.warmup.steps)}` : 'step'}, ${number(s.steps)}) / ${number(s.steps)};
  return ${from} * ${s.alpha === 0 ? half : `(${number(1 - s.alpha)} * ${half} + ${number(s.alpha)})`};`;
    }
    case 'cosine_decay_restarts':
      return `let done = step / ${number(s.steps)};
  const restarts = ${s.t_mul === 1 ? 'Math.floor(done)' : `Math.floor(Math.log(1 - done * (1 - ${number(s.t_mul)})) / Math.log(${number(s.t_mul)}))`};
  done = ${s.t_mul === 1 ? 'done - restarts' : `(done - (1 - ${number(s.t_mul)} ** restarts) / (1 - ${number(s.t_mul)})) / ${number(s.t_mul)} ** restarts`};
  return ${number(s.lr)} * (${number(1 - s.alpha)} * ${half} * ${number(s.m_mul)} ** restarts + ${number(s.alpha)});`;
    case 'piecewise':
      return `const rates = ${numbers(s.values)};
  return rates[${numbers(s.boundaries)}.filter((boundary) => step > boundary).length];`;
    case 'polynomial_decay': {
      const steps = number(s.steps);
      const total = s.cycle ? `const total = ${steps} * (step === 0 ? 1 : Math.ceil(step / ${steps}));\n  ` : '';
      const done = s.cycle ? 'step / total' : `Math.min(step, ${steps}) / ${steps}`;
      return `${total}return ${number(s.lr - s.end)} * (1 - ${done})${s.power === 1 ? '' : ` ** ${number(s.power)}`} + ${number(s.end)};`;
    }
    case 'one_cycle': {
      const rise = Math.max(s.pct_start * s.steps - 1, 0);
      const [first, last] = [s.max_lr / s.div_factor, s.max_lr / s.div_factor / s.final_div_factor];
      const up = rise > 0 ? `if (step <= ${number(rise)}) return between(${number(first)}, ${number(s.max_lr)}, step / ${number(rise)});\n  ` : '';
      const down = s.steps - 1 > rise ? `Math.min((step - ${number(rise)}) / ${number(s.steps - 1 - rise)}, 1)` : '1';
      return `const between = (from: number, to: number, done: number): number => to + (from - to) * ${half};
  ${up}return between(${number(s.max_lr)}, ${number(last)}, ${down});`;
    }
  }
}

const share = (steps: number, staircase: boolean): string => (staircase ? `Math.floor(step / ${number(steps)})` : `(step / ${number(steps)})`);
