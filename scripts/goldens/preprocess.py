"""What Keras's ImageDataGenerator makes of images before the network, for test/compiler/graph/preprocess.test.ts.
Run by hand: python scripts/goldens/preprocess.py"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
from keras.src.legacy.preprocessing.image import ImageDataGenerator

random = np.random.RandomState(0)
images = random.randint(0, 256, (5, 4, 3, 3)).astype("uint8")
images[1] = 7  # no spread: only the 1e-6 keeps the division finite


def numbers(array):
    return [float(f"{v:.13g}") for v in np.asarray(array, "float64").ravel()]


cases = []
for options in (
    dict(rescale=1 / 255),
    dict(samplewise_center=True),
    dict(rescale=1 / 255, samplewise_center=True, samplewise_std_normalization=True),
    dict(rescale=1 / 127.5, featurewise_center=True),
    dict(rescale=1 / 255, featurewise_center=True, featurewise_std_normalization=True),
    dict(rescale=1 / 255, samplewise_center=True, samplewise_std_normalization=True, featurewise_center=True, featurewise_std_normalization=True),
):
    generator = ImageDataGenerator(dtype="float64", **options)
    # Keras's fit sees only rescaled images; the language's statistics are of images preprocessed up to that point.
    before = ImageDataGenerator(dtype="float64", **{k: v for k, v in options.items() if not k.startswith("featurewise")})
    prepared = np.stack([before.standardize(image.astype("float64")) for image in images])
    mean, std = prepared.mean((0, 1, 2)), prepared.std((0, 1, 2))
    generator.mean, generator.std = mean, std
    out = np.stack([generator.standardize(image.astype("float64")) for image in images])
    cases.append({"options": options, "mean": numbers(mean), "std": numbers(std), "prepared": numbers(prepared), "out": numbers(out)})

path = os.path.join(os.path.dirname(__file__), "..", "..", "test", "goldens", "preprocess.json")
with open(path, "w") as file:
    file.write(json.dumps({"about": "Made by scripts/goldens/preprocess.py; do not edit.", "keras": keras.__version__, "shape": images.shape,
                           "images": images.ravel().tolist(), "cases": cases}) + "\n")
