"""Archives as NumPy writes them, for test/runtime/files/npz.test.ts. Run by hand: python scripts/goldens/npz.py"""
import os
import numpy as np

here = os.path.join(os.path.dirname(__file__), "..", "..", "test", "fixtures", "npz")
os.makedirs(here, exist_ok=True)
values = {
    "u1": np.arange(6, dtype="u1").reshape(2, 3),
    "i1": np.array([-1, 2], "i1"),
    "i2": np.array([-300, 2], "i2"),
    "u2": np.array([65535, 2], "u2"),
    "i4": np.array([[-(2**31)], [7]], "i4"),
    "i8": np.array([2**40, -1, 3], "i8"),
    "f4": np.array([0.5, -1.25, np.nan, np.inf], "f4"),
    "f8": np.array(0.1),
    "bool": np.array([True, False, True]),
    "big": np.array([1.5, -2.0], ">f4"),
    "big_i8": np.array([1, -2], ">i8"),
    "fortran": np.asfortranarray(np.arange(24, dtype="f4").reshape(2, 3, 4)),
    "empty": np.zeros((0, 3), "f4"),
    "conv_1/kernel": np.ones((1, 1, 2, 2), "f4"),
}
np.savez(os.path.join(here, "plain.npz"), **values)
np.savez_compressed(os.path.join(here, "packed.npz"), **values)
np.savez(os.path.join(here, "objects.npz"), x=np.array([{"a": 1}], dtype=object))
np.savez(os.path.join(here, "records.npz"), x=np.zeros(2, [("a", "f4"), ("b", "i4")]))
np.savez(os.path.join(here, "half.npz"), x=np.zeros(2, "f2"))
