"""Changed colours for test/compiler/graph/colours.test.ts: by Keras's ImageDataGenerator and layers, by PIL, by SciPy, and hue by a
matrix of NumPy. Run by hand: python scripts/goldens/colours.py"""
import json
import os
import numpy as np
from PIL import Image, ImageEnhance
from scipy import ndimage
from keras import layers
from keras.src.legacy.preprocessing.image import apply_brightness_shift, apply_channel_shift

rng = np.random.default_rng(11)
image = ndimage.zoom(rng.uniform(0, 255, (4, 5, 3)), (3, 3, 1), order=1)[:11, :13].round()
H, W, _ = image.shape


def contrast(x, factor):
    layer = layers.RandomContrast(0.5)
    return np.clip(np.asarray(layer._adjust_contrast(x[None].astype("f4"), np.float32(factor)))[0], 0, 255)


def hue(x, degrees):
    to = np.array([[0.299, 0.587, 0.114], [0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]])
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    return np.clip(x @ (np.linalg.inv(to) @ turn @ to).T, 0, 255)


def blur(x, sigma):
    side = np.exp(-1 / (2 * sigma**2))
    kernel = np.array([side, 1, side]) / (1 + 2 * side)
    out = ndimage.correlate1d(x, kernel, axis=0, mode="nearest")
    return ndimage.correlate1d(out, kernel, axis=1, mode="nearest")


def erase(x, box, value):
    out = x.copy()
    out[box[0]:box[1], box[2]:box[3]] = value
    return out


# tolerance: levels. Keras and PIL give whole levels for brightness and saturation. Edges of a blur are left out.
cases = []
for kind, numbers, out, tolerance, edge in [
    ("channel_shift", [37.5], apply_channel_shift(image.copy(), 37.5, channel_axis=2), 0.001, 0),
    ("channel_shift", [-90.0], apply_channel_shift(image.copy(), -90.0, channel_axis=2), 0.001, 0),
    ("brightness", [0.6], apply_brightness_shift(image.copy(), 0.6, False), 1.001, 0),
    ("brightness", [1.7], apply_brightness_shift(image.copy(), 1.7, False), 1.001, 0),
    ("contrast", [0.5], contrast(image, 0.5), 0.01, 0),
    ("contrast", [1.8], contrast(image, 1.8), 0.01, 0),
    ("saturation", [0.3], np.asarray(ImageEnhance.Color(Image.fromarray(image.astype("u1"))).enhance(0.3), "f8"), 1.5, 0),
    ("saturation", [1.6], np.asarray(ImageEnhance.Color(Image.fromarray(image.astype("u1"))).enhance(1.6), "f8"), 1.7, 0),
    ("hue", [float(np.cos(np.radians(40))), float(np.sin(np.radians(40)))], hue(image, 40), 0.6, 0),
    ("hue", [float(np.cos(np.radians(-100))), float(np.sin(np.radians(-100)))], hue(image, -100), 0.6, 0),
    ("blur", [0.7], blur(image, 0.7), 0.01, 1),
    ("blur", [1.0], blur(image, 1.0), 0.01, 1),
    ("erase", [2.0, 6.0, 3.0, 11.0], erase(image, [2, 6, 3, 11], 99), 0, 0),
    ("erase", [0.0, 0.0, 0.0, 0.0], image, 0, 0),
]:
    cases.append({"kind": kind, "numbers": numbers, "tolerance": tolerance, "edge": edge, "out": [round(float(v), 4) for v in np.asarray(out).ravel()]})
path = os.path.join(os.path.dirname(__file__), "..", "..", "test", "fixtures", "augment", "colours.json")
with open(path, "w") as f:
    f.write('{"shape": [%d, %d, 3],\n "image": %s,\n "cases": [\n' % (H, W, json.dumps(image.ravel().astype(int).tolist())) + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
