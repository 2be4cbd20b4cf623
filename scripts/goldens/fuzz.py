"""Random programs in Keras, against what our interpreter and engines made of them.

Run by hand:
  npx tsx scripts/fuzz-programs.ts programs.json 300 1
  python scripts/goldens/fuzz.py programs.json [--float32] [--only N]

Every network is built from the Program's JSON alone, its cells by the functional API: layers, losses, metrics and optimizer of Keras, dropout with the masks
that ours drew (Keras draws others). Compared are predictions, loss and gradients of the first step, the sums of loss and metrics
of each step, weights after the first and the last one. Keras computes in float64 and is held against the float64 interpreter;
with --float32 in float32, against every engine, allowing what rounding changes in the interpreter.
Prints what disagrees; exits 1 if anything does.
"""

import argparse
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

tf.get_logger().setLevel("ERROR")  # retracing
EPSILON = 1e-6  # of standard deviations, ImageDataGenerator


class Masked(L.Layer):
    """Dropout with a mask that is given: of the input's shape, or of one that broadcasts to it."""

    def __init__(self, keep, name):
        super().__init__(name=name)
        self.keep = keep
        self.mask = tf.Variable(0.0, shape=tf.TensorShape(None), trainable=False, dtype=keras.config.floatx())

    def call(self, x, training=False):
        return tf.ensure_shape(x * self.mask / self.keep, x.shape) if training else x


def gelu(x):
    return keras.activations.gelu(x, approximate=False)


def activation(word):
    """An `activation=` option, by Keras's own names and numbers."""
    return gelu if word == "gelu" else word


def initial(shape, dtype=None):
    return keras.ops.zeros(shape, dtype)  # replaced by the program's own weights


def window(args):
    return dict(strides=tuple(args["stride"]), padding=args["padding"])


CONSTRAINTS = {"max_norm": keras.constraints.MaxNorm, "min_max_norm": keras.constraints.MinMaxNorm, "unit_norm": keras.constraints.UnitNorm, "non_neg": keras.constraints.NonNeg}


def weights(a):
    """What is said of a layer's weights: trained or not, their penalties and bounds."""
    options = {"trainable": a["trainable"]} if "trainable" in a else {}
    for key, value in a.items():
        if key.endswith("_regularizer") and value:
            options[key] = keras.regularizers.L1L2(value["l1"], value["l2"])
        if key.endswith("_constraint") and value:
            rest = {k: v for k, v in value.items() if k != "kind"}
            options[key] = CONSTRAINTS[value["kind"]](**rest)
    return options


def ended(a):
    return dict(use_bias=a["bias"], activation=activation(a["activation"]), **weights(a))


def conv(a, name):
    return L.Conv2D(a["filters"], tuple(a["size"]), dilation_rate=tuple(a["dilation"]), groups=a.get("groups", 1), name=name, **ended(a), **window(a))


def depthwise(a, name):
    return L.DepthwiseConv2D(tuple(a["size"]), depth_multiplier=a["depth_multiplier"], dilation_rate=tuple(a["dilation"]), name=name, **ended(a), **window(a))


def separable(a, name):
    return L.SeparableConv2D(a["filters"], tuple(a["size"]), depth_multiplier=a["depth_multiplier"], dilation_rate=tuple(a["dilation"]), name=name, **ended(a), **window(a))


def transposed(a, name):
    output_padding = None if a["output_padding"] is None else tuple(a["output_padding"])
    return L.Conv2DTranspose(a["filters"], tuple(a["size"]), output_padding=output_padding, dilation_rate=tuple(a["dilation"]), name=name, **ended(a), **window(a))


def dense(a, name):
    return L.Dense(a["units"], name=name, **ended(a))


def sides(four):
    top, bottom, left, right = four
    return (top, bottom), (left, right)


def normalising(a):
    return dict(epsilon=a["epsilon"], center=a["center"], scale=a["scale"], **weights(a))


LAYERS = {
    "conv": conv,
    "dense": dense,
    "pool": lambda a, n: L.MaxPooling2D(tuple(a["size"]), name=n, **window(a)),
    "avg_pool": lambda a, n: L.AveragePooling2D(tuple(a["size"]), name=n, **window(a)),
    "depthwise_conv": depthwise,
    "separable_conv": separable,
    "conv_transpose": transposed,
    "global_pool": lambda a, n: L.GlobalMaxPooling2D(keepdims=a.get("keepdims", False), name=n),
    "global_avg_pool": lambda a, n: L.GlobalAveragePooling2D(keepdims=a.get("keepdims", False), name=n),
    "batch_norm": lambda a, n: L.BatchNormalization(momentum=a["momentum"], name=n, **normalising(a)),
    "layer_norm": lambda a, n: L.LayerNormalization(name=n, **normalising(a)),
    "group_norm": lambda a, n: L.GroupNormalization(groups=a["groups"], name=n, **normalising(a)),
    "zero_pad": lambda a, n: L.ZeroPadding2D(sides(a["padding"]), name=n),
    "cropping": lambda a, n: L.Cropping2D(sides(a["cropping"]), name=n),
    "upsample": lambda a, n: L.UpSampling2D(tuple(a["size"]), interpolation=a["interpolation"], name=n),
    "reshape": lambda a, n: L.Reshape(tuple(a["shape"]), name=n),
    "permute": lambda a, n: L.Permute(tuple(a["dims"]), name=n),
    "rescale": lambda a, n: L.Rescaling(a["scale"], a["offset"], name=n),
    "prelu": lambda a, n: L.PReLU(shared_axes=a["shared_axes"] or None, name=n, **weights(a)),
    "dropout": lambda a, n: Masked(a["keep"], n) if a["threshold"] > 0 else L.Identity(name=n),
    # A mask for each channel is spread by multiplying.
    "spatial_dropout": lambda a, n: Masked(a["keep"], n) if a["threshold"] > 0 else L.Identity(name=n),
    "flatten": lambda a, n: L.Flatten(name=n),
    "leaky_relu": lambda a, n: L.LeakyReLU(negative_slope=a["negative_slope"], name=n),
    "elu": lambda a, n: L.ELU(alpha=a["alpha"], name=n),
    "relu": lambda a, n: L.ReLU(name=n),
    "softmax": lambda a, n: L.Softmax(name=n),
    "gelu": lambda a, n: L.Activation(gelu, name=n),
}
for word in ("relu6", "selu", "silu", "mish", "hard_sigmoid", "hard_silu", "sigmoid", "tanh", "softplus", "softsign"):
    LAYERS[word] = lambda a, n, word=word: L.Activation(word, name=n)


MERGES = {"add": L.Add, "average": L.Average, "multiply": L.Multiply, "maximum": L.Maximum, "concat": L.Concatenate}


def through(cell, x, layers):
    """A cell of the Program's tree by the functional API."""
    for node in cell["nodes"]:
        kind = node["kind"]
        if kind == "layer":
            x = layers[node["layer"]](x)
        elif kind == "repeat":
            for iteration in node["iterations"]:
                x = through(iteration, x, layers)
        elif kind == "call":
            x = through(node["cell"], x, layers)
        elif kind == "residual":
            x = L.Add()([through(node["cell"], x, layers), through(node["shortcut"], x, layers)])
        else:
            x = MERGES[node["merge"]]()([through(inner, x, layers) for inner in node["cells"]])
    return x


OPTIMIZERS = {
    "adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW, "nadam": keras.optimizers.Nadam, "adamax": keras.optimizers.Adamax, "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop, "adagrad": keras.optimizers.Adagrad, "adadelta": keras.optimizers.Adadelta, "lion": keras.optimizers.Lion, "ftrl": keras.optimizers.Ftrl,
}
LOSSES = {
    "mse": keras.losses.MeanSquaredError,
    "mae": keras.losses.MeanAbsoluteError,
    "mape": keras.losses.MeanAbsolutePercentageError,
    "msle": keras.losses.MeanSquaredLogarithmicError,
    "log_cosh": keras.losses.LogCosh,
    "huber": keras.losses.Huber,
    "hinge": keras.losses.Hinge,
    "squared_hinge": keras.losses.SquaredHinge,
    "categorical_hinge": keras.losses.CategoricalHinge,
    "kl_divergence": keras.losses.KLDivergence,
    "poisson": keras.losses.Poisson,
    "cosine_similarity": keras.losses.CosineSimilarity,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "categorical_focal_crossentropy": keras.losses.CategoricalFocalCrossentropy,
    "binary_focal_crossentropy": keras.losses.BinaryFocalCrossentropy,
}
M = keras.metrics


def wrapped(loss):
    return lambda m, name: M.MeanMetricWrapper(loss(m), name=name)


def crossentropy(m):
    return {"from_logits": m["from_logits"], "label_smoothing": m["label_smoothing"]}


def top_k(k):
    # TensorFlow's InTopK takes float32 only.
    return lambda y_true, y_pred: tf.cast(tf.math.in_top_k(tf.argmax(y_true, -1), tf.cast(y_pred, "float32"), k), keras.config.floatx())


def sparse_crossentropy(m):
    return lambda y_true, y_pred: keras.losses.sparse_categorical_crossentropy(tf.argmax(y_true, -1), y_pred, from_logits=m["from_logits"])


def rightful(kind):
    return lambda m, name: kind(thresholds=m["threshold"], top_k=m["top_k"], class_id=m["class_id"], name=name)


METRICS = {
    "accuracy": lambda m, name: M.CategoricalAccuracy(name) if m["form"] == "categorical" else M.BinaryAccuracy(name, threshold=m["threshold"]),
    "top_k": wrapped(lambda m: top_k(m["k"])),
    "precision": rightful(M.Precision),
    "recall": rightful(M.Recall),
    "auc": lambda m, name: M.AUC(m["num_thresholds"], m["curve"].upper(), m["summation_method"], from_logits=m["from_logits"], name=name),
    "f1": lambda m, name: M.F1Score(m["average"], m["threshold"], name=name),
    "r2": lambda m, name: M.R2Score(m["class_aggregation"], name=name),
    "rmse": lambda m, name: M.RootMeanSquaredError(name),
    "huber": wrapped(lambda m: lambda y, p: keras.losses.huber(y, p, m["delta"])),
    "categorical_crossentropy": lambda m, name: M.CategoricalCrossentropy(name, **crossentropy(m)),
    "sparse_categorical_crossentropy": wrapped(sparse_crossentropy),
    "binary_crossentropy": lambda m, name: M.BinaryCrossentropy(name, **crossentropy(m)),
    "mse": lambda m, name: M.MeanSquaredError(name),
    "mae": lambda m, name: M.MeanAbsoluteError(name),
    "mape": lambda m, name: M.MeanAbsolutePercentageError(name),
    "msle": lambda m, name: M.MeanSquaredLogarithmicError(name),
    "log_cosh": lambda m, name: M.LogCoshError(name),
    "poisson": lambda m, name: M.Poisson(name),
    "cosine_similarity": lambda m, name: M.CosineSimilarity(name),
    "kl_divergence": lambda m, name: M.KLDivergence(name),
    "hinge": lambda m, name: M.Hinge(name),
    "squared_hinge": lambda m, name: M.SquaredHinge(name),
    "categorical_hinge": lambda m, name: M.CategoricalHinge(name),
}


def measured(program):
    """
    Metrics that are compared, by their place. Keras's AUC refuses outputs that are no probabilities, and ours takes what it is given. Keras's cross-entropies look for
    the logits behind any activation: those behind a sigmoid it takes for a softmax's, and the other way round.
    """
    last = program["layers"][-1]
    end = last["args"].get("activation", last["word"])
    strange = {"auc": end not in ("softmax", "sigmoid", "hard_sigmoid"), "sparse_categorical_crossentropy": end == "sigmoid", "categorical_crossentropy": end == "sigmoid", "binary_crossentropy": end == "softmax"}
    return [(i, m) for i, m in enumerate(program["compile"]["metrics"]) if m.get("from_logits") or not strange.get(m["kind"], False)]


def unknown_words(program):
    """What this script cannot build."""
    made = program["compile"]
    asked = {"layer": (LAYERS, [layer["word"] for layer in program["layers"]]), "optimizer": (OPTIMIZERS, [made["optimizer"]["kind"]]), "loss": (LOSSES, [made["loss"]["kind"]]), "metric": (METRICS, [m["kind"] for m in made["metrics"]])}
    unknown = {f"{what} {word}" for what, (table, words) in asked.items() for word in words if word not in table}
    if any(layer["word"] == "conv_transpose" and max(layer["args"]["dilation"]) > 1 for layer in program["layers"]):
        unknown.add("dilated conv_transpose: TensorFlow has none on this device")
    if made.get("precision", "float32") != "float32":
        unknown.add(made["precision"])
    return unknown


def optimizer_of(compiled):
    o, around = compiled["optimizer"], compiled.get("around") or {}
    kind, rest = o["kind"], {k: v if isinstance(v, bool) else float(v) for k, v in o.items() if k not in ("kind", "lr")}
    if around.get("weight_decay") is not None:
        rest["weight_decay"] = around["weight_decay"]
    if around.get("clip"):
        rest[{"norm": "clipnorm", "global_norm": "global_clipnorm", "value": "clipvalue"}[around["clip"]["by"]]] = around["clip"]["limit"]
    if around.get("ema"):
        rest.update(use_ema=True, ema_momentum=around["ema"]["momentum"], ema_overwrite_frequency=around["ema"]["overwrite_frequency"])
    # The rate of each step is given.
    return OPTIMIZERS[kind](learning_rate=0.001, **rest)


def loss_of(loss):
    kind, rest = loss["kind"], {k: v for k, v in loss.items() if k != "kind"}
    if kind != "sparse_categorical_crossentropy":
        return LOSSES[kind](**rest)
    # From the one-hot rows that the metrics want; a loss for each sample, which may be weighed.
    return lambda y_true, y_pred: keras.losses.sparse_categorical_crossentropy(tf.argmax(y_true, -1), y_pred, from_logits=loss["from_logits"])


def array(t, dtype=None):
    return np.asarray(t["data"], dtype or keras.config.floatx()).reshape(t["shape"])


def preprocessed(x, p, statistics):
    x = x.astype("float64") * p["scale"] + p["offset"]
    axes = (1, 2, 3)
    mean, std = x.mean(axes, keepdims=True), x.std(axes, keepdims=True)
    if p["samplewiseCenter"]:
        x = x - mean
    if p["samplewiseStd"]:
        x = x / (std + EPSILON)
    if p["featurewiseCenter"]:
        x = x - statistics["preprocess/mean"]
    if p["featurewiseStd"]:
        x = x / (statistics["preprocess/std"] + EPSILON)
    if p["meanStd"]:
        x = (x - np.array(p["meanStd"]["mean"])) / (np.array(p["meanStd"]["std"]) + EPSILON)
    if p.get("zca"):
        x = (x.reshape(len(x), -1) @ statistics["preprocess/zca"]).reshape(x.shape)
    return x.astype(keras.config.floatx())


def run(case):
    program = case["program"]
    keras.backend.clear_session()
    layers = [LAYERS[layer["word"]](layer["args"], layer["name"]) for layer in program["layers"]]
    pixels = keras.Input(program["input"])
    model = keras.Model(pixels, through(program["network"], pixels, layers))
    metrics = [m for _, m in measured(program)]
    start = {name: array(t) for name, t in case["start"].items()}
    variables = {f"{layer.name}/{v.name}": v for layer in model.layers for v in layer.variables}
    for name, v in variables.items():
        v.assign(start[name])
    model.compile(optimizer_of(program["compile"]), loss_of(program["compile"]["loss"]), metrics=[METRICS[m["kind"]](m, "m_" + m["name"]) for m in metrics], jit_compile=False)

    x = preprocessed(array(case["x"], "float64"), program["preprocess"], start)
    labels = program["labels"]
    y = array(case["y"])
    if labels["kind"] in ("categorical", "sparse"):
        y = np.eye(labels["count"], dtype=keras.config.floatx())[y.astype("int64")]
    weights = array(case["weights"]) if case["weights"] else None
    masked = [layer for layer in layers if isinstance(layer, Masked)]

    def masks(step):
        for layer in masked:
            layer.mask.assign(array(case["masks"][step][layer.name]))

    def predictions():
        out = model(x, training=False)
        if case["activation"] is not None:
            # cnnc predicts probabilities always.
            out = tf.sigmoid(out) if case["activation"] == "sigmoid" else tf.nn.softmax(out)
        return out.numpy()

    result = {"before": predictions()}
    masks(0)
    first, last = case["batches"][0]
    saved = {name: v.numpy() for name, v in variables.items()}
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x[first:last], y[first:last], model(x[first:last], training=True), None if weights is None else weights[first:last])
    names = [name for name, v in variables.items() if v.trainable]
    grads = tape.gradient(loss, [variables[name].value for name in names])
    result["gradients"] = {"loss": loss.numpy(), **{f"grad/{name}": np.zeros(variables[name].shape) if g is None else g.numpy() for name, g in zip(names, grads)}}
    for name, v in variables.items():
        v.assign(saved[name])  # moving statistics

    result["sums"] = []
    for step in range(len(case["masks"])):
        first, last = case["batches"][step % len(case["batches"])]
        masks(step)
        model.reset_metrics()
        model.optimizer.learning_rate.assign(case["rates"][step])
        logs = model.train_on_batch(x[first:last], y[first:last], None if weights is None else weights[first:last], return_dict=True)
        means = [logs["loss"], *(logs["m_" + m["name"]] for m in metrics)]
        result["sums"].append(np.array(means, "float64") * (last - first))
        if step == 0:
            result["first"] = {name: v.numpy() for name, v in variables.items()}
    result["last"] = {name: v.numpy() for name, v in variables.items()}
    result["after"] = predictions()
    return result


def norm(a):
    return float(np.linalg.norm(np.asarray(a, "float64").ravel()))


def ours(results, program):
    """As Keras's results."""
    known = [0, *(i + 1 for i, _ in measured(program))]
    arrays = lambda tensors: {name: array(t, "float64") for name, t in tensors.items()}
    return {"before": array(results["before"], "float64"), "after": array(results["after"], "float64"), "sums": [np.array(s, "float64")[known] for s in results["sums"]],
            **{part: arrays(results[part]) for part in ("gradients", "first", "last")}}


def differences(case, theirs, mine, rounding, float32):
    """What disagrees: (what, distance relative to size, allowed). rounding: two results that differ by rounding only; their distance is allowed 30 times."""
    total = norm([norm(g) for name, g in theirs["gradients"].items() if name != "loss"])
    zero = {name[5:] for name, g in rounding[0]["gradients"].items() if norm(g) <= 1e-9 * total}
    adaptive = program_optimizer(case) != "sgd"
    rows = []

    def row(what, get, tolerance, floor):
        a, b = np.asarray(get(theirs)), np.asarray(get(mine))
        # No numbers, or infinite: the same is the same.
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        a, b = np.where(same, 0, a), np.where(same, 0, b)
        size = max(norm(b), floor, 1e-12)
        noise = 30 * norm(np.where(same, 0, np.asarray(get(rounding[0])) - np.asarray(get(rounding[1])))) / size if float32 else 0
        gap = norm(a - b) / size
        if gap and not gap <= tolerance + noise:
            rows.append((what, gap, tolerance + noise))

    # Keras takes momentum and Adam's betas, and TensorFlow a leaky relu's slope and gelu's root of 2, through float32 also in float64.
    loose = float32 or "elu" in case["text"]
    row("predictions", lambda r: r["before"], 1e-5 if float32 else 1e-6 if loose else 1e-7, 1e-6)
    if not np.isfinite(theirs["gradients"]["loss"]) and not np.isfinite(mine["gradients"]["loss"]):
        return rows  # a logarithm of what is below 0, say
    row("loss", lambda r: r["gradients"]["loss"], 1e-5 if float32 else 1e-6 if loose else 1e-7, 1e-6)
    for name in mine["gradients"]:
        if name != "loss":
            row(name, lambda r: r["gradients"][name], 1e-5 if loose else 1e-6, (1 if name[5:] in zero else 0.01) * total)
    for step in range(len(mine["sums"])):
        row(f"loss of step {step + 1}", lambda r: r["sums"][step][:1], 1e-4 if loose else 1e-5, 1e-6)
        row(f"metrics of step {step + 1}", lambda r: r["sums"][step][1:], 1e-4, 1)
    for part, what, tolerance in (("first", "after the first step", 1e-5), ("last", "after the last step", 1e-3 if float32 else 1e-5)):
        for name in mine[part]:
            if adaptive and (name in zero or (float32 and zero and "/moving_" in name)):
                continue  # noise, made into steps
            before = array(case["start"][name], "float64")
            slope = rounding[0]["gradients"].get(f"grad/{name}", np.array(np.inf))
            there = np.abs(slope) > 1e-6 * total if adaptive else True
            # Of what changed, not of the weight.
            row(f"{name} {what}", lambda r: (r[part][name] - before) * there, 1e-2 if float32 else 1e-4 if adaptive or loose else 1e-5, 1e-5 if float32 else 1e-9)
    if not (float32 and adaptive and zero):
        row("predictions after", lambda r: r["after"], 1e-3 if float32 else 1e-5, 1e-6)
    return rows


def program_optimizer(case):
    return case["program"]["compile"]["optimizer"]["kind"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--only", type=int)
    args = parser.parse_args()
    keras.config.set_floatx("float32" if args.float32 else "float64")
    cases = json.load(open(args.programs))
    wrong, unknown = 0, {}
    for index, case in enumerate(cases):
        if args.only is not None and index != args.only:
            continue
        missing = unknown_words(case["program"])
        for word in missing:
            unknown[word] = unknown.get(word, 0) + 1
        if missing:
            continue
        theirs = run(case)
        rounding = (ours(case["results"]["interpreter"], case["program"]), ours(case["results"]["inexact"], case["program"]))
        kinds = [kind for kind in case["results"] if kind not in ("interpreter", "inexact")] if args.float32 else ["interpreter"]
        found = [(kind, *row) for kind in kinds for row in differences(case, theirs, ours(case["results"][kind], case["program"]), rounding, args.float32)]
        if found:
            wrong += 1
            print(f"--- {index}\n{case['text']}{case['program']['labels']['kind']}, {case['program']['input']}, " + json.dumps(case["program"]["compile"]))
            for kind, what, gap, allowed in found[:12]:
                print(f"  {kind}: {what}: {gap:.2e} > {allowed:.2e}")
            sys.stdout.flush()
    for word, count in unknown.items():
        print(f"{count} programs not compared: no {word}")
    print(f"{len(cases)} programs, {wrong} disagree")
    sys.exit(1 if wrong or unknown else 0)


if __name__ == "__main__":
    main()
