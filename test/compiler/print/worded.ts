/** Programs with each optimizer, schedule, loss and metric that is printed; the networks are small. */
import type { Compile, LabelKind, Metric, Optimizer, PlainLoss, Program, Schedule } from '../../../src/compiler/model/program.ts';
import { program } from './programs.ts';

const adaptive = { lr: 0.01, beta_1: 0.9, beta_2: 0.99, epsilon: 1e-7 };
const head = [['conv', { filters: 2, activation: 'tanh' }], ['flatten'], ['dense', { units: 3 }], ['softmax']] as const;

const optimized = (optimizer: Optimizer, around: Partial<Compile['around']> = {}): Program => program({ input: [5, 5, 1], network: head, optimizer, around });

const optimizers: Record<string, Program> = {
  'adam, amsgrad, norms limited': optimized({ kind: 'adam', ...adaptive, amsgrad: true }, { clip: { by: 'norm', limit: 0.1 } }),
  adamw: optimized({ kind: 'adamw', ...adaptive, amsgrad: false }, { weight_decay: 0.1 }),
  'nadam, all gradients limited together': optimized({ kind: 'nadam', ...adaptive }, { clip: { by: 'global_norm', limit: 0.2 } }),
  'adamax, values limited': optimized({ kind: 'adamax', ...adaptive }, { clip: { by: 'value', limit: 0.02 } }),
  'adagrad, decay': optimized({ kind: 'adagrad', lr: 0.05, initial_accumulator_value: 0.1, epsilon: 1e-7 }, { weight_decay: 0.1 }),
  adadelta: optimized({ kind: 'adadelta', lr: 1, rho: 0.95, epsilon: 1e-4 }),
  'lion, decay': optimized({ kind: 'lion', lr: 0.001, beta_1: 0.9, beta_2: 0.99 }, { weight_decay: 0.5 }),
  ftrl: optimized({ kind: 'ftrl', lr: 0.05, learning_rate_power: -0.5, initial_accumulator_value: 0.1, l1_regularization_strength: 0, l2_regularization_strength: 0, l2_shrinkage_regularization_strength: 0, beta: 0 }),
  'ftrl with strengths': optimized({ kind: 'ftrl', lr: 0.05, learning_rate_power: -0.6, initial_accumulator_value: 0.2, l1_regularization_strength: 0.01, l2_regularization_strength: 0.1, l2_shrinkage_regularization_strength: 0.1, beta: 0.1 }),
  'sgd, nesterov, decay': optimized({ kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true }, { weight_decay: 0.1, clip: { by: 'norm', limit: 1 } }),
};

const scheduled = (lr: Schedule): Program => optimized({ kind: 'sgd', lr, momentum: 0, nesterov: false });

export const schedules: Record<string, Schedule> = {
  exponential: { kind: 'exponential_decay', lr: 0.1, steps: 2, rate: 1 / 3, staircase: false },
  inverse: { kind: 'inverse_time_decay', lr: 0.1, steps: 2, rate: 0.5, staircase: true },
  cosine: { kind: 'cosine_decay', lr: 0.1, steps: 3, alpha: 0, warmup: null },
  'cosine with a warmup': { kind: 'cosine_decay', lr: 0.01, steps: 2, alpha: 0.1, warmup: { target: 0.1, steps: 2 } },
  restarts: { kind: 'cosine_decay_restarts', lr: 0.1, steps: 1, t_mul: 2, m_mul: 0.5, alpha: 0.1 },
  'equal restarts': { kind: 'cosine_decay_restarts', lr: 0.1, steps: 2, t_mul: 1, m_mul: 0.5, alpha: 0 },
  piecewise: { kind: 'piecewise', boundaries: [0, 1], values: [0.1, 0.01, 0.2] },
  polynomial: { kind: 'polynomial_decay', lr: 0.1, steps: 4, end: 0.001, power: 2, cycle: false },
  'polynomial in cycles': { kind: 'polynomial_decay', lr: 0.1, steps: 2, end: 0.001, power: 1, cycle: true },
  'one cycle': { kind: 'one_cycle', max_lr: 0.1, steps: 6, pct_start: 0.5, div_factor: 25, final_div_factor: 10 },
};

const named = (kind: PlainLoss): Metric => ({ kind, name: kind });

function lossed(loss: Compile['loss'], kind: LabelKind, end: string | null, metrics: readonly Metric[] = []): Program {
  const units = kind === 'binary' ? 1 : 3;
  return program({
    input: [5, 5, 1],
    labels: { kind, count: kind === 'binary' ? 1 : 3, names: kind === 'binary' ? ['no', 'yes'] : null },
    network: [['conv', { filters: 2, activation: 'tanh' }], ['flatten'], ['dense', { units }], ...(end === null ? [] : ([[end]] as unknown as (typeof head)[number][]))],
    loss,
    metrics,
    optimizer: { kind: 'sgd', lr: 0.05, momentum: 0, nesterov: false },
  });
}

const losses: Record<string, Program> = {
  mae: lossed({ kind: 'mae' }, 'values', null, [named('mape'), named('msle'), { kind: 'huber', name: 'huber', delta: 0.5 }]),
  huber: lossed({ kind: 'huber', delta: 0.4 }, 'values', null, [named('log_cosh'), named('cosine_similarity')]),
  'mape, msle': lossed({ kind: 'msle' }, 'values', 'softplus', [named('mape')]),
  log_cosh: lossed({ kind: 'log_cosh' }, 'values', null),
  cosine_similarity: lossed({ kind: 'cosine_similarity' }, 'values', null),
  poisson: lossed({ kind: 'poisson' }, 'values', 'softplus', [named('poisson')]),
  kl_divergence: lossed({ kind: 'kl_divergence' }, 'categorical', 'softmax', [named('kl_divergence'), named('categorical_hinge')]),
  hinge: lossed({ kind: 'hinge' }, 'binary', 'tanh', [named('hinge')]),
  squared_hinge: lossed({ kind: 'squared_hinge' }, 'multilabel', null, [named('squared_hinge')]),
  categorical_hinge: lossed({ kind: 'categorical_hinge' }, 'categorical', null),
  'categorical focal': lossed({ kind: 'categorical_focal_crossentropy', alpha: 0.25, gamma: 2, from_logits: false, label_smoothing: 0.1 }, 'categorical', 'softmax'),
  'categorical focal of logits': lossed({ kind: 'categorical_focal_crossentropy', alpha: 0.5, gamma: 1.5, from_logits: true, label_smoothing: 0 }, 'categorical', null),
  'binary focal': lossed({ kind: 'binary_focal_crossentropy', apply_class_balancing: true, alpha: 0.7, gamma: 3, from_logits: false, label_smoothing: 0 }, 'multilabel', 'sigmoid'),
  'binary focal of logits': lossed({ kind: 'binary_focal_crossentropy', apply_class_balancing: false, alpha: 0.25, gamma: 1, from_logits: true, label_smoothing: 0.2 }, 'binary', null),
};

export const worded: Record<string, Program> = {
  ...optimizers,
  ...Object.fromEntries(Object.entries(schedules).map(([name, lr]) => [`lr: ${name}`, scheduled(lr)])),
  ...losses,
};
