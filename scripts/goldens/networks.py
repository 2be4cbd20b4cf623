"""
Networks of varied layers and sizes as Keras builds them: each layer's output shape and parameter counts, or at which layer Keras
refuses; written beside the same networks as .cnn texts to test/fixtures/goldens/networks.json. Run by hand with Keras 3 installed.

One layer a line; a line that Keras refuses is the last one before the end of the text.
"""
import json
import math
import os
import pathlib
import random

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
from keras import layers as L  # noqa: E402

OUT = pathlib.Path(__file__).resolve().parents[2] / "test/fixtures/goldens/networks.json"


class Refused(Exception):
    pass


class Network:
    """Writes .cnn lines and builds the same layers in Keras."""

    def __init__(self, shape):
        self.input = keras.Input(shape)
        self.shape = shape
        self.x = self.input
        self.lines = []
        self.found = []
        self.depth = 1

    @property
    def size(self):
        return tuple(int(d) for d in self.x.shape[1:])

    def line(self, text):
        self.lines.append("  " * self.depth + text)

    def layer(self, text, make):
        """`make` constructs the layer: Keras refuses some while they are made, others when they are called."""
        self.line(text)
        self.apply(make)

    def apply(self, make):
        try:
            made = make()
            y = made(self.x)
            # Keras builds this layer, and its own count of the output knows better than the trace of a kernel that is not run.
            if any(d is not None and d < 1 for d in y.shape[1:]):
                raise ValueError("empty output")
        except Exception as error:
            raise Refused(str(error)) from error
        self.x = y
        self.found.append({"output": list(self.size), "params": made.count_params(), "trainable": sum(math.prod(v.shape) for v in made.trainable_variables)})

    # ------------------------------------------------------------ structure

    def open(self, head):
        self.line(head)
        self.depth += 1

    def close(self, tail):
        self.depth -= 1
        self.line(tail)

    def residual(self, body, project=False):
        before = self.x
        self.open(f"residual{' project' if project else ''} <")
        body(self)
        self.close(">")
        after = self.x
        if project and before.shape != after.shape:
            stride = tuple(-(-int(a) // int(b)) for a, b in zip(before.shape[1:3], after.shape[1:3]))
            self.x = before
            self.apply(lambda: L.Conv2D(after.shape[-1], 1, strides=stride))
            self.apply(lambda: L.BatchNormalization())
            before = self.x
        self.x = L.Add()([before, after])

    def branch(self, bodies, merge):
        before = self.x
        outputs = []
        self.open("branch <")
        for i, body in enumerate(bodies):
            self.x = before
            body(self)
            outputs.append(self.x)
            if i < len(bodies) - 1:
                self.depth -= 1
                self.line("> <")
                self.depth += 1
        self.close(f"> merge={merge}")
        join = {"concat": L.Concatenate, "add": L.Add, "average": L.Average, "multiply": L.Multiply, "maximum": L.Maximum}[merge]
        self.x = join()(outputs)

    def repeat(self, count, body):
        self.open(f"repeat {count} <")
        start = len(self.lines)
        for i in range(count):
            if i > 0:
                kept = self.lines[:]
            body(self)
            if i > 0:
                self.lines = kept
        assert len(self.lines) > start
        self.close(">")


def pair(size):
    return f"{size[0]}x{size[1]}"


def options(**given):
    return "".join(f" {name}={value}" for name, value in given.items() if value is not None)


def window(size, stride, same, dilation=(1, 1)):
    text = f" {pair(size)}"
    if same:
        text += " same"
    if stride != (1, 1):
        text += f" stride={pair(stride)}"
    if dilation != (1, 1):
        text += f" dilation={pair(dilation)}"
    return text


REGULARIZERS = {"l2(.01)": lambda: keras.regularizers.L2(0.01), "l1": lambda: keras.regularizers.L1(), "l1_l2(.001, .002)": lambda: keras.regularizers.L1L2(0.001, 0.002)}
CONSTRAINTS = {"max_norm(2)": lambda: keras.constraints.MaxNorm(2), "non_neg": lambda: keras.constraints.NonNeg(), "unit_norm": lambda: keras.constraints.UnitNorm()}
INITIALIZERS = {"he_normal": "he_normal", "orthogonal": "orthogonal", "variance_scaling(2, fan_out)": keras.initializers.VarianceScaling(2, "fan_out")}


def weighted(rng, kernel="kernel"):
    """Options of weights that change no shape, and the arguments that Keras takes for them."""
    text, args = "", {}
    if rng.random() < 0.15:
        name = rng.choice(list(INITIALIZERS))
        text, args = text + f" {kernel}_initializer={name}", {**args, f"{kernel}_initializer": INITIALIZERS[name]}
    if rng.random() < 0.15:
        name = rng.choice(list(REGULARIZERS))
        text, args = text + f" {kernel}_regularizer={name}", {**args, f"{kernel}_regularizer": REGULARIZERS[name]()}
    if rng.random() < 0.15:
        name = rng.choice(list(CONSTRAINTS))
        text, args = text + f" {kernel}_constraint={name}", {**args, f"{kernel}_constraint": CONSTRAINTS[name]()}
    if rng.random() < 0.1:
        text, args = text + " activity_regularizer=l2", {**args, "activity_regularizer": keras.regularizers.L2()}
    if rng.random() < 0.15:
        text, args = text + " trainable=off", {**args, "trainable": False}
    if rng.random() < 0.2:
        text, args = text + " bias=off", {**args, "use_bias": False}
    if rng.random() < 0.2:
        name = rng.choice(["relu", "mish", "hard_silu", "gelu"])
        text, args = text + f" activation={name}", {**args, "activation": name}
    return text, args


def sides(rng, high):
    return rng.randint(1, high), rng.randint(1, high)


def slid(rng, net, bad):
    """Size, stride, padding, dilation that fit the image; or a window that is too large."""
    h, w, _ = net.size
    size, same = sides(rng, 5), rng.random() < 0.5
    strided = rng.random() < 0.4
    stride = sides(rng, 3) if strided else (1, 1)
    dilation = sides(rng, 3) if not strided and rng.random() < 0.3 else (1, 1)
    if bad == "window":
        size, same, dilation, stride = (h + rng.randint(1, 3), rng.randint(1, 3)), False, (1, 1), (1, 1)
    elif not same and (dilation[0] * (size[0] - 1) + 1 > h or dilation[1] * (size[1] - 1) + 1 > w):
        same = True
    return size, stride, same, dilation


def conv(rng, net, bad=None):
    size, stride, same, dilation = slid(rng, net, bad)
    channels = net.size[2]
    filters = rng.choice([3, 4, 8, 12])
    groups = 1
    if rng.random() < 0.3:
        groups = rng.choice([g for g in range(1, 13) if channels % g == 0 and filters % g == 0])
    if bad == "groups":
        groups = channels + 1
    if bad == "filters":
        groups = filters + 1
    if bad == "stride and dilation":
        stride, dilation, same = (2, 1), (1, 2), True
    text, args = weighted(rng)
    net.layer(
        f"conv {filters}{window(size, stride, same, dilation)}{options(groups=groups if groups > 1 else None)}{text}",
        lambda: L.Conv2D(filters, size, strides=stride, padding="same" if same else "valid", dilation_rate=dilation, groups=groups, **args),
    )


def depthwise(rng, net, bad=None):
    size, stride, same, dilation = slid(rng, net, bad)
    each = rng.choice([1, 1, 2])
    text, args = weighted(rng, "depthwise")
    net.layer(
        f"depthwise_conv{window(size, stride, same, dilation)}{options(depth_multiplier=each if each > 1 else None)}{text}",
        lambda: L.DepthwiseConv2D(size, strides=stride, padding="same" if same else "valid", dilation_rate=dilation, depth_multiplier=each, **args),
    )


def separable(rng, net, bad=None):
    size, stride, same, dilation = slid(rng, net, bad)
    each, filters = rng.choice([1, 1, 3]), rng.choice([4, 6, 8])
    text, args = weighted(rng, rng.choice(["depthwise", "pointwise"]))
    net.layer(
        f"separable_conv {filters}{window(size, stride, same, dilation)}{options(depth_multiplier=each if each > 1 else None)}{text}",
        lambda: L.SeparableConv2D(filters, size, strides=stride, padding="same" if same else "valid", dilation_rate=dilation, depth_multiplier=each, **args),
    )


def transposed(rng, net, bad=None):
    size, same, filters = sides(rng, 4), rng.random() < 0.5, rng.choice([4, 6])
    stride = sides(rng, 3)
    extra = None
    if rng.random() < 0.3 and not (same and (size[0] % 2 == 0 or size[1] % 2 == 0)):
        extra = tuple(rng.randint(0, s - 1) for s in stride)
    if same and extra:
        extra = tuple(min(e, s - k % 2) for e, s, k in zip(extra, stride, size))
    if bad == "output padding":
        extra = (stride[0], 0)
    dilation = (1, 1)
    if bad == "stride and dilation":
        stride, dilation = (2, 2), (2, 2)
    text, args = weighted(rng)
    net.layer(
        f"conv_transpose {filters}{window(size, stride, same, dilation)}{options(output_padding=f'[{extra[0]}, {extra[1]}]' if extra else None)}{text}",
        lambda: L.Conv2DTranspose(filters, size, strides=stride, padding="same" if same else "valid", output_padding=extra, dilation_rate=dilation, **args),
    )


def pool(rng, net, bad=None):
    kind = rng.choice(["pool", "avg_pool"])
    size, stride, same, _ = slid(rng, net, bad)
    stride = stride if rng.random() < 0.5 or bad else None
    if not same and not bad and (size[0] > net.size[0] or size[1] > net.size[1]):
        same = True
    cls = L.MaxPooling2D if kind == "pool" else L.AveragePooling2D
    net.layer(f"{kind} {pair(size)}{' same' if same else ''}{f' stride={pair(stride)}' if stride else ''}", lambda: cls(size, strides=stride, padding="same" if same else "valid"))


def zero_pad(rng, net, bad=None):
    form = rng.choice(["one", "two", "four"])
    top, bottom, left, right = (rng.randint(0, 3) for _ in range(4))
    if form == "one":
        net.layer(f"zero_pad {top}", lambda: L.ZeroPadding2D(top))
    elif form == "two":
        net.layer(f"zero_pad [{top}, {left}]", lambda: L.ZeroPadding2D((top, left)))
    else:
        net.layer(f"zero_pad [{top}, {bottom}, {left}, {right}]", lambda: L.ZeroPadding2D(((top, bottom), (left, right))))


def cropping(rng, net, bad=None):
    h, w, _ = net.size
    top, left = rng.randint(0, (h - 1) // 3), rng.randint(0, (w - 1) // 3)
    bottom, right = rng.randint(0, (h - 1) // 3), rng.randint(0, (w - 1) // 3)
    if bad == "cropping":
        bottom = h - top
    net.layer(f"cropping [{top}, {bottom}, {left}, {right}]", lambda: L.Cropping2D(((top, bottom), (left, right))))


def upsample(rng, net, bad=None):
    size, how = sides(rng, 2), rng.choice(["nearest", "bilinear"])
    net.layer(f"upsample {pair(size)}{' bilinear' if how == 'bilinear' else ''}", lambda: L.UpSampling2D(size, interpolation=how))


def norm(rng, net, bad=None):
    kind = "group" if bad else rng.choice(["batch", "layer", "group"])
    center, scale, trainable = rng.random() < 0.8, rng.random() < 0.8, rng.random() < 0.8
    text = options(center=None if center else "off", scale=None if scale else "off", trainable=None if trainable else "off")
    args = {"center": center, "scale": scale, "trainable": trainable}
    if kind == "batch":
        net.layer(f"batch_norm{text}", lambda: L.BatchNormalization(**args))
    elif kind == "layer":
        net.layer(f"layer_norm{text}", lambda: L.LayerNormalization(**args))
    else:
        channels = net.size[-1]
        groups = rng.choice([-1, *(g for g in range(1, channels + 1) if channels % g == 0)])
        if bad == "groups":
            groups = channels + rng.randint(1, 4)
        net.layer(f"group_norm groups={groups}{text}", lambda: L.GroupNormalization(groups, **args))


def plain(rng, net, bad=None):
    words = {
        "relu": L.ReLU, "leaky_relu": L.LeakyReLU, "elu": L.ELU, "tanh": lambda: L.Activation("tanh"), "mish": lambda: L.Activation("mish"),
        "hard_silu": lambda: L.Activation("hard_silu"), "gelu": lambda: L.Activation("gelu"), "dropout .25": lambda: L.Dropout(0.25),
        "spatial_dropout .2": lambda: L.SpatialDropout2D(0.2), "gaussian_dropout .1": lambda: L.GaussianDropout(0.1), "gaussian_noise .1": lambda: L.GaussianNoise(0.1),
        "rescale 2 offset=-1": lambda: L.Rescaling(2, -1), "prelu": L.PReLU, "prelu shared_axes=[1, 2]": lambda: L.PReLU(shared_axes=[1, 2]),
    }
    word = rng.choice(list(words))
    net.layer(word, words[word])


def permute(rng, net, bad=None):
    dims = rng.sample([1, 2, 3], 3)
    if bad == "permute":
        dims = rng.choice([[2, 1], [1, 1, 2], [1, 2, 4]])
    net.layer(f"permute [{', '.join(map(str, dims))}]", lambda: L.Permute(dims))


def reshape(rng, net, bad=None):
    h, w, c = net.size
    shape = rng.choice([[w, h, c], [-1, w, c], [h * w, 1, c], [1, -1, c], [h, w * c, 1]])
    if bad == "reshape":
        shape = rng.choice([[h, w, c + 1], [-1, h * w * c + 1, 1], [-1, -1, c]])
    net.layer(f"reshape [{', '.join(map(str, shape))}]", lambda: L.Reshape(shape))


def flat(rng, net, bad=None):
    """An image layer after the image has become a row of numbers."""
    net.layer("flatten", L.Flatten)
    word, make = rng.choice([("zero_pad", L.ZeroPadding2D), ("conv 4", lambda: L.Conv2D(4, 3)), ("upsample", L.UpSampling2D), ("spatial_dropout .1", lambda: L.SpatialDropout2D(0.1)), ("depthwise_conv", lambda: L.DepthwiseConv2D(3))])
    net.layer(word, make)


def matrix(rng, net, bad=None):
    option, name = rng.choice([("kernel", "identity"), ("bias", "orthogonal")])
    net.layer(f"conv 4 1x1 {option}_initializer={name}", lambda: L.Conv2D(4, 1, **{f"{option}_initializer": name}))


MAKERS = [conv, conv, conv, depthwise, depthwise, separable, separable, transposed, pool, pool, zero_pad, cropping, upsample, norm, norm, plain, plain, plain, permute, reshape]
BAD = [(conv, "window"), (conv, "groups"), (conv, "filters"), (conv, "stride and dilation"), (depthwise, "window"), (separable, "window"), (transposed, "output padding"),
       (transposed, "stride and dilation"), (pool, "window"), (cropping, "cropping"), (norm, "groups"), (permute, "permute"), (reshape, "reshape"), (flat, "rank"), (matrix, "initializer")]


def small(rng, net):
    """Keeps its height and width: for cells side by side."""
    filters, size = rng.choice([4, 6]), rng.choice([1, 3, 5])
    net.layer(f"conv {filters} {size}x{size} same", lambda: L.Conv2D(filters, size, padding="same"))
    if rng.random() < 0.5:
        net.layer("batch_norm", L.BatchNormalization)
    net.layer("relu", L.ReLU)


def cells(rng, net):
    kind = rng.choice(["residual", "project", "concat", "merge", "repeat"])
    if kind == "residual":
        channels = net.size[2]

        def body(n):
            n.layer("depthwise_conv 3x3 same", lambda: L.DepthwiseConv2D(3, padding="same"))
            n.layer(f"conv {channels} 1x1", lambda: L.Conv2D(channels, 1))

        net.residual(body)
    elif kind == "project":
        stride = rng.choice([1, 2])

        def body(n):
            n.layer(f"separable_conv 10 3x3 same stride={stride}x{stride}", lambda: L.SeparableConv2D(10, 3, padding="same", strides=stride))
            n.layer("batch_norm", L.BatchNormalization)

        net.residual(body, project=True)
    elif kind == "concat":
        net.branch([lambda n: small(rng, n) for _ in range(rng.randint(2, 3))] + [lambda n: None], "concat")
    elif kind == "merge":
        filters = rng.choice([4, 8])
        one = lambda size: lambda n: n.layer(f"conv {filters} {size}x{size} same", lambda: L.Conv2D(filters, size, padding="same"))
        net.branch([one(1), one(3)], rng.choice(["add", "average", "multiply", "maximum"]))
    else:
        filters = rng.choice([4, 6])

        def body(n):
            n.layer(f"conv {filters} 3x3 same", lambda: L.Conv2D(filters, 3, padding="same"))
            n.layer("group_norm 2", lambda: L.GroupNormalization(2))
            n.layer("mish", lambda: L.Activation("mish"))

        net.repeat(rng.randint(2, 3), body)


def ending(rng, net):
    word = rng.choice(["flatten", "global_avg_pool", "global_pool", "keepdims"])
    if word == "flatten":
        net.layer("flatten", L.Flatten)
    elif word == "global_avg_pool":
        net.layer("global_avg_pool", L.GlobalAveragePooling2D)
    elif word == "global_pool":
        net.layer("global_pool", L.GlobalMaxPooling2D)
    else:
        net.layer("global_avg_pool keepdims", lambda: L.GlobalAveragePooling2D(keepdims=True))
        net.layer("reshape [-1]", lambda: L.Reshape([-1]))
    if rng.random() < 0.4:
        text, args = weighted(rng)
        net.layer(f"dense 16{text}", lambda: L.Dense(16, **args))
        dense_end(rng, net)
    if rng.random() < 0.15:
        net.layer("reshape [4, -1]", lambda: L.Reshape([4, -1]))
        net.layer("permute [2, 1]", lambda: L.Permute([2, 1]))
        net.layer("flatten", L.Flatten)
    net.layer("dense 5", lambda: L.Dense(5))


def dense_end(rng, net):
    if rng.random() < 0.5:
        net.layer("layer_norm", L.LayerNormalization)
    else:
        net.layer("prelu", L.PReLU)


def golden(seed):
    rng = random.Random(seed)
    shape = (rng.randint(9, 40), rng.randint(9, 40), rng.choice([1, 3]))
    net = Network(shape)
    bad_at = rng.randint(0, 4) if seed % 3 == 0 else None
    refused = None
    try:
        for i in range(rng.randint(3, 7)):
            if i == bad_at:
                maker, what = BAD[(seed // 3) % len(BAD)]
                maker(rng, net, what)
            if rng.random() < 0.2:
                cells(rng, net)
            else:
                rng.choice(MAKERS)(rng, net)
        if bad_at is not None and refused is None and bad_at >= i + 1:
            maker, what = BAD[(seed // 3) % len(BAD)]
            maker(rng, net, what)
        ending(rng, net)
    except Refused as error:
        refused = {"line": len(net.lines) - 1, "layers": len(net.found), "reason": str(error).replace("\n", " ").strip()[:120]}
        net.depth -= 1
        while net.depth > 0:
            net.line(">")
            net.depth -= 1
    return {"seed": seed, "input": list(shape), "lines": net.lines, "layers": net.found, "refused": refused}


if __name__ == "__main__":
    cases = [golden(seed) for seed in range(210)]
    rows = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    OUT.write_text(f"[\n{rows}\n]\n")
    print(len(cases), "networks,", sum(c["refused"] is not None for c in cases), "refused,", sum(len(c["layers"]) for c in cases), "layers, keras", keras.__version__, OUT.stat().st_size)
