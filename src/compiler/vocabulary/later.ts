/**
 * Words of the language that this version knows but cannot run yet. Using one is an error of its own,
 * not an unknown word; explain and completion leave them out or say so.
 */
import type { Group, Word } from './types.ts';

const list = (group: Group, section: string, words: Readonly<Record<string, string | readonly [string, ...string[]]>>): readonly Word[] =>
  Object.entries(words).map(([word, entry]) => {
    const [doc, ...keras] = typeof entry === 'string' ? [entry] : entry;
    return { word, group, doc, keras, params: [], in: [section], example: word, later: true, repeats: true };
  });

export const laterWords: readonly Word[] = [
  ...list('structure', 'top', {
    report: 'What the report shows.',
    serve: 'What the page shows.',
    budget: 'Limits that are checked before anything trains.',
  }),
  ...list('source', 'data', {
    csv: ['Paths and labels in a table.', 'flow_from_dataframe', 'dataframe'],
    npy: 'One NumPy array a file.',
    cifar: ['The binary batches of CIFAR.', 'cifar10', 'cifar100'],
  }),
  ...list('preprocess', 'preprocess', { zca_whitening: ['Decorrelates pixels.', 'zca', 'zca_epsilon'] }),
  ...list('augment', 'augment', {
    shear: ['Slants pictures.', 'shear_range'],
    channel_shift: ['Adds one number to all channels.', 'channel_shift_range'],
    brightness: ['Makes pictures lighter or darker.', 'brightness_range', 'RandomBrightness'],
    contrast: ['Changes contrast.', 'RandomContrast'],
    saturation: ['Changes the strength of colours.', 'RandomSaturation'],
    hue: ['Turns colours.', 'RandomHue'],
    erase: ['Blanks a rectangle.', 'RandomErasing', 'cutout'],
    random_crop: ['Cuts a part out.', 'RandomCrop'],
    blur: ['Blurs.', 'RandomGaussianBlur'],
    noise: ['Adds noise.'],
    mixup: ['Mixes two pictures and their labels.', 'MixUp'],
    cutmix: ['Puts a part of one picture into another.', 'CutMix'],
    rand_augment: ['A random choice of changes.', 'RandAugment'],
  }),
  ...list('layer', 'network', {
    separable_conv: ['A convolution in two steps.', 'SeparableConv2D', 'SeparableConvolution2D'],
    depthwise_conv: ['A convolution of each channel on its own.', 'DepthwiseConv2D'],
    conv_transpose: ['A convolution that enlarges.', 'Conv2DTranspose', 'deconv'],
    layer_norm: ['Normalises each sample.', 'LayerNormalization'],
    group_norm: ['Normalises groups of channels.', 'GroupNormalization'],
    spatial_dropout: ['Drops whole channels.', 'SpatialDropout2D'],
    gaussian_noise: ['Adds noise while training.', 'GaussianNoise'],
    gaussian_dropout: ['Multiplies by noise while training.', 'GaussianDropout'],
    reshape: ['Gives the numbers another shape.', 'Reshape'],
    permute: ['Exchanges dimensions.', 'Permute'],
    upsample: ['Enlarges by repeating.', 'UpSampling2D', 'upsampling'],
    zero_pad: ['Surrounds with zeros.', 'ZeroPadding2D', 'padding'],
    cropping: ['Cuts the edges off.', 'Cropping2D'],
    rescale: ['Scales and shifts inside the network.', 'Rescaling'],
    prelu: ['A leaky relu with a trained slope.', 'PReLU'],
    mish: ['x times the tanh of its softplus.', 'Mish'],
    hard_silu: ['x times its hard sigmoid.', 'hard_swish', 'HardSwish'],
  }),
  ...list('optimizer', 'optimizer', {
    adamw: ['Adam with decoupled weight decay.', 'AdamW'],
    nadam: ['Adam with Nesterov momentum.', 'Nadam'],
    adamax: ['Adam with the infinity norm.', 'Adamax'],
    adagrad: ['Steps scaled by all squares so far.', 'Adagrad'],
    adadelta: ['Adagrad with a window.', 'Adadelta'],
    lion: ['Steps by the sign of the momentum.', 'Lion'],
    ftrl: ['Follow the regularised leader.', 'Ftrl'],
  }),
  ...list('loss', 'loss', {
    mae: ['Mean absolute error.', 'mean_absolute_error', 'MeanAbsoluteError'],
    mape: ['Mean absolute percentage error.', 'mean_absolute_percentage_error'],
    msle: ['Mean squared logarithmic error.', 'mean_squared_logarithmic_error'],
    huber: ['Squared near zero, absolute beyond.', 'Huber'],
    log_cosh: ['Logarithm of the hyperbolic cosine.', 'LogCosh'],
    hinge: ['Margin loss.', 'Hinge'],
    squared_hinge: ['Squared margin loss.', 'SquaredHinge'],
    categorical_hinge: ['Margin loss over classes.', 'CategoricalHinge'],
    kl_divergence: ['Kullback-Leibler divergence.', 'kullback_leibler_divergence', 'KLDivergence'],
    poisson: ['Poisson loss.', 'Poisson'],
    cosine_similarity: ['Angle between output and target.', 'CosineSimilarity'],
    categorical_focal_crossentropy: ['Cross-entropy that dwells on hard pictures.', 'CategoricalFocalCrossentropy', 'focal'],
    binary_focal_crossentropy: ['The same for yes-or-no labels.', 'BinaryFocalCrossentropy'],
  }),
  ...list('metric', 'metric', {
    precision: ['Share of right answers among those given.', 'Precision'],
    recall: ['Share of the right answers that were given.', 'Recall'],
    auc: ['Area under the curve.', 'AUC'],
    f1: ['Mean of precision and recall.', 'F1Score', 'f1_score'],
    rmse: ['Root of the mean squared error.', 'RootMeanSquaredError'],
    r2: ['Share of the variance explained.', 'R2Score'],
  }),
  ...list('compile', 'schedule', {
    exponential_decay: ['Falls by a factor every so many steps.', 'ExponentialDecay'],
    cosine_decay: ['Falls along a cosine.', 'CosineDecay', 'CosineDecayRestarts'],
    piecewise: ['Changes at given steps.', 'PiecewiseConstantDecay'],
    one_cycle: ['Rises, then falls.', 'OneCycleLR'],
    polynomial_decay: ['Falls along a power.', 'PolynomialDecay'],
  }),
  ...list('compile', 'compile', { precision: ['Number format of the computation.', 'mixed_precision'] }),
  ...list('fit', 'fit', {
    class_weight: ['Weight of each class in the loss.', 'class_weights'],
    sampling: 'How often each class is drawn.',
    steps_per_epoch: ['Steps in an epoch.', 'steps'],
    reduce_lr: ['Lowers the learning rate when a value no longer improves.', 'ReduceLROnPlateau', 'reduce_lr_on_plateau'],
    csv_log: ['Writes a table of the run.', 'CSVLogger'],
    tensorboard: ['Writes event files.', 'TensorBoard'],
  }),
];
