/** Programs that together use every word that generated code can have; `words.test.ts` holds them beside the graph. */
import { compile } from '../../../src/compiler/compile.ts';
import type { DataFacts, LabelKind, Program } from '../../../src/compiler/model/program.ts';

export interface Row {
  /** What is compared here, as `group word`. */
  readonly words: readonly string[];
  readonly text: string;
  readonly labels: LabelKind;
}

interface Parts {
  readonly labels?: LabelKind;
  readonly input?: string;
  /** Beside the source. */
  readonly data?: string;
  readonly before?: string;
  readonly network: string;
  readonly preprocess?: string;
  readonly augment?: string;
  readonly compile?: string;
  readonly fit?: string;
}

const section = (word: string, lines: string | undefined): string => (lines ? `${word} { ${lines} }\n` : '');

/** @param words `layer conv dense; loss mse` */
function row(words: string, { labels = 'categorical', data = 'npz "words.npz"', before = '', network, preprocess, augment, compile: how = 'optimizer sgd lr=.05', fit }: Parts): Row {
  const list = words.split(';').flatMap((part) => {
    const [group, ...names] = part.trim().split(/\s+/);
    return names.map((name) => `${group} ${name}`);
  });
  const text = `model Words\ndata { ${data}\nlabels ${labels} }\n${section('preprocess', preprocess)}${section('augment', augment)}${before}network < ${network} >\n${section('compile', how)}${section('fit', fit)}`;
  return { words: list, labels, text };
}

/** Throws where it does not compile. */
export function programOf({ text, labels }: Row, input: readonly number[] = sizeOf(text)): Program {
  const classes = labels === 'binary' ? ['no', 'yes'] : ['a', 'b', 'c'];
  const facts: DataFacts = { labelKind: labels, classes, sampleShape: input, pixelType: 'uint8', count: 100, perClass: [], parts: { test: false, validation: false } };
  const { program, diagnostics } = compile(text, { path: 'words.cnn', facts });
  if (!program) throw new Error(`${diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n')}\n${text}`);
  return program;
}

/** Colours and mixtures want three channels; the rest is quicker with one. */
const sizeOf = (text: string): readonly number[] => (/saturation|hue|mean_std/.test(text) ? [7, 6, 3] : [7, 6, 1]);

const end = 'flatten; dense classes; softmax';
const vector = 'flatten; dense 5; tanh;';
const small = `flatten; dense 4; tanh; dense classes; softmax`;
const labelled = (loss: string): LabelKind => (/^(cat|sparse|kl)/.test(loss) ? 'categorical' : /^binary|hinge/.test(loss) ? 'multilabel' : 'values');

export const rows: readonly Row[] = [
  // ------------------------------------------------------------ layers
  row('layer conv depthwise_conv separable_conv pool dense', { network: `conv 3 3x2 same activation=tanh; depthwise_conv 2 depth_multiplier=2 bias=off; separable_conv 3 2 activation=elu; pool 2 stride=1; ${end}` }),
  row('layer conv conv_transpose', { network: `conv 4 2 dilation=2 groups=1; tanh; conv 4 groups=2 stride=2 same; conv_transpose 3 stride=2 same activation=tanh; conv_transpose 2 2x3 stride=2x1 bias=off; ${end}` }),
  row('layer depthwise_conv separable_conv conv conv_transpose', { network: `depthwise_conv 2 dilation=2x1; separable_conv 4 2 dilation=1x2 same; conv 4 2 groups=2 dilation=2; conv_transpose 2 2 dilation=2; ${end}` }),
  row('layer avg_pool global_avg_pool global_pool flatten', { network: 'conv 3; avg_pool 2 stride=1 same; branch < global_avg_pool > < global_pool > < avg_pool 3; flatten >; dense classes; softmax' }),
  row('layer zero_pad cropping upsample rescale permute reshape layer_norm', {
    network: `zero_pad [1, 2, 0, 3]; conv 2; cropping [1, 0, 1, 1]; upsample 2; rescale 2 offset=-1; conv 2; upsample 2x1 interpolation=bilinear; permute [2, 1, 3]; conv 2; reshape [-1, 4]; layer_norm; ${end}`,
    compile: 'optimizer sgd lr=.002',
  }),
  row('layer batch_norm layer_norm group_norm prelu', {
    network: `conv 4 bias=off; batch_norm momentum=.9; relu; layer_norm epsilon=.01; prelu; group_norm 2 scale=off; prelu shared_axes=[1, 2]; global_avg_pool keepdims; conv 3 1; group_norm -1 center=off; ${end}`,
  }),
  row('layer dropout spatial_dropout gaussian_dropout gaussian_noise', { network: `conv 3; gaussian_noise .1; spatial_dropout .5; flatten; dense 6; gaussian_dropout .2; dropout .25; dense classes; softmax` }),
  row('layer relu dropout dense; regularizer orthogonal_regularizer', {
    network: `conv 2; relu max_value=.5 negative_slope=.25 threshold=.125; dropout .25 noise_shape=[1, 1, -1]; conv 2; relu negative_slope=.1; relu max_value=.75; relu threshold=.0625; flatten; dense 5 kernel_regularizer=orthogonal_regularizer(.5); tanh; dense 4 kernel_regularizer=orthogonal_regularizer(mode=columns); tanh; dense classes; softmax`,
  }),
  row('layer relu relu6 leaky_relu elu selu gelu silu mish', { network: `flatten; dense 6; relu; dense 6; relu6; dense 6; leaky_relu .1; dense 6; elu .5; dense 6; selu; dense 6; gelu; dense 6; silu; dense 6; mish; dense classes; softmax` }),
  row('layer hard_silu hard_sigmoid sigmoid tanh softplus softsign softmax', { network: `flatten; dense 6; hard_silu; dense 6; hard_sigmoid; dense 6; tanh; dense 6; softplus; dense 6; softsign; dense 6; softmax; dense 6; sigmoid; dense classes; softmax` }),
  row('layer conv dense depthwise_conv separable_conv conv_transpose; regularizer l1 l2 l1_l2', {
    network: `conv 2 activation=relu activity_regularizer=l1(.02); depthwise_conv 2 activity_regularizer=l2(.01); repeat 2 < separable_conv 3 1 activity_regularizer=l1_l2(l1=.01, l2=.02); dropout .5 >; conv_transpose 2 2 activity_regularizer=l2; flatten; dense classes activation=softmax activity_regularizer=l2(.5)`,
    compile: 'optimizer sgd lr=.02; metrics accuracy',
  }),
  row('layer batch_norm layer_norm', { network: `conv 3; batch_norm gamma_initializer=constant(.5) gamma_regularizer=l2(.1) beta_constraint=max_norm(.1) moving_mean_initializer=constant(.2); tanh; layer_norm beta_regularizer=l1(.1) gamma_constraint=non_neg; ${end}` }),
  row('layer conv batch_norm', { network: `conv 3 trainable=off; batch_norm trainable=off; tanh; conv 3 bias=off; batch_norm; ${end}` }),
  row('regularizer l1 l2 l1_l2; constraint max_norm min_max_norm unit_norm non_neg', {
    network: `conv 3 kernel_regularizer=l1_l2(l1=.01, l2=.02) bias_regularizer=l2(.5) kernel_constraint=max_norm(.5, axis=[0, 1, 2]); tanh; flatten; dense 4 kernel_regularizer=l1 kernel_constraint=min_max_norm(min_value=.5, max_value=1, rate=.75) bias_constraint=non_neg; tanh; dense 4 kernel_constraint=unit_norm(axis=-1); tanh; dense classes kernel_constraint=min_max_norm(min_value=.5, max_value=.25); softmax`,
  }),

  // Zeros, at which slopes have two sides: each is the one that TensorFlow takes.
  row('layer selu elu leaky_relu prelu relu6', { network: `branch ${['selu', 'elu .5', 'leaky_relu .1', 'prelu', 'relu6'].map((word) => `< conv 2 kernel_initializer=zeros; ${word} >`).join(' ')} merge=concat; ${end}` }),
  // ------------------------------------------------------------ structure
  row('structure repeat residual branch cell let', {
    before: 'let f=2\ncell block(n) < residual < conv n same; tanh > >\n',
    network: `conv f same; repeat 2 as i < block f >; residual project < conv 3 same >; branch < conv 2 > < conv 2 > merge=average; branch < > < tanh > merge=add; ${end}`,
  }),

  // ------------------------------------------------------------ before the network
  row('preprocess scale offset samplewise_center samplewise_std_normalization', { preprocess: 'scale 1/127.5; offset -1; samplewise_center; samplewise_std_normalization', network: small }),
  row('preprocess featurewise_center featurewise_std_normalization', { preprocess: 'scale 1/255; featurewise_center; featurewise_std_normalization', network: small }),
  row('preprocess zca_whitening', { preprocess: 'scale 1/255; featurewise_center; zca_whitening', network: small }),
  row('preprocess mean_std', { preprocess: 'mean_std mean=[.48, .45, .4] std=[.22, .22, .22]', network: small }),
  row('augment rotation width_shift height_shift zoom shear random_crop horizontal_flip vertical_flip fill', {
    augment: 'rotation 20 p=.7; width_shift .2; height_shift 1px; zoom .2; shear 10; random_crop .7 p=.5; horizontal_flip; vertical_flip p=.3; fill reflect', network: small,
  }),
  row('augment channel_shift brightness contrast saturation hue blur noise erase', {
    augment: 'channel_shift 30; brightness .5..1.5 p=.5; contrast .5..2; saturation .2..2; hue 60 p=.8; blur 2; noise 9 p=.5; erase .4 p=.9', network: small,
  }),
  row('augment mixup', { augment: 'horizontal_flip; noise 5; mixup .4 p=.7', network: 'conv 2; dropout .5; flatten; dense classes; softmax', compile: 'optimizer sgd lr=.05; metrics accuracy' }),
  row('augment cutmix', { augment: 'cutmix', network: small }),

  // ------------------------------------------------------------ optimizers and schedules
  row('optimizer adam; schedule exponential_decay; compile optimizer loss metrics', { network: small, compile: 'optimizer adam lr=exponential_decay(.01, steps=4, rate=.5) amsgrad clipnorm=.1; metrics accuracy top_k(2)' }),
  row('optimizer adamw; schedule inverse_time_decay', { network: small, compile: 'optimizer adamw lr=inverse_time_decay(.01, steps=4, rate=.5, staircase=on) weight_decay=.1 ema ema_momentum=.9' }),
  row('optimizer nadam; schedule cosine_decay', { network: small, compile: 'optimizer nadam lr=cosine_decay(.001, steps=10, alpha=.1, warmup_target=.01, warmup_steps=5) global_clipnorm=.2' }),
  row('optimizer adamax; schedule cosine_decay_restarts', { network: small, compile: 'optimizer adamax lr=cosine_decay_restarts(.01, steps=3, t_mul=2, m_mul=.5, alpha=.1) clipvalue=.02 ema ema_momentum=.8 ema_overwrite_frequency=3' }),
  row('optimizer sgd; schedule piecewise', { network: small, compile: 'optimizer sgd lr=piecewise([3, 10], [.1, .01, .2]) momentum=.9 nesterov weight_decay=.05 clipnorm=1' }),
  row('optimizer rmsprop; schedule polynomial_decay', { network: small, compile: 'optimizer rmsprop lr=polynomial_decay(.01, steps=8, end=.001, power=2, cycle=on) momentum=.5 centered epsilon=.001 ema ema_momentum=.5 ema_overwrite_frequency=7' }),
  row('optimizer adagrad; schedule one_cycle', { network: small, compile: 'optimizer adagrad lr=one_cycle(.1, steps=15, pct_start=.4) weight_decay=.1' }),
  row('optimizer adadelta', { network: small, compile: 'optimizer adadelta lr=1 epsilon=.0001 ema' }),
  row('optimizer lamb', { network: small, compile: 'optimizer lamb lr=.05 weight_decay=.1 clipnorm=.5' }),
  row('optimizer lamb; schedule exponential_decay', { network: small, compile: 'optimizer lamb lr=exponential_decay(.1, steps=3, rate=.5) gradient_accumulation_steps=2 global_clipnorm=.1 ema ema_momentum=.5 ema_overwrite_frequency=2' }),
  row('optimizer nadam', { network: small, compile: 'optimizer nadam lr=.01 gradient_accumulation_steps=3' }),
  row('optimizer lion', { network: small, compile: 'optimizer lion lr=.001 weight_decay=.5' }),
  row('optimizer ftrl', { network: small, compile: 'optimizer ftrl lr=.05 learning_rate_power=-.6 l1_regularization_strength=.01 l2_regularization_strength=.1 l2_shrinkage_regularization_strength=.1 beta=.1 initial_accumulator_value=.2' }),

  // ------------------------------------------------------------ losses and metrics
  row('loss categorical_crossentropy; metric categorical_crossentropy sparse_categorical_crossentropy accuracy top_k precision recall auc f1 kl_divergence categorical_hinge', {
    network: small,
    compile: 'optimizer sgd lr=.05; loss categorical_crossentropy label_smoothing=.1; metrics categorical_crossentropy(label_smoothing=.2) sparse_categorical_crossentropy accuracy top_k(2) precision recall(class_id=1) precision(top_k=2, threshold=.2) auc f1 kl_divergence categorical_hinge',
  }),
  row('loss sparse_categorical_crossentropy; metric auc f1', {
    labels: 'sparse',
    network: `${vector} dense classes`,
    compile: 'optimizer sgd lr=.05; loss sparse_categorical_crossentropy from_logits; metrics accuracy sparse_categorical_crossentropy(from_logits=on) categorical_crossentropy(from_logits=on) auc(from_logits=on, num_thresholds=20) f1(average=weighted)',
  }),
  row('loss binary_crossentropy; metric binary_crossentropy accuracy precision recall auc f1', {
    labels: 'binary',
    network: `${vector} dense 1; sigmoid`,
    compile: 'optimizer sgd lr=.05; loss binary_crossentropy label_smoothing=.1; metrics binary_crossentropy accuracy(threshold=.4) precision recall auc(curve=pr) f1(threshold=.5)',
  }),
  row('metric binary_crossentropy auc f1 hinge squared_hinge', {
    labels: 'multilabel',
    network: `${vector} dense classes`,
    compile: 'optimizer sgd lr=.05; loss binary_crossentropy from_logits; metrics binary_crossentropy(from_logits=on) auc(curve=pr, summation_method=majoring, num_thresholds=50, from_logits=on) hinge squared_hinge f1(average=micro, threshold=.5) precision(class_id=2)',
  }),
  row('metric auc', { labels: 'multilabel', network: `${vector} dense classes; sigmoid`, compile: 'optimizer sgd lr=.05; metrics auc(summation_method=minoring) binary_crossentropy(label_smoothing=.1)' }),
  row('loss mse; metric mse mae mape msle rmse r2 huber log_cosh cosine_similarity poisson', {
    labels: 'values',
    network: `${vector} dense classes; softplus`,
    compile: 'optimizer sgd lr=.05; loss mse; metrics mse mae mape msle rmse r2 huber(delta=.5) log_cosh cosine_similarity poisson',
  }),
  row('metric r2', { labels: 'values', network: `${vector} dense classes`, compile: 'optimizer sgd lr=.05; loss mae; metrics r2(class_aggregation=variance_weighted_average)' }),
  ...['mae', 'mape', 'msle', 'huber delta=.4', 'log_cosh', 'poisson', 'cosine_similarity', 'kl_divergence', 'hinge', 'squared_hinge', 'categorical_hinge'].map((loss) =>
    row(`loss ${loss.split(' ')[0]}`, { labels: labelled(loss), network: `${vector} dense classes${loss.startsWith('kl') ? '; softmax' : /^(msle|poisson|mape)/.test(loss) ? '; softplus' : ''}`, compile: `optimizer sgd lr=${/mape/.test(loss) ? '.0005' : '.05'}; loss ${loss}` }),
  ),
  row('loss categorical_focal_crossentropy', { network: small, compile: 'optimizer sgd lr=.05; loss categorical_focal_crossentropy label_smoothing=.1' }),
  row('loss categorical_focal_crossentropy', { network: `${vector} dense classes`, compile: 'optimizer sgd lr=.05; loss categorical_focal_crossentropy from_logits alpha=.5 gamma=1.5' }),
  row('loss categorical_generalized_crossentropy', { network: small, compile: 'optimizer sgd lr=.05; loss categorical_generalized_crossentropy q=.7' }),
  row('loss sparse_categorical_crossentropy; metric sparse_categorical_crossentropy', { labels: 'sparse', network: small, compile: 'optimizer sgd lr=.05; loss sparse_categorical_crossentropy ignore_class=1; metrics sparse_categorical_crossentropy(ignore_class=0)' }),
  row('loss binary_focal_crossentropy', { labels: 'multilabel', network: `${vector} dense classes; sigmoid`, compile: 'optimizer sgd lr=.05; loss binary_focal_crossentropy apply_class_balancing alpha=.7 gamma=3' }),
];

/** Whole runs, beside the trainer's own loop: nothing is drawn. */
export const runs: readonly Row[] = [
  run('fit epochs batch shuffle seed', { fit: 'epochs 2; seed 3' }),
  run('fit steps_per_epoch', { fit: 'epochs 4; steps_per_epoch 2' }),
  run('fit class_weight', { fit: 'epochs 2; class_weight balanced' }),
  run('fit class_weight', { fit: 'epochs 2; class_weight { a 2; b .5 }' }),
  run('fit sampling', { fit: 'epochs 2; sampling oversample' }),
  run('source csv; fit class_weight', { data: 'csv "words.csv" weight="w"', fit: 'epochs 2; class_weight { b 3 }' }),
  run('source csv', { data: 'csv "words.csv" weight="w"', fit: 'epochs 2' }),
  run('fit early_stopping', { fit: 'epochs 12; early_stopping monitor=loss mode=max patience=2 restore_best start_from_epoch=1' }),
  run('fit early_stopping', { fit: 'epochs 12; early_stopping monitor=val_accuracy min_delta=.1' }),
  run('fit early_stopping checkpoint', { fit: 'epochs 12; early_stopping monitor=loss patience=3 baseline=.2 restore_best; checkpoint best monitor=loss initial_value_threshold=1' }),
  run('fit reduce_lr csv_log', { fit: 'epochs 9; reduce_lr monitor=loss mode=max factor=.5 patience=2 cooldown=1 min_lr=.02; csv_log separator=";"' }),
  run('fit reduce_lr', { fit: 'epochs 5; reduce_lr patience=1 min_delta=.5' }),
  run('fit checkpoint', { fit: 'epochs 5; checkpoint every=2' }),
  run('fit checkpoint', { fit: 'epochs 4; checkpoint best monitor=val_accuracy' }),
  run('schedule cosine_decay; optimizer adam', { compile: 'optimizer adam lr=cosine_decay(.01, steps=7) ema ema_momentum=.5; metrics accuracy auc', fit: 'epochs 3; early_stopping monitor=val_auc patience=1 restore_best' }),
];

function run(words: string, { data, compile: how = 'optimizer sgd lr=.1; metrics accuracy', fit }: Pick<Parts, 'data' | 'compile' | 'fit'>): Row {
  return row(words, { labels: 'sparse', ...(data ? { data } : {}), network: 'conv 2 2; tanh; flatten; dense classes; softmax', compile: how, fit: `${fit}; batch 5; shuffle off` });
}

/** Words that say nothing to generated code, and why. */
export const without: Readonly<Record<string, string>> = {
  'section *': 'holds settings',
  'source *': 'generated code is given pictures and labels as tensors',
  'data *': 'generated code is given pictures and labels as tensors',
  'structure import': 'brings cells from other files: what they are is compared',
  'fit tensorboard': 'writes files; fit tells the same numbers to onEpoch',
  'fit validation': 'the parts are given apart',
  'fit stop_on_nan': 'parts.test.ts',
  'budget *': 'limits what may be compiled',
  'plot *': 'is drawn by cnnc run',
  'compile precision': 'TensorFlow.js computes in float32: CNN1249',
};
