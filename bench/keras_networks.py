"""Networks with batch normalisation on Keras. usage: keras_networks.py resnet-18|mobilenet EPOCHS IMAGES → one JSON line.

The networks are those of bench/programs, word by word; the pictures are noise in memory, already scaled."""
import json, os, resource, sys, time
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
started = time.time()
import numpy as np
import keras
from keras import layers

name, epochs, images = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def conv(x, filters, kernel, strides=1, padding='same', relu=None):
    x = layers.BatchNormalization()(layers.Conv2D(filters, kernel, strides=strides, padding=padding, use_bias=False)(x))
    return layers.Activation(relu)(x) if relu else x


def basic(x, filters, strides=1):
    y = conv(conv(x, filters, 3, strides, relu='relu'), filters, 3)
    if strides > 1:
        x = conv(x, filters, 1, strides, padding='valid')
    return layers.Activation('relu')(layers.Add()([x, y]))


def separable(x, filters, strides=1):
    if strides > 1:
        x = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = layers.DepthwiseConv2D(3, strides=strides, padding='same' if strides == 1 else 'valid', use_bias=False)(x)
    x = layers.Activation('relu6')(layers.BatchNormalization()(x))
    return conv(x, filters, 1, relu='relu6')


keras.utils.set_random_seed(0)
size = {'resnet-18': 32, 'mobilenet': 96}[name]
inputs = keras.Input((size, size, 3))
if name == 'resnet-18':
    x = conv(inputs, 64, 3, relu='relu')
    for filters, strides in [(64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)]:
        x = basic(x, filters, strides)
    x = layers.GlobalAveragePooling2D()(x)
else:
    x = conv(inputs, 32, 3, 2, relu='relu6')
    for filters, strides in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + 5 * [(512, 1)] + [(1024, 2), (1024, 1)]:
        x = separable(x, filters, strides)
    x = layers.Dropout(.001)(layers.GlobalAveragePooling2D()(x))
model = keras.Model(inputs, layers.Dense(8, activation='softmax')(x))
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
random = np.random.default_rng(0)
x = random.random((images, size, size, 3), np.float32)
y = keras.utils.to_categorical(random.integers(0, 8, images), 8)
seconds, first = [], []


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.time()

    def on_train_batch_end(self, batch, logs=None):
        if not first:
            first.append(time.time() - started)

    def on_epoch_end(self, epoch, logs=None):
        seconds.append(time.time() - self.start)


model.fit(x, y, batch_size=32, epochs=epochs, verbose=0, callbacks=[Clock()])
print(json.dumps({'images_per_second': images / min(seconds), 'epochs': [images / s for s in seconds], 'first_batch_s': first[0], 'params': model.count_params(),
                  'peak_mb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
