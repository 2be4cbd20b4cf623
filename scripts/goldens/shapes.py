"""
Shapes and parameter counts of Keras for stacks of layers, written beside the same stacks as .cnn networks
to test/fixtures/goldens/shapes.json. Run by hand with Keras 3 installed.
"""
import json
import os
import pathlib
import random

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
from keras import layers as L  # noqa: E402

OUT = pathlib.Path(__file__).resolve().parents[2] / "test/fixtures/goldens/shapes.json"


def pair(size):
    return f"{size[0]}x{size[1]}"


def conv(filters, size=(3, 3), stride=(1, 1), same=False, dilation=(1, 1), bias=True, activation=None):
    text = f"conv {filters} {pair(size)}"
    if same:
        text += " same"
    if stride != (1, 1):
        text += f" stride={pair(stride)}"
    if dilation != (1, 1):
        text += f" dilation={pair(dilation)}"
    if not bias:
        text += " bias=off"
    if activation:
        text += f" activation={activation}"
    return text, L.Conv2D(filters, size, strides=stride, padding="same" if same else "valid", dilation_rate=dilation, use_bias=bias, activation=activation)


def pool(kind, size=(2, 2), stride=None, same=False):
    text = f"{kind} {pair(size)}"
    if stride:
        text += f" stride={pair(stride)}"
    if same:
        text += " same"
    cls = L.MaxPooling2D if kind == "pool" else L.AveragePooling2D
    return text, cls(size, strides=stride, padding="same" if same else "valid")


def norm(center=True, scale=True):
    text = "batch_norm" + ("" if center else " center=off") + ("" if scale else " scale=off")
    return text, L.BatchNormalization(center=center, scale=scale)


def dense(units, bias=True, activation=None):
    text = f"dense {units}" + ("" if bias else " bias=off") + (f" activation={activation}" if activation else "")
    return text, L.Dense(units, use_bias=bias, activation=activation)


PLAIN = {
    "relu": lambda: L.ReLU(),
    "leaky_relu": lambda: L.LeakyReLU(),
    "elu": lambda: L.ELU(),
    "gelu": lambda: L.Activation("gelu"),
    "silu": lambda: L.Activation("silu"),
    "tanh": lambda: L.Activation("tanh"),
    "sigmoid": lambda: L.Activation("sigmoid"),
    "flatten": lambda: L.Flatten(),
    "global_avg_pool": lambda: L.GlobalAveragePooling2D(),
    "global_pool": lambda: L.GlobalMaxPooling2D(),
    "dropout .25": lambda: L.Dropout(0.25),
    "softmax": lambda: L.Softmax(),
}


def plain(word):
    return word, PLAIN[word]()


def by_hand():
    yield (150, 150, 3), [*[x for _ in range(3) for x in (conv(32, (5, 5)), pool("pool"), plain("relu"), plain("dropout .25"))], plain("flatten"), dense(64), plain("relu"), dense(5), plain("softmax")]
    yield (28, 28, 1), [conv(32, activation="relu"), conv(64, activation="relu"), pool("pool"), plain("dropout .25"), plain("flatten"), dense(128, activation="relu"), plain("dropout .25"), dense(10), plain("softmax")]
    yield (64, 64, 3), [conv(16), pool("pool"), plain("flatten"), dense(3), plain("softmax")]
    yield (224, 224, 3), [conv(64, (7, 7), (2, 2), same=True, bias=False), norm(), plain("relu"), pool("pool", (3, 3), (2, 2), same=True), conv(128, (1, 1)), plain("global_avg_pool"), dense(1000), plain("softmax")]
    yield (7, 5, 1), [conv(4, (7, 5)), plain("flatten"), dense(2)]
    yield (9, 9, 3), [pool("pool", (3, 3), (1, 1)), pool("avg_pool", (2, 3), (2, 1)), norm(scale=False), norm(center=False), plain("global_pool"), dense(3, bias=False)]
    yield (33, 47, 3), [conv(8, (3, 5), (2, 3)), conv(8, (2, 2), same=True, stride=(3, 2)), plain("flatten"), dense(7)]
    yield (40, 30, 1), [conv(6, (3, 3), dilation=(2, 3)), conv(6, (3, 1), dilation=(4, 1), same=True), pool("avg_pool", (5, 4), same=True), plain("flatten"), dense(9), norm()]


def at_random(seed):
    rng = random.Random(seed)
    side = lambda low, high: (rng.randint(low, high), rng.randint(low, high))
    shape = (rng.randint(16, 80), rng.randint(16, 80), rng.choice([1, 3]))
    stack = []
    h, w = shape[:2]
    for _ in range(rng.randint(2, 7)):
        kind = rng.choice(["conv", "conv", "conv", "pool", "avg_pool", "norm", "plain"])
        same = rng.random() < 0.5
        if kind == "conv":
            size = side(1, 5)
            strided = rng.random() < 0.5
            stride = side(1, 3) if strided else (1, 1)
            dilation = side(1, 3) if not strided and rng.random() < 0.4 else (1, 1)
            if not same and (dilation[0] * (size[0] - 1) + 1 > h or dilation[1] * (size[1] - 1) + 1 > w):
                same = True
            layer = conv(rng.choice([3, 8, 16, 24]), size, stride, same, dilation, rng.random() < 0.8, rng.choice([None, None, "relu", "tanh"]))
        elif kind in ("pool", "avg_pool"):
            size = side(1, 4)
            if not same and (size[0] > h or size[1] > w):
                same = True
            layer = pool(kind, size, side(1, 3) if rng.random() < 0.5 else None, same)
        elif kind == "norm":
            layer = norm(rng.random() < 0.8, rng.random() < 0.8)
        else:
            layer = plain(rng.choice(["relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "dropout .25"]))
        stack.append(layer)
        h, w = layer[1].compute_output_shape((None, h, w, 3 if len(stack) == 1 else 8))[1:3] if kind in ("conv", "pool", "avg_pool") else (h, w)
    stack.append(plain(rng.choice(["flatten", "global_avg_pool", "global_pool"])))
    if rng.random() < 0.5:
        stack += [dense(rng.choice([10, 33])), norm(), plain("relu")]
    stack.append(dense(rng.randint(2, 12), rng.random() < 0.8))
    return shape, stack


def golden(shape, stack):
    model = keras.Sequential([keras.Input(shape), *[layer for _, layer in stack]])
    found = []
    x = (None, *shape)
    for text, layer in stack:
        x = layer.compute_output_shape(x)
        trainable = sum(int(v.shape.num_elements()) if hasattr(v.shape, "num_elements") else count(v.shape) for v in layer.trainable_variables)
        found.append({"text": text, "output": [int(n) for n in x[1:]], "params": layer.count_params(), "trainable": trainable})
    assert tuple(model.output_shape) == tuple(x)
    return {"input": list(shape), "layers": found, "total": model.count_params()}


def count(shape):
    n = 1
    for d in shape:
        n *= int(d)
    return n


if __name__ == "__main__":
    cases = [golden(*case) for case in by_hand()] + [golden(*at_random(seed)) for seed in range(52)]
    rows = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    OUT.write_text(f"[\n{rows}\n]\n")
    print(len(cases), "stacks,", sum(len(c["layers"]) for c in cases), "layers, keras", keras.__version__)
