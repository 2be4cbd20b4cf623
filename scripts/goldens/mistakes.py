"""What Keras 3 and PyTorch print for classic mistakes, for docs/mistakes.md (test/docs/mistakes.test.ts has the same mistakes in our language).

Run by hand, with a Python that has the library: `python scripts/goldens/mistakes.py keras` with tensorflow 2.21 and keras 3,
`python scripts/goldens/mistakes.py torch` with torch. Each mistake is a few lines that a person would write; they are run as they
stand here, and kept are: the last message of the traceback (or the warnings, where it goes on), how many lines the traceback has,
and when it came: while the network is built, at the first batch, or never.
"""
import json
import os
import re
import sys
import traceback
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

KERAS = {
    "window": ("""
model = keras.Sequential([layers.Input((60, 40, 3))])
for _ in range(6):
    model.add(layers.Conv2D(32, 5)); model.add(layers.MaxPooling2D(2))
""", ""),
    "outputs": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(9, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
""", "model.fit(pictures(28, 28, 1), digits, verbose=0)"),
    "flatten": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Conv2D(16, 3), layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
""", "model.fit(pictures(28, 28, 1), digits, verbose=0)"),
    "loss": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
""", "model.fit(pictures(28, 28, 1), digits, verbose=0)"),
    "softmax-twice": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
""", "model.fit(pictures(28, 28, 1), digits, verbose=0)"),
    "softmax-over-one": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(1, activation="softmax")])
model.compile("adam", "binary_crossentropy")
""", "model.fit(pictures(28, 28, 1), digits % 2, verbose=0)"),
    "scaled-twice": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
""", "model.fit(pictures(28, 28, 1) / 255, digits, verbose=0)"),
    "early-stopping": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
""", 'model.fit(pictures(28, 28, 1), digits, verbose=0, callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=5)])'),
    "layer-name": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Conv2D(16, 3), layers.MaxPoling2D(2)])
""", ""),
    "option-name": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Conv2D(16, 3, strid=2)])
""", ""),
    "residual": ("""
x = layers.Input((32, 32, 32))
y = layers.Conv2D(64, 3, padding="same")(x)
y = layers.Add()([x, y])
""", ""),
    "branches": ("""
x = layers.Input((32, 32, 3))
a = layers.Conv2D(16, 1)(x)
b = layers.Conv2D(16, 3)(x)
y = layers.Concatenate()([a, b])
""", ""),
    "groups": ("""
model = keras.Sequential([layers.Input((32, 32, 3)), layers.Conv2D(32, 3), layers.Conv2D(48, 3, groups=3)])
""", ""),
    "dropout": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dropout(50)])
""", ""),
    "learning-rate": ("""
model = keras.Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")])
model.compile(keras.optimizers.Adam(1.0), "sparse_categorical_crossentropy")
""", "model.fit(pictures(28, 28, 1), digits, verbose=0)"),
}

TORCH = {
    "window": ("""
steps = []
for i in range(6):
    steps += [nn.Conv2d(3 if i == 0 else 32, 32, 5), nn.MaxPool2d(2)]
model = nn.Sequential(*steps)
""", "model(pictures(3, 60, 40))"),
    "outputs": ("""
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 9))
""", "nn.CrossEntropyLoss()(model(pictures(1, 28, 28)), digits)"),
    "flatten": ("""
model = nn.Sequential(nn.Conv2d(1, 16, 3), nn.Linear(16 * 26 * 26, 10))
""", "nn.CrossEntropyLoss()(model(pictures(1, 28, 28)), digits)"),
    "loss": ("""
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Softmax(1))
""", "nn.BCELoss()(model(pictures(1, 28, 28)), digits)"),
    "softmax-twice": ("""
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Softmax(1))
""", "nn.CrossEntropyLoss()(model(pictures(1, 28, 28)), digits).backward()"),
    "softmax-over-one": ("""
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 1), nn.Softmax(1))
""", "nn.BCELoss()(model(pictures(1, 28, 28)), (digits % 2).float()[:, None]).backward()"),
    "scaled-twice": ("""
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
""", "nn.CrossEntropyLoss()(model(pictures(1, 28, 28) / 255 / 255), digits).backward()"),
    "early-stopping": None,
    "layer-name": ("""
model = nn.Sequential(nn.Conv2d(1, 16, 3), nn.MaxPol2d(2))
""", ""),
    "option-name": ("""
model = nn.Sequential(nn.Conv2d(1, 16, 3, strid=2))
""", ""),
    "residual": ("""
conv = nn.Conv2d(32, 64, 3, padding=1)
""", """
x = pictures(32, 32, 32)
y = x + conv(x)
"""),
    "branches": ("""
a, b = nn.Conv2d(3, 16, 1), nn.Conv2d(3, 16, 3)
""", """
x = pictures(3, 32, 32)
y = torch.cat([a(x), b(x)], 1)
"""),
    "groups": ("""
model = nn.Sequential(nn.Conv2d(3, 32, 3), nn.Conv2d(32, 48, 3, groups=3))
""", ""),
    "dropout": ("""
model = nn.Sequential(nn.Flatten(), nn.Dropout(50))
""", ""),
    "learning-rate": ("""
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1.0)
""", """
nn.CrossEntropyLoss()(model(pictures(1, 28, 28)), digits).backward()
optimizer.step()
"""),
}


def run(parts, names):
    """The message, when it came, and how long the traceback was."""
    scope = dict(names)
    for when, code in zip(("building", "first batch"), parts):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                exec(compile(code.strip(), "mistake.py", "exec"), scope)
            except Exception as error:
                # The frames above the mistake are this script's.
                trace = traceback.format_exception(type(error), error, error.__traceback__.tb_next)
                return {"when": when, "kind": "error", "traceback": sum(part.count("\n") for part in trace), "text": clean(f"{type(error).__name__}: {error}")}
        shown = [w for w in caught if issubclass(w.category, UserWarning)]
        if shown:
            return {"when": when, "kind": "warning", "traceback": 0, "text": clean(f"{shown[0].category.__name__}: {shown[0].message}")}
    return {"when": "never", "kind": "nothing", "traceback": 0, "text": ""}


def clean(text):
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    # Names of graph nodes and addresses differ from run to run.
    text = re.sub(r"0x[0-9a-f]{6,}", "0x…", text)
    text = re.sub(r"__inference_\w+_\d+", "__inference_…", text)
    # Frames of this script, and where the library lies on this machine.
    text = re.sub(r' *File "[^"]*/mistakes.py", line .*\n\n?', "", text)
    text = re.sub(r'"[^"]*/site-packages/', '"…/', text)
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def main():
    import numpy as np

    which = sys.argv[1]
    rng = np.random.default_rng(0)
    digits = np.concatenate([np.arange(10), rng.integers(0, 10, 22)])
    if which == "keras":
        import keras
        from keras import layers

        keras.utils.set_random_seed(0)
        names = {"keras": keras, "layers": layers, "digits": digits, "pictures": lambda *s: rng.integers(0, 256, (32, *s)).astype("float32")}
        version, cases = keras.__version__, KERAS
    else:
        import torch
        from torch import nn

        torch.manual_seed(0)
        names = {"torch": torch, "nn": nn, "digits": torch.tensor(digits), "pictures": lambda *s: torch.tensor(rng.integers(0, 256, (32, *s)).astype("float32"))}
        version, cases = torch.__version__.split("+")[0], TORCH
    found = {}
    for name, parts in cases.items():
        found[name] = {"code": None, "when": "never", "kind": "absent", "traceback": 0, "text": ""} if parts is None else {"code": "\n".join(p.strip() for p in parts if p), **run(parts, names)}
        print(name, found[name]["kind"], found[name]["when"], found[name]["text"][:100].replace("\n", " / "))
    path = os.path.join(os.path.dirname(__file__), "..", "..", "test", "goldens", "mistakes", f"{which}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"about": "Made by scripts/goldens/mistakes.py; do not edit.", "version": version, "mistakes": found}, file, indent=1, ensure_ascii=False)
        file.write("\n")


main()
