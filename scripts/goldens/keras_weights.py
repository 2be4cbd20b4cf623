"""Goldens of test/runtime/train/keras-weights.test.ts: one small network saved in Keras's three forms of file, and what it predicts.

Writes test/fixtures/keras/small.weights.h5, small.keras, small.h5 and small.json (every weight as NumPy's, by cnnc's name, and predictions).
Run by hand: python scripts/goldens/keras_weights.py (Keras 3 on TensorFlow).
"""
import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import layers as L

OUT = Path(__file__).resolve().parents[2] / "test/fixtures/keras"
keras.utils.set_random_seed(1)
x = keras.Input((8, 8, 1))
y = L.Conv2D(3, 3, name="first")(x)
y = L.BatchNormalization()(y)
y = L.ReLU()(y)
y = L.Conv2D(4, 3, use_bias=False)(y)
y = L.BatchNormalization(scale=False)(y)
y = L.Flatten()(y)
y = L.Dense(5, activation="relu", name="zeta")(y)
y = L.Dense(3, activation="softmax", name="alpha")(y)
model = keras.Model(x, y)
model.compile("adam", "sparse_categorical_crossentropy")
pictures = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 1), dtype=np.uint8)
model.fit(pictures / 255.0, np.arange(4) % 3, epochs=2, verbose=0)

model.save_weights(OUT / "small.weights.h5")
model.save(OUT / "small.keras")
model.save(OUT / "small.h5")

ours = {"first": "conv_1", "conv2d": "conv_2", "batch_normalization": "batch_norm_1", "batch_normalization_1": "batch_norm_2", "zeta": "dense_1", "alpha": "dense_2"}
weights = {}
for layer in model.layers:
    for w in layer.weights:
        weights[f"{ours[layer.name]}/{w.name}"] = [float(v) for v in np.asarray(w).ravel()]
result = {"weights": weights, "pictures": pictures.ravel().tolist(), "predictions": model.predict(pictures / 255.0, verbose=0).tolist()}
(OUT / "small.json").write_text(json.dumps(result) + "\n")
