/** Every learning-rate schedule by its word. The step counts from 0. Source: keras/src/optimizers/schedules/learning_rate_schedule.py. */
import type { Schedule } from '../../model/program.ts';
import type { Param, ScheduleDefinition } from '../types.ts';
import { param } from '../params.ts';

const start = (doc: string, name = 'lr', keras = ['initial_learning_rate']): Param => param(name, { kind: 'number', min: 0 }, doc, { position: 0, required: true, keras });
const steps = (doc: string, keras = ['decay_steps']): Param => param('steps', { kind: 'integer', min: 1, max: 1_000_000_000 }, doc, { required: true, keras });
const rate = param('rate', { kind: 'number', min: 0, exclusiveMin: true }, 'Factor of each `steps` steps.', { required: true, keras: ['decay_rate'] });
const staircase = param('staircase', { kind: 'switch' }, 'Changes only after whole `steps`, not in between.', { value: false });
const alpha = param('alpha', { kind: 'fraction', min: 0, max: 1 }, 'Share of the rate that is left at the end.', { default: '0', value: 0 });

const schedule = (definition: Omit<ScheduleDefinition, 'group' | 'in'>): ScheduleDefinition => ({ ...definition, group: 'schedule', in: ['schedule'] });

export const schedules: Readonly<Record<Schedule['kind'], ScheduleDefinition>> = {
  exponential_decay: schedule({
    word: 'exponential_decay',
    doc: 'A learning rate that is multiplied by `rate` every `steps` steps, smoothly.',
    keras: ['ExponentialDecay'],
    params: [start('Rate of the first step.'), steps('Steps in which the rate takes its factor once.'), rate, staircase],
    example: 'optimizer adam lr=exponential_decay(.001, steps=1000, rate=.9)',
    source: 'keras.optimizers.schedules.ExponentialDecay: lr · rate^(step / steps)',
    build: (given) => ({ kind: 'exponential_decay', lr: given.number('lr'), steps: given.number('steps'), rate: given.number('rate'), staircase: given.flag('staircase') }),
  }),
  inverse_time_decay: schedule({
    word: 'inverse_time_decay',
    doc: 'A learning rate that falls with one over the step.',
    keras: ['InverseTimeDecay'],
    params: [start('Rate of the first step.'), steps('Steps in which the divisor grows by `rate`.'), { ...rate, doc: 'How much the divisor grows in `steps` steps.' }, staircase],
    example: 'optimizer sgd lr=inverse_time_decay(.1, steps=1000, rate=.5)',
    source: 'keras.optimizers.schedules.InverseTimeDecay: lr / (1 + rate · step / steps)',
    build: (given) => ({ kind: 'inverse_time_decay', lr: given.number('lr'), steps: given.number('steps'), rate: given.number('rate'), staircase: given.flag('staircase') }),
  }),
  cosine_decay: schedule({
    word: 'cosine_decay',
    doc: 'A learning rate that falls along half a cosine, after a rise if asked for.',
    details: 'With a warmup the rate rises from `lr` to `warmup_target` in `warmup_steps` steps, and falls from there in `steps` more.',
    keras: ['CosineDecay'],
    params: [
      start('Rate of the first step.'),
      steps('Steps of the fall.'),
      alpha,
      param('warmup_target', { kind: 'number', min: 0, exclusiveMin: true }, 'The rate that the warmup ends with.', { default: 'no warmup' }),
      param('warmup_steps', { kind: 'integer', min: 1, max: 1_000_000_000 }, 'Steps of the warmup.', { default: 'no warmup' }),
    ],
    example: 'optimizer adamw lr=cosine_decay(0, steps=10000, warmup_target=.001, warmup_steps=500)',
    source: 'keras.optimizers.schedules.CosineDecay (Loshchilov and Hutter 2016)',
    build(given) {
      const [target, warmupSteps] = [given.maybe('warmup_target'), given.maybe('warmup_steps')];
      return { kind: 'cosine_decay', lr: given.number('lr'), steps: given.number('steps'), alpha: given.number('alpha'), warmup: target === null || warmupSteps === null ? null : { target, steps: warmupSteps } };
    },
  }),
  cosine_decay_restarts: schedule({
    word: 'cosine_decay_restarts',
    doc: 'A learning rate that falls along half a cosine again and again.',
    keras: ['CosineDecayRestarts'],
    params: [
      start('Rate of the first step.'),
      steps('Steps of the first fall.', ['first_decay_steps']),
      param('t_mul', { kind: 'number', min: 1 }, 'How much longer each fall is than the one before.', { value: 2 }),
      param('m_mul', { kind: 'number', min: 0, exclusiveMin: true }, 'Factor of the rate that each fall begins with.', { value: 1 }),
      alpha,
    ],
    example: 'optimizer sgd lr=cosine_decay_restarts(.1, steps=1000)',
    source: 'keras.optimizers.schedules.CosineDecayRestarts (Loshchilov and Hutter 2016)',
    build: (given) => ({ kind: 'cosine_decay_restarts', lr: given.number('lr'), steps: given.number('steps'), t_mul: given.number('t_mul'), m_mul: given.number('m_mul'), alpha: given.number('alpha') }),
  }),
  piecewise: schedule({
    word: 'piecewise',
    doc: 'A learning rate that changes at given steps.',
    keras: ['PiecewiseConstantDecay', 'piecewise_constant'],
    params: [
      param('boundaries', { kind: 'numbers' }, 'The steps after which it changes, ascending.', { position: 0, required: true }),
      param('values', { kind: 'numbers' }, 'The rates: one more than boundaries.', { position: 1, required: true }),
    ],
    example: 'optimizer sgd lr=piecewise([1000, 2000], [.1, .01, .001])',
    source: 'keras.optimizers.schedules.PiecewiseConstantDecay',
    build: (given) => ({ kind: 'piecewise', boundaries: given.numbers('boundaries'), values: given.numbers('values') }),
  }),
  polynomial_decay: schedule({
    word: 'polynomial_decay',
    doc: 'A learning rate that falls to `end` along a power of the step; in a line by default.',
    keras: ['PolynomialDecay', 'linear_decay'],
    params: [
      start('Rate of the first step.'),
      steps('Steps of the fall.'),
      param('end', { kind: 'number', min: 0 }, 'Rate after the fall.', { value: 1e-4, keras: ['end_learning_rate'] }),
      param('power', { kind: 'number', min: 0, exclusiveMin: true }, 'The power.', { value: 1 }),
      param('cycle', { kind: 'switch' }, 'Begins again, more slowly each time, instead of staying at `end`.', { value: false }),
    ],
    example: 'optimizer sgd lr=polynomial_decay(.1, steps=10000, power=.9)',
    source: 'keras.optimizers.schedules.PolynomialDecay',
    build: (given) => ({ kind: 'polynomial_decay', lr: given.number('lr'), steps: given.number('steps'), end: given.number('end'), power: given.number('power'), cycle: given.flag('cycle') }),
  }),
  one_cycle: schedule({
    word: 'one_cycle',
    doc: 'A learning rate that rises to `max_lr` and falls to almost nothing, both along a cosine.',
    details: 'Keras has no such schedule; parameters and defaults are PyTorch\'s. Momentum stays as it is.',
    keras: ['OneCycleLR', 'OneCycle'],
    params: [
      start('The largest rate.', 'max_lr', ['maximal_learning_rate']),
      steps('Steps in all.', ['total_steps', 'cycle_size']),
      param('pct_start', { kind: 'fraction', min: 0, max: 1, exclusiveMax: true }, 'Share of the steps that the rise takes.', { default: '30%', value: 0.3 }),
      param('div_factor', { kind: 'number', min: 1 }, 'The first rate is `max_lr` divided by this.', { value: 25 }),
      param('final_div_factor', { kind: 'number', min: 1 }, 'The last rate is the first divided by this.', { value: 10_000 }),
    ],
    example: 'optimizer sgd momentum=.9 lr=one_cycle(.1, steps=5000)',
    source: 'torch.optim.lr_scheduler.OneCycleLR (Smith and Topin 2017)',
    build: (given) => ({
      kind: 'one_cycle',
      max_lr: given.number('max_lr'),
      steps: given.number('steps'),
      pct_start: given.number('pct_start'),
      div_factor: given.number('div_factor'),
      final_div_factor: given.number('final_div_factor'),
    }),
  }),
};
