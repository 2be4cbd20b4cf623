"""Goldens of test/compiler/graph/ops/goldens.test.ts: what TensorFlow's kernels and Keras's optimizers give for small inputs.

Writes test/fixtures/goldens/ops.json: a list of {name, op, attrs, inputs, outputs}, in the terms of src/compiler/graph/types.ts.
Run by hand: python scripts/goldens/ops.py (TensorFlow 2.21, Keras 3).
"""
import json
import math
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

OUT = Path(__file__).resolve().parents[2] / "test/fixtures/goldens/ops.json"
random = np.random.default_rng(1)
cases = []
DTYPES = {"float32": "float32", "float64": "float32", "int32": "int32", "bool": "bool"}


def number(value):
    value = float(value)
    if math.isnan(value) or math.isinf(value):
        return str(value)
    return int(value) if value == int(value) else value


def array(x):
    x = np.asarray(x)
    return {"dtype": DTYPES[str(x.dtype)], "shape": list(x.shape), "data": [number(v) for v in x.ravel()]}


def case(op, attrs, inputs, outputs, name=""):
    cases.append({"name": f"{op} {name}".strip(), "op": op, "attrs": attrs, "inputs": [array(x) for x in inputs], "outputs": [array(x) for x in outputs]})


def eighths(*shape, spread=16, dtype="float32"):
    """Multiples of 1/8: exact in float32 and short in JSON."""
    return (random.integers(-spread, spread + 1, shape) / 8).astype(dtype)


def spread_out(kernel, dilation):
    """The kernel with zeros between its elements: dilation for the gradient kernels, which know none on a CPU."""
    for axis, d in enumerate(dilation):
        if d > 1:
            parts = []
            for piece in tf.unstack(kernel, axis=axis):
                parts += [piece] + [tf.zeros_like(piece)] * (d - 1)
            kernel = tf.stack(parts[: len(parts) - d + 1], axis=axis)
    return kernel


def convolutions():
    for padding in ["same", "valid"]:
        for size, stride, dilation in [((3, 3), (1, 1), (1, 1)), ((2, 3), (2, 2), (1, 1)), ((3, 2), (1, 2), (1, 1)), ((1, 1), (2, 2), (1, 1)), ((4, 4), (3, 3), (1, 1)), ((2, 3), (1, 1), (2, 2)), ((3, 2), (1, 1), (1, 3))]:
            x, w = eighths(2, 5, 6, 2), eighths(*size, 2, 3)
            attrs = {"stride": stride, "padding": padding, "dilation": dilation}
            name = f"{size[0]}x{size[1]} {padding} stride {stride} dilation {dilation}"
            with tf.GradientTape() as tape:
                xv, wv = tf.constant(x), tf.constant(w)
                tape.watch([xv, wv])
                y = tf.nn.conv2d(xv, spread_out(wv, dilation), strides=stride, padding=padding.upper())
                dy = eighths(*y.shape)
                total = tf.reduce_sum(y * dy)
            dx, dw = tape.gradient(total, [xv, wv])
            case("conv2d", attrs, [x, w], [y], name)
            case("conv2dInputGrad", attrs, [dy, w, x], [dx], name)
            case("conv2dFilterGrad", {**attrs, "filterShape": list(w.shape)}, [x, dy], [dw], name)


def pools():
    for padding in ["same", "valid"]:
        for size, stride in [((2, 2), (2, 2)), ((3, 3), (2, 2)), ((3, 2), (1, 2)), ((2, 3), (3, 1))]:
            attrs = {"size": size, "stride": stride, "padding": padding}
            name = f"{size[0]}x{size[1]} {padding} stride {stride}"
            k, s = [1, *size, 1], [1, *stride, 1]
            x = random.integers(-2, 3, (2, 5, 6, 2)).astype("float32")  # with ties
            y = tf.raw_ops.MaxPool(input=x, ksize=k, strides=s, padding=padding.upper())
            dy = eighths(*y.shape)
            case("maxPool", attrs, [x], [y], name)
            case("maxPoolGrad", attrs, [x, y, dy], [tf.raw_ops.MaxPoolGrad(orig_input=x, orig_output=y, grad=dy, ksize=k, strides=s, padding=padding.upper())], name)
            case("avgPool", attrs, [x], [tf.raw_ops.AvgPool(value=x, ksize=k, strides=s, padding=padding.upper())], name)
            case("avgPoolGrad", attrs, [dy, x], [tf.raw_ops.AvgPoolGrad(orig_input_shape=x.shape, grad=dy, ksize=k, strides=s, padding=padding.upper())], name)


def normalization():
    x, gamma, beta = eighths(3, 4, 2, 3), eighths(3), eighths(3)
    count = x.size // 3
    epsilon = 0.001
    with tf.GradientTape() as tape:
        values = [tf.constant(v) for v in (x, gamma, beta)]
        tape.watch(values)
        y, mean, variance = tf.compat.v1.nn.fused_batch_norm(values[0], values[1], values[2], epsilon=epsilon, is_training=True)
        dy = eighths(*x.shape)
        total = tf.reduce_sum(y * dy)
    biased = variance * (count - 1) / count
    case("batchNormTrain", {"epsilon": epsilon}, [x, gamma, beta], [y, mean, biased])
    case("batchNormTrainGrad", {"epsilon": epsilon}, [dy, x, gamma, mean, biased], tape.gradient(total, values))
    mean, variance = eighths(3), np.abs(eighths(3))
    y, _, _ = tf.compat.v1.nn.fused_batch_norm(x, gamma, beta, mean=mean, variance=variance, epsilon=epsilon, is_training=False)
    case("batchNormInference", {"epsilon": epsilon}, [x, gamma, beta, mean, variance], [y])


def softmaxes():
    logits = eighths(4, 5, spread=80)
    # Targets that sum to 1: TensorFlow's kernel gives softmax - targets, which is the gradient only then.
    soft = np.array([[0.5, 0.25, 0, 0.125, 0.125], [0, 0, 1, 0, 0], [0.25, 0.25, 0.25, 0.25, 0], [0, 0.125, 0, 0.875, 0]], "float32")
    case("softmax", {}, [logits], [tf.nn.softmax(logits)])
    case("logSoftmax", {}, [logits], [tf.nn.log_softmax(logits)])
    case("softmaxCrossEntropy", {}, [logits, soft], tf.raw_ops.SoftmaxCrossEntropyWithLogits(features=logits, labels=soft))
    labels = np.array([0, 4, 2, 2], "int32")
    case("sparseSoftmaxCrossEntropy", {}, [logits, labels], tf.raw_ops.SparseSoftmaxCrossEntropyWithLogits(features=logits, labels=labels))


def dropout():
    for bits, threshold, shape in [(8, 64, (3, 5, 7)), (8, 128, (64,)), (16, 19661, (2, 3, 3, 2)), (16, 1, (33,))]:
        for key, step, stream in [((5, 0), 1, 0), ((-123456789, 84017153), 70001, 3)]:
            size = math.prod(shape)
            whole = [int(np.uint32(np.int32(k).view("uint32"))) for k in key]
            words = tf.raw_ops.StatelessRandomUniformFullIntV2(
                shape=[math.ceil(size * bits / 32)],
                key=np.array([whole[0] + (whole[1] << 32)], "uint64"),
                counter=np.array([0, (stream << 32) + step], "uint64"),
                alg=1, dtype=tf.uint32)
            drawn = tf.reshape(tf.bitcast(words, tf.uint8 if bits == 8 else tf.uint16), [-1])[:size]
            mask = (drawn.numpy() >= threshold).reshape(shape)
            case("dropoutMask", {"bits": bits, "threshold": threshold, "stream": stream},
                 [np.array(key, "int32"), np.array(step, "int32"), np.zeros(shape, "float32")], [mask], f"{bits} bits, key {key}, step {step}, stream {stream}")


def warps():
    images = eighths(6, 4, 5, 2)
    transforms = np.array([
        [1, 0, 0, 0, 1, 0, 0, 0],
        [0.75, -0.5, 1.25, 0.5, 0.875, -1.75, 0, 0],
        [1, 0, -7.5, 0, 1, 9.25, 0, 0],
        [-1, 0, 4, 0, 1.5, 0.5, 0, 0],
        [3, 1, -6.625, -2, 4, 1.375, 0, 0],
        [1, 0.25, -1, 0, 1, 0.375, 0.125, -0.0625],
    ], "float32")
    for fill in ["nearest", "constant", "reflect", "wrap"]:
        for interpolation in ["bilinear", "nearest"]:
            y = tf.raw_ops.ImageProjectiveTransformV3(images=images, transforms=transforms, output_shape=[4, 5], fill_value=0.625, interpolation=interpolation.upper(), fill_mode=fill.upper())
            case("warp", {"interpolation": interpolation, "fill": fill, "fillValue": 0.625}, [images, transforms], [y], f"{interpolation} {fill}")
    narrow = eighths(1, 1, 3, 1)
    for fill in ["nearest", "constant", "reflect", "wrap"]:
        transform = np.array([[1, 0, 1.25, 0, 1, 2.5, 0, 0]], "float32")
        y = tf.raw_ops.ImageProjectiveTransformV3(images=narrow, transforms=transform, output_shape=[1, 3], fill_value=0.0, interpolation="BILINEAR", fill_mode=fill.upper())
        case("warp", {"interpolation": "bilinear", "fill": fill, "fillValue": 0}, [narrow, transform], [y], f"one row, {fill}")


def choices():
    predictions = np.array([[1, 3, 3, 2], [1, 3, 3, 2], [5, 5, 5, 5], [1, math.nan, 0, 2], [math.inf, 1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4]], "float32")
    targets = np.array([1, 3, 3, 0, 3, -1, 4], "int32")
    for k in [1, 2, 3]:
        case("inTopK", {"k": k}, [predictions, targets], [tf.math.in_top_k(targets, predictions, k)], f"k = {k}")
    x = np.array([[1, 3, 3], [2, 2, 2], [0, -1, 5]], "float32")
    case("argMax", {}, [x], [tf.argmax(x, axis=-1, output_type=tf.int32)], "with ties")
    case("oneHot", {"depth": 3}, [np.array([2, 0, -1, 3], "int32")], [tf.one_hot([2, 0, -1, 3], 3)], "outside is nothing")
    case("cast", {"to": "int32"}, [np.array([1.9, -1.9, 0.5, -0.5], "float32")], [tf.cast(np.array([1.9, -1.9, 0.5, -0.5], "float32"), tf.int32)], "cuts")


def elementwise():
    x = np.concatenate([np.linspace(-8, 8, 33), [0, 6, -20, 20]])
    unary = {
        "neg": tf.negative, "exp": tf.exp, "square": tf.square, "abs": tf.abs, "sign": tf.sign, "floor": tf.floor, "sin": tf.sin, "cos": tf.cos, "erf": tf.math.erf,
        "relu": tf.nn.relu, "relu6": tf.nn.relu6, "elu": tf.nn.elu, "selu": tf.nn.selu, "softplus": tf.nn.softplus, "softsign": tf.nn.softsign, "sigmoid": tf.sigmoid, "tanh": tf.tanh,
    }
    for fn, f in unary.items():
        case("unary", {"fn": fn}, [x], [f(x)], fn)
    positive = np.abs(x) + 0.125
    for fn, f in {"log": tf.math.log, "log1p": tf.math.log1p, "sqrt": tf.sqrt, "rsqrt": tf.math.rsqrt, "reciprocal": tf.math.reciprocal}.items():
        case("unary", {"fn": fn}, [positive], [f(positive)], fn)
    dy = eighths(*x.shape, dtype="float64")
    raw = tf.raw_ops
    by_output = {"relu": raw.ReluGrad, "relu6": raw.Relu6Grad}
    for fn, f in by_output.items():
        y = unary[fn](x)
        case("unaryGrad", {"fn": fn}, [dy, y], [f(gradients=dy, features=y)], fn)
    for fn, f in {"elu": raw.EluGrad, "selu": raw.SeluGrad}.items():
        y = unary[fn](x)
        case("unaryGrad", {"fn": fn}, [dy, y], [f(gradients=dy, outputs=y)], fn)
    for fn, f in {"sigmoid": raw.SigmoidGrad, "tanh": raw.TanhGrad}.items():
        y = unary[fn](x)
        case("unaryGrad", {"fn": fn}, [dy, y], [f(y=y, dy=dy)], fn)
    for fn, f in {"softplus": raw.SoftplusGrad, "softsign": raw.SoftsignGrad}.items():
        case("unaryGrad", {"fn": fn}, [dy, x], [f(gradients=dy, features=x)], fn)
    case("leakyRelu", {"slope": 0.25}, [x], [tf.nn.leaky_relu(x, 0.25)])
    case("leakyReluGrad", {"slope": 0.25}, [dy, x], [raw.LeakyReluGrad(gradients=dy, features=x, alpha=0.25)])
    a, b = eighths(3, 1, 4, dtype="float64"), eighths(2, 4, dtype="float64")
    binary = {"add": tf.add, "sub": tf.subtract, "mul": tf.multiply, "maximum": tf.maximum, "minimum": tf.minimum, "squaredDifference": tf.math.squared_difference}
    for fn, f in binary.items():
        case("binary", {"fn": fn}, [a, b], [f(a, b)], fn)
    case("binary", {"fn": "div"}, [a, b + 2.0625], [a / (b + 2.0625)], "div")
    case("binary", {"fn": "pow"}, [np.abs(a), b], [tf.pow(np.abs(a), b)], "pow")


def arrangements():
    x = eighths(2, 3, 4, dtype="float64")
    for fn, f in {"sum": tf.reduce_sum, "mean": tf.reduce_mean, "max": tf.reduce_max}.items():
        for axes, keep in [([0], False), ([1, 2], True), ([0, 2], False), ([0, 1, 2], False)]:
            case("reduce", {"fn": fn, "axes": axes, "keepDims": keep}, [x], [f(x, axis=axes, keepdims=keep)], f"{fn} over {axes}{', kept' if keep else ''}")
    case("concat", {}, [x, x[..., :2] - 1, x], [tf.concat([x, x[..., :2] - 1, x], -1)])
    case("slice", {"start": 1, "size": x.shape[-1] - 1}, [x], [x[..., 1:]])
    case("transpose", {"perm": [2, 0, 1]}, [x], [tf.transpose(x, [2, 0, 1])])
    case("reshape", {"shape": [4, 6]}, [x], [tf.reshape(x, [4, 6])])
    like = np.zeros((3, 1))
    case("sumToShape", {}, [x, like], [np.sum(x, axis=(0, 2)).reshape(3, 1)])
    narrow = eighths(3, 1, dtype="float64")
    case("broadcastLike", {}, [narrow, x], [tf.broadcast_to(narrow, x.shape)])
    for left, right in [(False, False), (True, False), (False, True), (True, True)]:
        a, b = eighths(*((3, 2) if left else (2, 3)), dtype="float64"), eighths(*((4, 3) if right else (3, 4)), dtype="float64")
        case("matmul", {"transposeA": left, "transposeB": right}, [a, b], [tf.matmul(a, b, transpose_a=left, transpose_b=right)], f"{left} {right}")
    bias = eighths(4, dtype="float64")
    case("biasAdd", {}, [x, bias], [tf.nn.bias_add(x, bias)])
    case("biasAddGrad", {}, [x], [tf.raw_ops.BiasAddGrad(out_backprop=x)])
    a, b = random.integers(-2, 3, (3, 4)).astype("float64"), random.integers(-2, 3, (4,)).astype("float64")
    compare = {"greater": tf.greater, "greaterEqual": tf.greater_equal, "less": tf.less, "lessEqual": tf.less_equal, "equal": tf.equal, "notEqual": tf.not_equal}
    for fn, f in compare.items():
        case("compare", {"fn": fn}, [a, b], [f(a, b)], fn)
    for fn, f in {"and": tf.logical_and, "or": tf.logical_or}.items():
        case("logical", {"fn": fn}, [a > 0, b > 0], [f(a > 0, b > 0)], fn)
    case("select", {}, [a > 0, a, b], [tf.where(a > 0, a, b)])
    kept = a > 0
    case("applyMask", {"keep": 0.75}, [a, kept], [np.where(kept, a / 0.75, 0)])
    case("batchSize", {}, [x], [np.array(2, "int32")])


def optimizers():
    w, m, v, g = eighths(3, 4), eighths(3, 4), np.abs(eighths(3, 4)), eighths(3, 4)

    def step(optimizer, slots, iterations):
        variable = keras.Variable(w)
        optimizer.build([variable])
        for name, value in slots.items():
            getattr(optimizer, name)[0].assign(value)
        optimizer.iterations.assign(iterations)
        optimizer.apply([tf.constant(g)])
        return [variable.numpy(), *[getattr(optimizer, name)[0].numpy() for name in slots]]

    rate = np.array(0.0625, "float32")
    for t in [1, 7]:
        adam = keras.optimizers.Adam(float(rate), beta_1=0.875, beta_2=0.96875, epsilon=1e-7)
        case("adamUpdate", {"beta1": 0.875, "beta2": 0.96875, "epsilon": 1e-7}, [w, m, v, g, rate, np.array(t, "float32")], step(adam, {"_momentums": m, "_velocities": v}, t - 1), f"step {t}")
    for nesterov in [False, True]:
        sgd = keras.optimizers.SGD(float(rate), momentum=0.875, nesterov=nesterov)
        case("momentumUpdate", {"momentum": 0.875, "nesterov": nesterov}, [w, m, g, rate], step(sgd, {"momentums": m}, 0), "nesterov" if nesterov else "")
    case("sgdUpdate", {}, [w, g, rate], step(keras.optimizers.SGD(float(rate)), {}, 0))


def channels():
    for padding in ["same", "valid"]:
        for size, stride, dilation, each in [((3, 3), 1, (1, 1), 1), ((2, 3), 2, (1, 1), 2), ((3, 2), 1, (2, 1), 2), ((1, 1), 2, (1, 1), 1)]:
            x, w = eighths(2, 5, 6, 2), eighths(*size, 2, each)
            attrs = {"stride": (stride, stride), "padding": padding, "dilation": dilation}
            name = f"{size[0]}x{size[1]} {padding} stride {stride} dilation {dilation} of {each}"
            with tf.GradientTape() as tape:
                xv, wv = tf.constant(x), tf.constant(w)
                tape.watch([xv, wv])
                y = tf.nn.depthwise_conv2d(xv, wv, (1, stride, stride, 1), padding.upper(), dilations=dilation)
                dy = eighths(*y.shape)
                total = tf.reduce_sum(y * dy)
            dx, dw = tape.gradient(total, [xv, wv])
            case("depthwiseConv2d", attrs, [x, w], [y], name)
            case("depthwiseInputGrad", attrs, [dy, w, x], [dx], name)
            case("depthwiseFilterGrad", {**attrs, "filterShape": list(w.shape)}, [x, dy], [dw], name)
        for size, stride in [((3, 3), (2, 2)), ((2, 3), (1, 2)), ((2, 2), (3, 3))]:
            layer = keras.layers.Conv2DTranspose(3, size, strides=stride, padding=padding, use_bias=False)
            x, w = eighths(2, 4, 3, 2), eighths(*size, 3, 2)
            layer.build(x.shape)
            layer.kernel.assign(w)
            y = layer(x)
            case("conv2dTranspose", {"stride": stride, "padding": padding, "dilation": (1, 1), "size": list(y.shape[1:3])}, [x, w], [y], f"{size} {padding} stride {stride}")


def sides():
    x = eighths(2, 4, 5, 2)
    case("pad", {"sides": (1, 2, 0, 3)}, [x], [keras.layers.ZeroPadding2D(((1, 2), (0, 3)))(x)])
    case("crop", {"sides": (1, 2, 0, 3)}, [x], [keras.layers.Cropping2D(((1, 2), (0, 3)))(x)])
    for size in [(2, 2), (1, 3), (4, 1)]:
        with tf.GradientTape() as tape:
            v = tf.constant(x)
            tape.watch(v)
            y = keras.layers.UpSampling2D(size, interpolation="bilinear")(v)
            dy = eighths(*y.shape)
            total = tf.reduce_sum(y * dy)
        case("upsampleBilinear", {"size": size}, [x], [y], f"{size}")
        case("upsampleBilinearGrad", {"size": size}, [dy], [tape.gradient(total, v)], f"{size}")


def uniforms():
    key, step, stream = np.array([123456789, -987654321], "int32"), np.array(42, "int32"), 1048577
    for shape in [(2, 8, 4), (3, 7)]:
        words = -(-int(np.prod(shape)) // 2)
        counter = tf.bitcast(tf.constant([[0, 0], [int(step), stream]], tf.int32), tf.uint64)
        drawn = tf.raw_ops.StatelessRandomUniformFullIntV2(shape=[words], key=tf.reshape(tf.bitcast(tf.constant(key), tf.uint64), [1]), counter=counter, alg=1, dtype=tf.uint32)
        halves = drawn.numpy().view("<u2")[: int(np.prod(shape))].reshape(shape)
        case("uniform", {"stream": stream}, [key, step, np.zeros(shape, "float32")], [(halves.astype("float64") + 0.5) / 65536], f"of {shape}")


for make in [convolutions, pools, normalization, softmaxes, dropout, warps, choices, elementwise, arrangements, optimizers, channels, sides, uniforms]:
    make()
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(f"{len(cases)} cases, {OUT.stat().st_size} bytes")
