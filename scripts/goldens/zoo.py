"""Parameter counts of well-known networks, as Keras Applications builds them, and of those that it does not have, built here.

    python scripts/goldens/zoo.py > test/goldens/zoo.json

Keras Applications: VGG16, ResNet50, MobileNet, DenseNet121, Xception, with weights=None and 1000 classes.
Built here layer by layer from the papers: LeNet-5 (LeCun et al. 1998, with full connections between S2 and C3), AlexNet (Krizhevsky
2014, "One weird trick", the form of torchvision: 61,100,840), ResNet-18 (He et al. 2015, without biases, the form of torchvision:
11,689,512 trainable), SqueezeNet 1.0 (Iandola et al. 2016, the form of torchvision: 1,248,424), GoogLeNet (Szegedy et al. 2014,
without its auxiliary heads and local response normalisation, the form of Caffe's BVLC model: 6,998,552).
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
from keras import layers as L


def lenet():
    x = inputs = keras.Input((28, 28, 1))
    x = L.Conv2D(6, 5, padding="same", activation="tanh")(x)
    x = L.AveragePooling2D(2)(x)
    x = L.Conv2D(16, 5, activation="tanh")(x)
    x = L.AveragePooling2D(2)(x)
    x = L.Flatten()(x)
    for units in (120, 84):
        x = L.Dense(units, activation="tanh")(x)
    return keras.Model(inputs, L.Dense(10, activation="softmax")(x))


def alexnet():
    x = inputs = keras.Input((224, 224, 3))
    x = L.Conv2D(64, 11, strides=4, activation="relu")(L.ZeroPadding2D(2)(x))
    x = L.MaxPooling2D(3, 2)(x)
    x = L.Conv2D(192, 5, padding="same", activation="relu")(x)
    x = L.MaxPooling2D(3, 2)(x)
    for filters in (384, 256, 256):
        x = L.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = L.Flatten()(L.MaxPooling2D(3, 2)(x))
    for units in (4096, 4096):
        x = L.Dense(units, activation="relu")(L.Dropout(0.5)(x))
    return keras.Model(inputs, L.Dense(1000, activation="softmax")(x))


def resnet18():
    def norm(x, filters, size, stride):
        pad = size // 2
        x = L.Conv2D(filters, size, strides=stride, use_bias=False)(L.ZeroPadding2D(pad)(x) if pad else x)
        return L.BatchNormalization()(x)

    x = inputs = keras.Input((224, 224, 3))
    x = L.ReLU()(norm(x, 64, 7, 2))
    x = L.MaxPooling2D(3, 2)(L.ZeroPadding2D(1)(x))
    for filters, first in ((64, 1), (128, 2), (256, 2), (512, 2)):
        for stride in (first, 1):
            shortcut = x if stride == 1 and x.shape[-1] == filters else norm(x, filters, 1, stride)
            x = norm(L.ReLU()(norm(x, filters, 3, stride)), filters, 3, 1)
            x = L.ReLU()(L.Add()([x, shortcut]))
    return keras.Model(inputs, L.Dense(1000, activation="softmax")(L.GlobalAveragePooling2D()(x)))


def squeezenet():
    def fire(x, squeeze, expand):
        x = L.Conv2D(squeeze, 1, activation="relu")(x)
        return L.Concatenate()([L.Conv2D(expand, 1, activation="relu")(x), L.Conv2D(expand, 3, padding="same", activation="relu")(x)])

    x = inputs = keras.Input((224, 224, 3))
    x = L.MaxPooling2D(3, 2)(L.Conv2D(96, 7, strides=2, activation="relu")(x))
    for squeeze, expand in ((16, 64), (16, 64), (32, 128)):
        x = fire(x, squeeze, expand)
    x = L.MaxPooling2D(3, 2)(x)
    for squeeze, expand in ((32, 128), (48, 192), (48, 192), (64, 256)):
        x = fire(x, squeeze, expand)
    x = fire(L.MaxPooling2D(3, 2)(x), 64, 256)
    x = L.Conv2D(1000, 1, activation="relu")(L.Dropout(0.5)(x))
    return keras.Model(inputs, L.Softmax()(L.GlobalAveragePooling2D()(x)))


def googlenet():
    def conv(x, filters, size, stride=1):
        return L.Conv2D(filters, size, strides=stride, padding="same", activation="relu")(x)

    def inception(x, one, three_in, three, five_in, five, pooled):
        return L.Concatenate()(
            [
                conv(x, one, 1),
                conv(conv(x, three_in, 1), three, 3),
                conv(conv(x, five_in, 1), five, 5),
                conv(L.MaxPooling2D(3, 1, padding="same")(x), pooled, 1),
            ]
        )

    def pool(x):
        return L.MaxPooling2D(3, 2, padding="same")(x)

    x = inputs = keras.Input((224, 224, 3))
    x = pool(conv(x, 64, 7, 2))
    x = pool(conv(conv(x, 64, 1), 192, 3))
    for row in ((64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64)):
        x = inception(x, *row)
    x = pool(x)
    for row in ((192, 96, 208, 16, 48, 64), (160, 112, 224, 24, 64, 64), (128, 128, 256, 24, 64, 64), (112, 144, 288, 32, 64, 64), (256, 160, 320, 32, 128, 128)):
        x = inception(x, *row)
    x = pool(x)
    for row in ((256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)):
        x = inception(x, *row)
    x = L.Dropout(0.4)(L.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, L.Dense(1000, activation="softmax")(x))


A = keras.applications
models = {
    "lenet-5": lenet(),
    "alexnet": alexnet(),
    "vgg-16": A.VGG16(weights=None),
    "resnet-18": resnet18(),
    "resnet-50": A.ResNet50(weights=None),
    "inception-v1": googlenet(),
    "mobilenet": A.MobileNet(weights=None),
    "densenet-121": A.DenseNet121(weights=None),
    "squeezenet": squeezenet(),
    "xception": A.Xception(weights=None),
}
count = lambda variables: int(sum(v.shape and __import__("math").prod(v.shape) or 1 for v in variables))
print(json.dumps({name: {"total": m.count_params(), "trainable": count(m.trainable_weights), "input": list(m.input_shape[1:]), "classes": m.output_shape[1]} for name, m in models.items()}, indent=1))
