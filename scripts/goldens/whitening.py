"""What Keras's ImageDataGenerator makes of pictures with zca_whitening, for test/runtime/data/whitening.test.ts.
Run by hand: python scripts/goldens/whitening.py"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import numpy as np
from keras.src.legacy.preprocessing.image import ImageDataGenerator

random = np.random.default_rng(3)
cases = []
# More pictures than numbers, and fewer: then Keras leaves out the directions that no picture has.
for count, shape, epsilon in ((40, (3, 4, 1), 1e-6), (30, (2, 3, 3), 0.5), (7, (3, 3, 3), 0.01)):
    smooth = random.normal(size=(count, 1, 1, shape[2])) * 30 + 120
    images = np.clip(smooth + random.normal(size=(count, *shape)) * 25, 0, 255).astype("uint8")
    generator = ImageDataGenerator(rescale=1 / 255, zca_whitening=True, zca_epsilon=epsilon, dtype="float64")
    generator.fit(images)
    out = np.stack([generator.standardize(image.astype("float64")) for image in images])
    cases.append({"shape": shape, "count": count, "epsilon": epsilon, "images": images.ravel().tolist(), "out": [float(f"{v:.10g}") for v in out.ravel()]})

path = os.path.join(os.path.dirname(__file__), "../../test/goldens/whitening.json")
with open(path, "w") as file:
    file.write(json.dumps({"about": "Made by scripts/goldens/whitening.py; do not edit.", "cases": cases}, separators=(",", ":")) + "\n")
