/** `optimizer.ts` of the generated code: the program's optimizer with the arithmetic of Keras 3, which differs from tf.train's. */
import type { Compile, Optimizer } from '../../model/program.ts';
import { number } from './emit.ts';
import { header, lines, tfjs } from './module.ts';
import { around } from './optimizer-options.ts';
import { rates } from './schedule.ts';

type Training = Pick<Compile, 'optimizer' | 'around'>;
type OptimizerOf<K extends Optimizer['kind']> = Optimizer & { readonly kind: K };

export interface OptimizerSource {
  /** The function that makes it. */
  readonly name: string;
  /** Whether it keeps tensors for each variable. */
  readonly keeps: boolean;
  readonly text: string;
}

/** The parts of an optimizer's function. */
interface Rule {
  readonly doc: string;
  /** Constants by name. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Tensors kept for each variable, with what they start with. */
  readonly slots: Readonly<Record<string, number>>;
  /** Numbers of the whole step, before the variables; `step` counts from 1, `rate` is the learning rate. */
  readonly before?: string;
  /** Kept between steps beside `step`. */
  readonly state?: string;
  /** The new values for one variable, from `gradient`. */
  readonly update: string;
}

const adamAlpha = 'const alpha = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);';
const adamRule = (doc: string, { beta_1, beta_2, epsilon, amsgrad }: OptimizerOf<'adam' | 'adamw'>): Rule => ({
  doc: `${doc} Unlike tf.train.adam, ε is added to the uncorrected √v ("epsilon hat"), as in Keras.`,
  numbers: { beta1: beta_1, beta2: beta_2, epsilon },
  slots: { m: 0, v: 0, ...(amsgrad ? { largest: 0 } : {}) },
  before: adamAlpha,
  update: `m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)));
          v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
          ${amsgrad ? 'largest.assign(tf.maximum(largest, v));' : ''}
          variable.assign(tf.sub(variable, tf.div(tf.mul(m, alpha), tf.add(tf.sqrt(${amsgrad ? 'largest' : 'v'}), epsilon))));`,
});

const rules: { readonly [K in Optimizer['kind']]: (optimizer: OptimizerOf<K>) => Rule } = {
  adam: (o) => adamRule('Adam.', o as OptimizerOf<'adam' | 'adamw'>),
  adamw: (o) => adamRule('AdamW: Adam whose weights decay apart from the gradient.', o as OptimizerOf<'adam' | 'adamw'>),
  nadam: ({ beta_1, beta_2, epsilon }) => ({
    doc: 'Nadam: Adam that looks ahead along its momentum, which grows with the step.',
    numbers: { beta1: beta_1, beta2: beta_2, epsilon },
    slots: { m: 0, v: 0 },
    state: 'let product = 1;',
    before: `const momentum = beta1 * (1 - 0.5 * 0.96 ** step);
      const next = beta1 * (1 - 0.5 * 0.96 ** (step + 1));
      product *= momentum;`,
    update: `m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)));
          v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
          const ahead = tf.add(tf.mul(m, next / (1 - product * next)), tf.mul(gradient, (1 - momentum) / (1 - product)));
          const spread = tf.div(v, 1 - beta2 ** step);
          variable.assign(tf.sub(variable, tf.div(tf.mul(ahead, rate), tf.add(tf.sqrt(spread), epsilon))));`,
  }),
  lamb: ({ beta_1, beta_2, epsilon }) => ({
    doc: 'LAMB: Adam whose step of each variable is as long as the variable is large.',
    numbers: { beta1: beta_1, beta2: beta_2, epsilon },
    slots: { m: 0, v: 0 },
    update: `m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)));
          v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
          const change = tf.div(tf.div(m, 1 - beta1 ** step), tf.add(tf.sqrt(tf.div(v, 1 - beta2 ** step)), epsilon));
          const [large, long] = [tf.norm(variable), tf.norm(change)];
          const ratio = tf.where(tf.logicalAnd(tf.greater(large, 0), tf.greater(long, 0)), tf.divNoNan(large, long), tf.scalar(1));
          variable.assign(tf.sub(variable, tf.mul(tf.mul(change, rate), ratio)));`,
  }),
  adamax: ({ beta_1, beta_2, epsilon }) => ({
    doc: 'Adamax: Adam that divides by the largest gradient, slowly forgotten.',
    numbers: { beta1: beta_1, beta2: beta_2, epsilon },
    slots: { m: 0, u: 0 },
    update: `m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)));
          u.assign(tf.maximum(tf.mul(u, beta2), tf.abs(gradient)));
          variable.assign(tf.sub(variable, tf.div(tf.mul(m, rate / (1 - beta1 ** step)), tf.add(u, epsilon))));`,
  }),
  sgd: ({ momentum, nesterov }): Rule =>
    momentum > 0
      ? {
          doc: 'Gradient descent with momentum. The learning rate is part of the velocity, as in Keras; tf.train.momentum keeps it outside.',
          numbers: { momentum },
          slots: { velocity: 0 },
          update: `const change = tf.mul(gradient, rate);
          velocity.assign(tf.sub(tf.mul(velocity, momentum), change));
          ${nesterov ? '// Nesterov: where the velocity is about to carry.\n          variable.assign(tf.add(variable, tf.sub(tf.mul(velocity, momentum), change)));' : 'variable.assign(tf.add(variable, velocity));'}`,
        }
      : { doc: 'Gradient descent.', numbers: {}, slots: {}, update: 'variable.assign(tf.sub(variable, tf.mul(gradient, rate)));' },
  rmsprop: ({ rho, momentum, epsilon, centered }) => ({
    doc: `RMSprop. ε stands under the root${centered ? ', and what is divided by is centred: v − mean²' : ''}, as in Keras.`,
    numbers: { rho, ...(momentum > 0 ? { momentum } : {}), epsilon },
    slots: { v: 0, ...(centered ? { mean: 0 } : {}), ...(momentum > 0 ? { velocity: 0 } : {}) },
    update: `v.assign(tf.add(tf.mul(v, rho), tf.mul(tf.square(gradient), 1 - rho)));
          ${centered ? 'mean.assign(tf.add(tf.mul(mean, rho), tf.mul(gradient, 1 - rho)));' : ''}
          const spread = ${centered ? 'tf.sub(v, tf.square(mean))' : 'v'};
          const change = tf.mul(tf.mul(gradient, rate), tf.rsqrt(tf.add(spread, epsilon)));
          ${momentum > 0 ? 'velocity.assign(tf.add(tf.mul(velocity, momentum), change));' : ''}
          variable.assign(tf.sub(variable, ${momentum > 0 ? 'velocity' : 'change'}));`,
  }),
  adagrad: ({ initial_accumulator_value, epsilon }) => ({
    doc: 'Adagrad. ε stands under the root, as in Keras.',
    numbers: { epsilon },
    slots: { squares: initial_accumulator_value },
    update: `squares.assign(tf.add(squares, tf.square(gradient)));
          variable.assign(tf.sub(variable, tf.div(tf.mul(gradient, rate), tf.sqrt(tf.add(squares, epsilon)))));`,
  }),
  adadelta: ({ rho, epsilon }) => ({
    doc: 'Adadelta.',
    numbers: { rho, epsilon },
    slots: { squares: 0, steps: 0 },
    update: `squares.assign(tf.add(tf.mul(squares, rho), tf.mul(tf.square(gradient), 1 - rho)));
          const change = tf.div(tf.mul(tf.sqrt(tf.add(steps, epsilon)), gradient), tf.sqrt(tf.add(squares, epsilon)));
          steps.assign(tf.add(tf.mul(steps, rho), tf.mul(tf.square(change), 1 - rho)));
          variable.assign(tf.sub(variable, tf.mul(change, rate)));`,
  }),
  lion: ({ beta_1, beta_2 }) => ({
    doc: 'Lion: steps of one size along the sign of the momentum.',
    numbers: { beta1: beta_1, beta2: beta_2 },
    slots: { m: 0 },
    update: `const direction = tf.sign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)));
          variable.assign(tf.sub(variable, tf.mul(direction, rate)));
          m.assign(tf.add(tf.mul(m, beta2), tf.mul(gradient, 1 - beta2)));`,
  }),
  ftrl: (o) => {
    const [l1, l2, shrinkage] = [o.l1_regularization_strength, o.l2_regularization_strength, o.l2_shrinkage_regularization_strength];
    const raised = (x: string): string => (o.learning_rate_power === -0.5 ? `tf.sqrt(${x})` : `tf.pow(${x}, power)`);
    return {
      doc: 'FTRL: follow the regularised leader.',
      numbers: { ...(o.learning_rate_power === -0.5 ? {} : { power: -o.learning_rate_power }), ...(l1 > 0 ? { l1 } : {}), l2, ...(shrinkage > 0 ? { shrinkage } : {}), ...(o.beta > 0 ? { beta: o.beta } : {}) },
      slots: { squares: o.initial_accumulator_value, linear: 0 },
      update: `const before = ${raised('squares')};
          squares.assign(tf.add(squares, tf.square(gradient)));
          const raised = ${raised('squares')};
          const pull = ${shrinkage > 0 ? 'tf.add(gradient, tf.mul(variable, 2 * shrinkage))' : 'gradient'};
          linear.assign(tf.add(linear, tf.sub(pull, tf.mul(tf.div(tf.sub(raised, before), rate), variable))));
          const quadratic = tf.add(tf.div(raised, rate), 2 * ${o.beta > 0 ? '(l2 + beta / (2 * rate))' : 'l2'});
          variable.assign(tf.div(${l1 > 0 ? 'tf.sub(tf.clipByValue(linear, -l1, l1), linear)' : 'tf.neg(linear)'}, quadratic));`,
    };
  },
};

export function optimizerSource({ optimizer, around: options }: Training): OptimizerSource {
  const rule = (rules[optimizer.kind] as (o: Optimizer) => Rule)(optimizer);
  const name = optimizer.kind;
  const every = options.gradient_accumulation_steps;
  // Schedules count all steps, everything else those that change the variables.
  const all = every === null ? 'step' : 'calls';
  const { argument, rate, helper } = rates(optimizer.lr, all);
  const extra = around(options);
  const slots = Object.entries({ ...rule.slots, ...(options.ema ? { average: 0 } : {}), ...(every === null ? {} : { sum: 0 }) });
  const numbers = Object.entries({ ...rule.numbers, ...extra.numbers });
  const counts = /\bstep\b/.test(`${rule.before ?? ''}${rule.update}${rate}${extra.averaged}`);
  // What nothing keeps needs no slots: the variables themselves are gone through.
  const members = slots.map(([slot]) => slot);
  const of = slots.length > 0 ? `{ variable, ${members.join(', ')} } of slots` : 'variable of variables';
  const made = slots.map(([slot, initial]) => `${slot}: ${initial === 0 ? 'zerosLike(variable)' : `filled(variable, ${number(initial)})`}`);
  const body = `for (const ${of}) {
        tf.tidy(() => {
          const gradient = ${extra.gradient};
          ${extra.decay}
          ${rule.update}
          ${every === null ? extra.averaged : 'sum.assign(tf.zerosLike(sum));'}
        });
      }`;
  const apply =
    every === null
      ? `${counts ? 'step += 1;' : ''}
      const rate = ${rate};
      ${extra.before}
      ${rule.before ?? ''}
      ${body}
      ${extra.after}`
      : `calls += 1;
      ${counts ? `step = Math.ceil(calls / ${every});` : ''}
      for (const { variable, sum } of slots) tf.tidy(() => sum.assign(tf.add(sum, gradients[variable.name])));
      if (calls % ${every} === 0) {
      const means = tf.tidy(() => Object.fromEntries(slots.map(({ variable, sum }) => [variable.name, tf.div(sum, ${every})])));
      const rate = ${rate};
      ${extra.before}
      ${rule.before ?? ''}
      ${body}
      ${extra.after}
      tf.dispose(means);
      }
      ${options.ema ? `for (const { variable, average } of slots) {
        tf.tidy(() => {
          ${extra.averaged}
        });
      }` : ''}`;
  return {
    name,
    keeps: slots.length > 0,
    text: `
/** ${rule.doc}${extra.doc}${every === null ? '' : ` Gradients are gathered over ${every} calls, the last of which changes the variables by their mean.`} */
export function ${name}(variables: readonly tf.Variable[], learningRate = ${argument}): Optimizer {
  ${constants(numbers)}
  ${slots.length > 0 ? `const slots = variables.map((variable) => ({ variable, ${made.join(', ')} }));` : ''}
  ${every === null ? '' : 'let calls = 0;'}
  ${counts ? 'let step = 0;' : ''}
  ${rule.state ?? ''}
  return {
    learningRate,${helper ? `\n    rate() {\n      return this.learningRate * rateAt(${all});\n    },` : ''}
    apply(gradients) {
      ${apply}
    },${options.ema ? '\n    useAverages() {\n      for (const { variable, average } of slots) variable.assign(average);\n    },' : ''}${slots.length > 0 ? `\n    dispose() {\n      for (const { ${members.join(', ')} } of slots) tf.dispose([${members.join(', ')}]);\n    },` : ''}
  };
}
${helper}${extra.helper}`,
  };
}

/** `const momentum = 0.9;`, `const [beta1, beta2] = [0.9, 0.999];` */
function constants(numbers: readonly (readonly [string, number])[]): string {
  if (numbers.length === 0) return '';
  const [names, values] = [numbers.map(([name]) => name), numbers.map(([, value]) => number(value))];
  return names.length === 1 ? `const ${names[0]} = ${values[0]};` : `const [${names.join(', ')}] = [${values.join(', ')}];`;
}

export function optimizerModule(training: Training): string {
  const { text } = optimizerSource(training);
  return lines(
    header('The optimizer.'),
    tfjs,
    `
export interface Optimizer {
  /** May be changed between steps. */
  learningRate: number;
  ${text.includes('rateAt') ? '/** The learning rate of the next step. */\n  rate(): number;' : ''}
  /** Changes each variable by its gradient, found under the variable's name. */
  apply(gradients: tf.NamedTensorMap): void;${training.around.ema ? '\n  /** Puts the moving averages of the variables in their place: at the end of training. */\n  useAverages(): void;' : ''}${text.includes('dispose()') ? '\n  /** Frees what it keeps for the variables. */\n  dispose(): void;' : ''}
}
`,
    text,
    text.includes('zerosLike') && 'const zerosLike = (variable: tf.Variable): tf.Variable => tf.tidy(() => tf.variable(tf.zerosLike(variable), false));\n',
    text.includes('filled(') && 'const filled = (variable: tf.Variable, value: number): tf.Variable => tf.tidy(() => tf.variable(tf.fill(variable.shape, value), false));\n',
  );
}
