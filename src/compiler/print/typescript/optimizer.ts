/** `optimizer.ts` of the generated code: the program's optimizer with the arithmetic of Keras 3, which differs from tf.train's. */
import type { Optimizer } from '../../model/program.ts';
import { number } from './emit.ts';
import { header, lines, tfjs } from './module.ts';

type OptimizerOf<K extends Optimizer['kind']> = Optimizer & { readonly kind: K };

export interface OptimizerSource {
  /** The function that makes it. */
  readonly name: string;
  readonly text: string;
}

const sources: { readonly [K in Optimizer['kind']]: (optimizer: OptimizerOf<K>) => OptimizerSource } = {
  adam: ({ lr, beta_1, beta_2, epsilon }) => ({
    name: 'adam',
    text: `
/** Adam. Unlike tf.train.adam, ε is added to the uncorrected √v ("epsilon hat"), as in Keras. */
export function adam(variables: readonly tf.Variable[], learningRate = ${number(lr)}): Optimizer {
  const [beta1, beta2, epsilon] = [${number(beta_1)}, ${number(beta_2)}, ${number(epsilon)}];
  const slots = variables.map((variable) => ({ variable, m: zerosLike(variable), v: zerosLike(variable) }));
  let step = 0;
  return {
    learningRate,
    apply(gradients) {
      step += 1;
      const alpha = (this.learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
      for (const { variable, m, v } of slots) {
        tf.tidy(() => {
          const gradient = gradients[variable.name];
          m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)));
          v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
          variable.assign(tf.sub(variable, tf.div(tf.mul(m, alpha), tf.add(tf.sqrt(v), epsilon))));
        });
      }
    },
  };
}
`,
  }),
  sgd: ({ lr, momentum, nesterov }) => ({ name: 'sgd', text: momentum > 0 ? momentumSource(lr, momentum, nesterov) : plainSource(lr) }),
  rmsprop: ({ lr, rho, momentum, epsilon, centered }) => ({
    name: 'rmsprop',
    text: `
/** RMSprop. ε stands under the root${centered ? ', and what is divided by is centred: v − mean²' : ''}, as in Keras. */
export function rmsprop(variables: readonly tf.Variable[], learningRate = ${number(lr)}): Optimizer {
  const [rho, ${momentum > 0 ? 'momentum, ' : ''}epsilon] = [${number(rho)}, ${momentum > 0 ? `${number(momentum)}, ` : ''}${number(epsilon)}];
  const slots = variables.map((variable) => ({ variable, v: zerosLike(variable)${centered ? ', mean: zerosLike(variable)' : ''}${momentum > 0 ? ', velocity: zerosLike(variable)' : ''} }));
  return {
    learningRate,
    apply(gradients) {
      for (const { variable, v${centered ? ', mean' : ''}${momentum > 0 ? ', velocity' : ''} } of slots) {
        tf.tidy(() => {
          const gradient = gradients[variable.name];
          v.assign(tf.add(tf.mul(v, rho), tf.mul(tf.square(gradient), 1 - rho)));
          ${centered ? 'mean.assign(tf.add(tf.mul(mean, rho), tf.mul(gradient, 1 - rho)));' : ''}
          const spread = ${centered ? 'tf.sub(v, tf.square(mean))' : 'v'};
          const change = tf.mul(tf.mul(gradient, this.learningRate), tf.rsqrt(tf.add(spread, epsilon)));
          ${momentum > 0 ? 'velocity.assign(tf.add(tf.mul(velocity, momentum), change));' : ''}
          variable.assign(tf.sub(variable, ${momentum > 0 ? 'velocity' : 'change'}));
        });
      }
    },
  };
}
`,
  }),
};

const plainSource = (lr: number): string => `
/** Gradient descent. */
export function sgd(variables: readonly tf.Variable[], learningRate = ${number(lr)}): Optimizer {
  return {
    learningRate,
    apply(gradients) {
      for (const variable of variables) {
        tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(gradients[variable.name], this.learningRate))));
      }
    },
  };
}
`;

const momentumSource = (lr: number, momentum: number, nesterov: boolean): string => `
/** Gradient descent with momentum. The learning rate is part of the velocity, as in Keras; tf.train.momentum keeps it outside. */
export function sgd(variables: readonly tf.Variable[], learningRate = ${number(lr)}): Optimizer {
  const momentum = ${number(momentum)};
  const slots = variables.map((variable) => ({ variable, velocity: zerosLike(variable) }));
  return {
    learningRate,
    apply(gradients) {
      for (const { variable, velocity } of slots) {
        tf.tidy(() => {
          const change = tf.mul(gradients[variable.name], this.learningRate);
          velocity.assign(tf.sub(tf.mul(velocity, momentum), change));
          ${nesterov ? '// Nesterov: where the velocity is about to carry.\n          variable.assign(tf.add(variable, tf.sub(tf.mul(velocity, momentum), change)));' : 'variable.assign(tf.add(variable, velocity));'}
        });
      }
    },
  };
}
`;

export const optimizerSource = (optimizer: Optimizer): OptimizerSource => (sources[optimizer.kind] as (o: Optimizer) => OptimizerSource)(optimizer);

export function optimizerModule(optimizer: Optimizer): string {
  const { text } = optimizerSource(optimizer);
  return lines(
    header('The optimizer.'),
    tfjs,
    `
export interface Optimizer {
  /** May be changed between steps. */
  learningRate: number;
  /** Changes each variable by its gradient, found under the variable's name. */
  apply(gradients: tf.NamedTensorMap): void;
}
`,
    text,
    text.includes('zerosLike') && 'const zerosLike = (variable: tf.Variable): tf.Variable => tf.tidy(() => tf.variable(tf.zerosLike(variable), false));\n',
  );
}
