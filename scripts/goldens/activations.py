"""Activations of Keras and their slopes in float64, for test/compiler/graph/lower.test.ts. Run by hand: python scripts/goldens/activations.py"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")
x = np.array([[-50, -7, -4, -3, -1.5], [-1, -0.25, -1e-6, 0, 1e-6], [0.25, 1, 2.5, 3, 4], [6, 6.5, 9, 30, 50]], "float64")
# A slope exact in float32, in which TensorFlow keeps it.
layers = {
    "relu": keras.layers.ReLU(), "relu6": keras.layers.Activation("relu6"), "leaky_relu": keras.layers.LeakyReLU(0.25), "elu": keras.layers.ELU(0.5),
    "selu": keras.layers.Activation("selu"), "gelu": keras.layers.Activation(lambda v: keras.activations.gelu(v, approximate=False)), "silu": keras.layers.Activation("silu"),
    "hard_sigmoid": keras.layers.Activation("hard_sigmoid"), "sigmoid": keras.layers.Activation("sigmoid"), "tanh": keras.layers.Activation("tanh"),
    "softplus": keras.layers.Activation("softplus"), "softsign": keras.layers.Activation("softsign"), "softmax": keras.layers.Activation("softmax"),
}


def numbers(array):
    return [float(f"{v:.13g}") for v in np.asarray(array, "float64").ravel()]


cases = {}
weights = np.cos(np.arange(20.0)).reshape(4, 5)  # so that a softmax has slopes
for word, layer in layers.items():
    inputs = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = layer(inputs)
        total = tf.reduce_sum(y * weights)
    cases[word] = {"y": numbers(y), "slope": numbers(tape.gradient(total, inputs))}

content = {"about": "Made by scripts/goldens/activations.py; do not edit.", "keras": keras.__version__, "x": numbers(x), "weights": numbers(weights), "cases": cases}
with open(os.path.join(os.path.dirname(__file__), "..", "..", "test", "goldens", "activations.json"), "w") as file:
    file.write(json.dumps(content) + "\n")
