"""Losses of Keras, per sample and with gradients, for test/compiler/graph/losses.test.ts. Run by hand: python scripts/goldens/losses.py

Logits as Keras recovers them from a softmax or sigmoid; probabilities from elsewhere, where it clips: some of them exactly 0
and 1, some rows not of sum 1.
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")
random = np.random.RandomState(0)
probabilities = random.uniform(0.05, 1, (6, 3))
probabilities[1] = [1, 0, 0]
probabilities[2] = [0, 1, 0]
probabilities[3] = [0.2, 0.3, 0.5]
probabilities[4] = [1e-9, 0.25, 0.5]
logits = random.normal(size=(6, 3)) * 3
logits[1] = [0, 0, 0]
logits[2] = [300, -300, 0]
logits[3] = [20, -20, -40]
classes = np.array([0, 0, 2, 1, 0, 2], "int32")
rows = np.array([[1, 0, 1], [1, 0, 0], [1, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0]], "float64")


def per_sample(loss, y, x):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        values = loss(tf.constant(y), x)
        total = tf.reduce_mean(values)
    return values.numpy(), tape.gradient(total, x).numpy()


def numbers(array):
    return [float(f"{v:.13g}") for v in np.asarray(array, "float64").ravel()]


cases = []
for from_logits in (False, True):
    for smoothing in (0.0, 0.1):
        inputs = logits if from_logits else probabilities
        one_hot = keras.utils.to_categorical(classes, 3)
        forms = [("categorical_crossentropy", keras.losses.categorical_crossentropy, one_hot, "classes"),
                 ("binary_crossentropy", keras.losses.binary_crossentropy, rows, "rows")]
        for kind, function, y, targets in forms:
            loss, gradient = per_sample(lambda t, p: function(t, p, from_logits=from_logits, label_smoothing=smoothing), y, inputs)
            cases.append(dict(kind=kind, from_logits=from_logits, label_smoothing=smoothing, targets=targets, loss=numbers(loss), gradient=numbers(gradient)))
    loss, gradient = per_sample(lambda t, p: keras.losses.sparse_categorical_crossentropy(t, p, from_logits=from_logits), classes, logits if from_logits else probabilities)
    cases.append(dict(kind="sparse_categorical_crossentropy", from_logits=from_logits, label_smoothing=0, targets="classes", loss=numbers(loss), gradient=numbers(gradient)))
loss, gradient = per_sample(keras.losses.mean_squared_error, keras.utils.to_categorical(classes, 3), probabilities)
cases.append(dict(kind="mse", from_logits=False, label_smoothing=0, targets="classes", loss=numbers(loss), gradient=numbers(gradient)))

path = os.path.join(os.path.dirname(__file__), "..", "..", "test", "goldens", "losses.json")
content = {"about": "Made by scripts/goldens/losses.py; do not edit.", "keras": keras.__version__,
           "probabilities": numbers(probabilities), "logits": numbers(logits), "classes": classes.tolist(), "rows": numbers(rows)}
with open(path, "w") as file:
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in content.items()]
    file.write("{\n" + ",\n".join(lines) + ',\n"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]\n}\n")
