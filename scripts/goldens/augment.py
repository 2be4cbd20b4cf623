"""Warped pictures for test/runtime/augment/transforms.test.ts: by SciPy from the documented meaning of ImageDataGenerator, and by
Keras itself where it has that meaning (square pictures; its axes are swapped). Run by hand: python scripts/goldens/augment.py"""
import json
import os
import numpy as np
from scipy import ndimage
from keras.src.legacy.preprocessing.image import apply_affine_transform

rng = np.random.default_rng(3)


def by_scipy(image, theta, shift_x, shift_y, zoom_x, zoom_y, flip_x, flip_y, mode, slant=0.0):
    c, s = np.cos(theta), np.sin(theta)
    rotation = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    shift = np.array([[1, 0, shift_y], [0, 1, shift_x], [0, 0, 1]])
    zoom = np.diag([zoom_y, zoom_x, 1])
    cy, cx = (image.shape[0] - 1) / 2, (image.shape[1] - 1) / 2
    to = np.array([[1, 0, cy], [0, 1, cx], [0, 0, 1]])
    back = np.array([[1, 0, -cy], [0, 1, -cx], [0, 0, 1]])
    # On (row, column): rows move sideways, as in Keras 3.
    shear = np.array([[np.cos(slant), 0, 0], [-np.sin(slant), 1, 0], [0, 0, 1]])
    m = to @ rotation @ shift @ shear @ zoom @ back
    planes = [ndimage.affine_transform(image[..., k], m[:2, :2], m[:2, 2], order=1, mode=mode) for k in range(image.shape[2])]
    out = np.stack(planes, -1)
    out = out[:, ::-1] if flip_x else out
    return out[::-1] if flip_y else out


def by_keras(image, theta, shift_x, shift_y, zoom_x, zoom_y, flip_x, flip_y, mode, slant=0.0):
    # Keras 3 has rows and columns exchanged: its matrix acts on (column, row), so angle and order of the pairs turn round.
    out = apply_affine_transform(image.copy(), theta=-np.degrees(theta), tx=shift_x, ty=shift_y, shear=np.degrees(slant), zx=zoom_x, zy=zoom_y, row_axis=0, col_axis=1, channel_axis=2, fill_mode=mode)
    out = out[:, ::-1] if flip_x else out
    return out[::-1] if flip_y else out


names = ["theta", "shiftX", "shiftY", "zoomX", "zoomY", "flipX", "flipY", "shear"]
cases = []
for shape, by, mode, numbers in [
    ((7, 10, 1), "scipy", "nearest", (0.0, 0, 0, 1, 1, False, False)),
    ((7, 10, 3), "scipy", "nearest", (0.0, 2.0, 0, 1, 1, False, False)),
    ((7, 10, 1), "scipy", "nearest", (0.0, 0, -1.5, 1, 1, False, False)),
    ((7, 10, 1), "scipy", "nearest", (np.pi / 2, 0, 0, 1, 1, False, False)),
    ((7, 10, 1), "scipy", "nearest", (0.3, 1.2, -0.7, 0.8, 1.3, False, False)),
    ((7, 10, 3), "scipy", "nearest", (-0.5, 1.2, 2.7, 1.2, 0.7, True, False)),
    ((10, 7, 1), "scipy", "reflect", (0.9, -3.2, 1.1, 1.1, 0.9, False, True)),
    ((9, 9, 1), "scipy", "reflect", (-0.2, 0.6, 0.4, 1.4, 1.5, True, True)),
    ((9, 9, 3), "keras", "nearest", (0.4, 0, 0, 1, 1, False, False)),
    ((9, 9, 1), "keras", "nearest", (0.0, 2.3, 0, 1, 1, False, False)),
    ((9, 9, 1), "keras", "nearest", (0.0, 0, 1.3, 1, 1, True, False)),
    ((9, 9, 1), "keras", "reflect", (-0.7, 1.3, -0.4, 0.8, 1.2, True, True)),
    ((9, 9, 1), "keras", "nearest", (0.0, 0, 0, 1, 1, False, False, 0.4)),
    ((9, 9, 3), "keras", "nearest", (0.3, 1.3, -0.4, 0.8, 1.2, True, False, -0.6)),
    ((7, 10, 1), "scipy", "nearest", (-0.2, 0.4, 1.2, 1.1, 0.9, False, True, 0.5)),
]:
    image = rng.integers(0, 256, shape).astype("f8")
    out = (by_scipy if by == "scipy" else by_keras)(image, *numbers[:7], mode, *numbers[7:])
    cases.append({"by": by, "fill": mode, "shape": shape, "warp": dict(zip(names, numbers)), "image": image.ravel().astype(int).tolist(), "out": [round(float(v), 6) for v in out.ravel()]})
    check = by_scipy(image, *numbers[:7], mode, *numbers[7:])
    assert np.abs(out - check).max() < 1e-3, (by, numbers, np.abs(out - check).max())
here = os.path.join(os.path.dirname(__file__), "..", "..", "test", "fixtures", "augment")
os.makedirs(here, exist_ok=True)
with open(os.path.join(here, "warps.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
