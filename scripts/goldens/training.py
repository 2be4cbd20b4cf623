"""Training steps of small networks in Keras, for test/compiler/graph/training.test.ts and test/runtime/engine/goldens.test.ts.

Run by hand: python scripts/goldens/training.py
Keras computes in float64, so that the float64 interpreter can be compared to many digits and a float32 engine to float32's.
Each file states its program as `.cnn` text (the data as facts), and holds initial weights, data, losses and metrics of five
steps (the third batch is short), weights after them, and what evaluate and predict give before and after.
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

keras.config.set_floatx("float64")
FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "test", "goldens", "training")
SAMPLES, BATCH, STEPS = 20, 8, 5


def numbers(array):
    """Numbers rounded to 13 digits: enough for comparisons, half the size."""
    return [float(f"{v:.13g}") for v in np.asarray(array, "float64").ravel()]


def tensor(array):
    array = np.asarray(array)
    whole = array.dtype.kind in "ui"
    return {"shape": list(array.shape), "data": array.ravel().tolist() if whole else numbers(array)}


def top_k(k):
    # TensorFlow's InTopK takes float32 only.
    def in_top_k(y_true, y_pred):
        return tf.cast(tf.math.in_top_k(tf.argmax(y_true, -1), tf.cast(y_pred, "float32"), k), "float64")

    return keras.metrics.MeanMetricWrapper(in_top_k, name="top_k")


def scaled(x):
    return x / 255.0


def samplewise(x):
    x = x / 255.0
    x = x - x.mean((1, 2, 3), keepdims=True)
    return x / (x.std((1, 2, 3), keepdims=True) + 1e-6)


def featurewise(x):
    x = x / 255.0
    mean, std = x.mean((0, 1, 2)), x.std((0, 1, 2))
    featurewise.statistics = {"preprocess/mean": mean, "preprocess/std": std}
    return (x - mean) / (std + 1e-6)


def between(x):
    return x * 0.01 - 1.25


CASES = {}


def case(name, network, layers, loss, optimizer, metrics="", keras_metrics=(), keras_loss=None, keras_optimizer=None,
         labels="categorical", count=3, shape=(8, 8, 1), preprocess="scale 1/255", pre=scaled, pixels="uint8", fit="", weights=None, model=None):
    CASES[name] = dict(
        text=f"""data {{ npz "golden.npz" }}
preprocess {{ {preprocess} }}
network <
{network}
>
compile {{
  optimizer {optimizer}
  loss {loss}{chr(10) + "  metrics " + metrics if metrics else ""}
}}
fit {{ batch {BATCH}{"; " + fit if fit else ""} }}
""",
        layers=layers, loss=keras_loss or loss, optimizer=keras_optimizer or optimizer, metrics=keras_metrics,
        labels=labels, count=count, shape=shape, pre=pre, pixels=pixels, weights=weights, model=model,
    )


accuracy = keras.metrics.CategoricalAccuracy
binary = keras.metrics.BinaryAccuracy
mae = keras.metrics.MeanAbsoluteError
mse = keras.metrics.MeanSquaredError

case("softmax-adam",
     "  conv 4 3x3; relu\n  pool 2\n  flatten\n  dense 8; relu\n  dense classes; softmax",
     lambda: [L.Conv2D(4, 3, name="conv_1"), L.ReLU(), L.MaxPooling2D(2), L.Flatten(), L.Dense(8, name="dense_1"), L.ReLU(),
              L.Dense(3, name="dense_2"), L.Softmax()],
     "categorical_crossentropy", "adam lr=.01", "accuracy", (accuracy,), keras_optimizer=lambda: keras.optimizers.Adam(0.01))

# Betas exact in float32, through which Keras takes them even in float64, allow the closer comparison.
case("sparse-adam-betas",
     "  conv 3 3x3 same stride=2x1 activation=tanh\n  flatten\n  dense classes activation=softmax",
     lambda: [L.Conv2D(3, 3, padding="same", strides=(2, 1), activation="tanh", name="conv_1"), L.Flatten(),
              L.Dense(3, activation="softmax", name="dense_1")],
     "sparse_categorical_crossentropy", "adam lr=.005 beta_1=.75 beta_2=.9375 epsilon=.001", "accuracy top_k(2)", (accuracy, lambda: top_k(2)),
     keras_loss="sparse", keras_optimizer=lambda: keras.optimizers.Adam(0.005, 0.75, 0.9375, 1e-3), labels="sparse", shape=(7, 6, 3))

case("smoothing-sgd",
     "  conv 4 3x3 same stride=2; leaky_relu\n  flatten\n  dense classes; softmax",
     lambda: [L.Conv2D(4, 3, padding="same", strides=2, name="conv_1"), L.LeakyReLU(), L.Flatten(), L.Dense(5, name="dense_1"), L.Softmax()],
     "categorical_crossentropy label_smoothing=.1", "sgd lr=.05", "accuracy top_k(2) mae mse", (accuracy, lambda: top_k(2), mae, mse),
     keras_loss=lambda: keras.losses.CategoricalCrossentropy(label_smoothing=0.1), keras_optimizer=lambda: keras.optimizers.SGD(0.05), count=5, shape=(8, 8, 3))

case("logits-momentum",
     "  conv 3 2x3 bias=off; elu .5\n  pool 3 stride=2 same\n  flatten\n  dense classes",
     lambda: [L.Conv2D(3, (2, 3), use_bias=False, name="conv_1"), L.ELU(0.5), L.MaxPooling2D(3, 2, padding="same"), L.Flatten(), L.Dense(4, name="dense_1")],
     "categorical_crossentropy from_logits", "sgd lr=.02 momentum=.9", "accuracy", (accuracy,),
     keras_loss=lambda: keras.losses.CategoricalCrossentropy(from_logits=True), keras_optimizer=lambda: keras.optimizers.SGD(0.02, 0.9), count=4)

case("sparse-logits-nesterov",
     "  conv 3 3x3 activation=relu\n  avg_pool 3 stride=2 same\n  flatten\n  dense classes",
     lambda: [L.Conv2D(3, 3, activation="relu", name="conv_1"), L.AveragePooling2D(3, 2, padding="same"), L.Flatten(), L.Dense(3, name="dense_1")],
     "sparse_categorical_crossentropy from_logits", "sgd lr=.03 momentum=.8 nesterov", "accuracy", (accuracy,), keras_loss="sparse_logits",
     keras_optimizer=lambda: keras.optimizers.SGD(0.03, 0.8, nesterov=True), labels="sparse")

case("binary-rmsprop",
     "  conv 4 3x3; relu6\n  global_avg_pool\n  dense 6; softplus\n  dense 1; sigmoid",
     lambda: [L.Conv2D(4, 3, name="conv_1"), L.Activation("relu6"), L.GlobalAveragePooling2D(), L.Dense(6, name="dense_1"), L.Activation("softplus"),
              L.Dense(1, name="dense_2"), L.Activation("sigmoid")],
     "binary_crossentropy", "rmsprop lr=.01", "accuracy mae", (binary, mae), keras_optimizer=lambda: keras.optimizers.RMSprop(0.01), labels="binary", count=2)

case("binary-logits-rmsprop-centered",
     "  conv 4 3x3; tanh\n  global_pool\n  dense 1",
     lambda: [L.Conv2D(4, 3, name="conv_1"), L.Activation("tanh"), L.GlobalMaxPooling2D(), L.Dense(1, name="dense_1")],
     "binary_crossentropy from_logits label_smoothing=.2", "rmsprop lr=.005 rho=.8 momentum=.7 epsilon=.0001 centered", "accuracy(threshold=0)",
     (lambda: binary(threshold=0.0),), keras_loss=lambda: keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.2),
     keras_optimizer=lambda: keras.optimizers.RMSprop(0.005, 0.8, 0.7, 1e-4, centered=True), labels="binary", count=2)

case("multilabel-adam",
     "  conv 4 3x3 same; selu\n  avg_pool 2\n  flatten\n  dense classes activation=sigmoid",
     lambda: [L.Conv2D(4, 3, padding="same", name="conv_1"), L.Activation("selu"), L.AveragePooling2D(2), L.Flatten(), L.Dense(4, activation="sigmoid", name="dense_1")],
     "binary_crossentropy", "adam lr=.01 beta_1=.875 beta_2=.96875", "accuracy(threshold=.4) mse", (lambda: binary(threshold=0.4), mse), keras_optimizer=lambda: keras.optimizers.Adam(0.01, 0.875, 0.96875),
     labels="multilabel", count=4)

case("multilabel-smoothing-rmsprop-momentum",
     "  conv 3 3x3 stride=2; softsign\n  flatten\n  dense classes; sigmoid",
     lambda: [L.Conv2D(3, 3, strides=2, name="conv_1"), L.Activation("softsign"), L.Flatten(), L.Dense(3, name="dense_1"), L.Activation("sigmoid")],
     "binary_crossentropy label_smoothing=.1", "rmsprop lr=.003 momentum=.5", "accuracy", (binary,),
     keras_loss=lambda: keras.losses.BinaryCrossentropy(label_smoothing=0.1), keras_optimizer=lambda: keras.optimizers.RMSprop(0.003, momentum=0.5),
     labels="multilabel", count=3)

case("values-mse",
     "  conv 3 3x3; gelu\n  flatten\n  dense 5; silu\n  dense 2",
     lambda: [L.Conv2D(3, 3, name="conv_1"), L.Activation(lambda x: keras.activations.gelu(x, approximate=False)), L.Flatten(), L.Dense(5, name="dense_1"),
              L.Activation("silu"), L.Dense(2, name="dense_2")],
     "mse", "adam lr=.01 beta_1=.875 beta_2=.96875", "mae mse", (mae, mse), keras_optimizer=lambda: keras.optimizers.Adam(0.01, 0.875, 0.96875), labels="values", count=2)

case("classes-mse",
     "  conv 3 3x3; hard_sigmoid\n  flatten\n  dense classes; softmax",
     lambda: [L.Conv2D(3, 3, name="conv_1"), L.Activation("hard_sigmoid"), L.Flatten(), L.Dense(3, name="dense_1"), L.Softmax()],
     "mse", "sgd lr=.1", "accuracy mae", (accuracy, mae), keras_optimizer=lambda: keras.optimizers.SGD(0.1))

case("batch-norm",
     "  conv 4 3x3 bias=off; batch_norm; relu\n  pool 2\n  conv 5 2x2 bias=off; batch_norm momentum=.9 epsilon=.01; relu\n  flatten\n"
     "  dense 6 bias=off; batch_norm; relu\n  dense classes; softmax",
     lambda: [L.Conv2D(4, 3, use_bias=False, name="conv_1"), L.BatchNormalization(name="batch_norm_1"), L.ReLU(), L.MaxPooling2D(2),
              L.Conv2D(5, 2, use_bias=False, name="conv_2"), L.BatchNormalization(momentum=0.9, epsilon=0.01, name="batch_norm_2"), L.ReLU(), L.Flatten(),
              L.Dense(6, use_bias=False, name="dense_1"), L.BatchNormalization(name="batch_norm_3"), L.ReLU(), L.Dense(3, name="dense_2"), L.Softmax()],
     "categorical_crossentropy", "sgd lr=.05 momentum=.9", "accuracy", (accuracy,), keras_optimizer=lambda: keras.optimizers.SGD(0.05, 0.9),
     preprocess="samplewise_center; samplewise_std_normalization; scale 1/255", pre=samplewise, shape=(8, 8, 3))

case("batch-norm-bare",
     "  conv 4 3x3 bias=off; batch_norm scale=off momentum=.8; silu\n  conv 4 3x3 bias=off; batch_norm center=off scale=off; elu\n  global_avg_pool\n  dense classes; softmax",
     lambda: [L.Conv2D(4, 3, use_bias=False, name="conv_1"), L.BatchNormalization(scale=False, momentum=0.8, name="batch_norm_1"), L.Activation("silu"),
              L.Conv2D(4, 3, use_bias=False, name="conv_2"), L.BatchNormalization(center=False, scale=False, name="batch_norm_2"), L.ELU(), L.GlobalAveragePooling2D(),
              L.Dense(3, name="dense_1"), L.Softmax()],
     "categorical_crossentropy", "sgd lr=.1", "accuracy", (accuracy,), keras_optimizer=lambda: keras.optimizers.SGD(0.1),
     preprocess="scale 1/255; featurewise_center; featurewise_std_normalization", pre=featurewise, shape=(8, 7, 3))

case("options",
     "  conv 3 3x3 activation=leaky_relu\n  conv 3 3x3 activation=elu\n  flatten\n  dense 6 activation=selu\n  dense 6 activation=gelu\n  dense 6 activation=hard_sigmoid\n"
     "  dense 6 activation=softsign\n  dense 6 activation=softplus\n  dense 6 activation=relu6\n  dense classes activation=softmax",
     lambda: [L.Conv2D(3, 3, activation="leaky_relu", name="conv_1"), L.Conv2D(3, 3, activation="elu", name="conv_2"), L.Flatten(),
              L.Dense(6, activation="selu", name="dense_1"), L.Dense(6, activation=lambda x: keras.activations.gelu(x, approximate=False), name="dense_2"),
              L.Dense(6, activation="hard_sigmoid", name="dense_3"), L.Dense(6, activation="softsign", name="dense_4"),
              L.Dense(6, activation="softplus", name="dense_5"), L.Dense(6, activation="relu6", name="dense_6"), L.Dense(3, activation="softmax", name="dense_7")],
     "categorical_crossentropy", "sgd lr=.1 momentum=.9", "accuracy", (accuracy,), keras_optimizer=lambda: keras.optimizers.SGD(0.1, 0.9),
     preprocess="scale .01; offset -1.25", pre=between)

case("dilation-windows",
     "  conv 3 3x3 dilation=2; relu\n  pool 2 stride=1\n  conv 3 2x2 same dilation=2x1; tanh\n  avg_pool 2x3 stride=1\n  flatten\n  dense classes; softmax",
     lambda: [L.Conv2D(3, 3, dilation_rate=2, name="conv_1"), L.ReLU(), L.MaxPooling2D(2, 1), L.Conv2D(3, 2, padding="same", dilation_rate=(2, 1), name="conv_2"),
              L.Activation("tanh"), L.AveragePooling2D((2, 3), 1), L.Flatten(), L.Dense(3, name="dense_1"), L.Softmax()],
     "categorical_crossentropy", "adam lr=.01 beta_1=.875 beta_2=.96875", "accuracy", (accuracy,), keras_optimizer=lambda: keras.optimizers.Adam(0.01, 0.875, 0.96875), shape=(10, 9, 1))

case("float-pixels",
     "  conv 3 3x3; relu\n  flatten\n  dense classes; softmax",
     lambda: [L.Conv2D(3, 3, name="conv_1"), L.ReLU(), L.Flatten(), L.Dense(3, name="dense_1"), L.Softmax()],
     "categorical_crossentropy", "adam lr=.01 beta_1=.875 beta_2=.96875", "accuracy", (accuracy,), keras_optimizer=lambda: keras.optimizers.Adam(0.01, 0.875, 0.96875),
     preprocess="mean_std mean=[.4] std=[.3]", pre=lambda x: (x - 0.4) / (0.3 + 1e-6), pixels="float32")


def targets(random, spec):
    """y as the graph takes it, and as Keras takes it."""
    kind, count = spec["labels"], spec["count"]
    if kind in ("categorical", "sparse"):
        classes = random.randint(0, count, SAMPLES).astype("int32")
        return classes, keras.utils.to_categorical(classes, count)
    if kind == "values":
        rows = random.normal(size=(SAMPLES, count)).astype("float32")
    else:
        rows = random.randint(0, 2, (SAMPLES, 1 if kind == "binary" else count)).astype("float32")
    return rows, rows.astype("float64")


def sparse_loss(from_logits):
    # Through Keras's sparse loss, from the one-hot rows that the metrics want.
    def loss(y_true, y_pred):
        return keras.losses.sparse_categorical_crossentropy(tf.argmax(y_true, -1), y_pred, from_logits=from_logits)

    return loss


def make_loss(loss):
    if loss == "sparse":
        return sparse_loss(False)
    if loss == "sparse_logits":
        return sparse_loss(True)
    return loss() if callable(loss) else loss


def weights_of(model):
    return {f"{layer.name}/{v.name}": v.numpy() for layer in model.layers for v in layer.variables}


def results(logs, names):
    return numbers([logs["loss"]] + [logs[name] for name in names])


def golden(index, name, spec):
    random = np.random.RandomState(100 + index)
    keras.utils.set_random_seed(index)
    x = random.randint(0, 256, (SAMPLES, *spec["shape"])).astype("uint8")
    if spec["pixels"] == "float32":
        x = np.float32(x) / np.float32(256)  # exact in few digits
    y, keras_y = targets(random, spec)
    images = spec["pre"](x.astype("float64"))
    model = spec["model"]() if spec["model"] else keras.Sequential([keras.Input(spec["shape"]), *spec["layers"]()])
    # Initial weights are exact in float32, and biases and scales are not all zeros and ones.
    for layer in model.layers:
        for v in layer.variables:
            moved = v.numpy() + (random.uniform(0, 0.2, v.shape) if len(v.shape) == 1 else 0)
            v.assign(np.float64(np.float32(moved)))
    metrics = [make() for make in spec["metrics"]]
    names = []
    for metric in metrics:
        metric.name = f"m{len(names)}"
        names.append(metric.name)
    model.compile(spec["optimizer"](), make_loss(spec["loss"]), metrics=metrics, jit_compile=False)

    def evaluated():
        return results(model.evaluate(images, keras_y, batch_size=BATCH, verbose=0, return_dict=True), names)

    def predicted():
        y = model.predict(images, batch_size=BATCH, verbose=0)
        ends = spec["layers"]()[-1]
        scores = "hinge" in str(spec["loss"]) or "loss" in spec["text"] and "from_logits" in spec["text"].split("loss")[1].split("\n")[0]
        if scores and not isinstance(ends, L.Softmax) and getattr(ends, "activation", None) not in (keras.activations.softmax, keras.activations.sigmoid):
            # cnnc predicts probabilities always.
            y = (tf.sigmoid(y) if spec["labels"] in ("binary", "multilabel") else tf.nn.softmax(y)).numpy()
        return tensor(y)

    first = weights_of(model)
    before = {"evaluate": evaluated(), "predict": predicted()}
    steps = []
    batches = [range(start, min(start + BATCH, SAMPLES)) for start in range(0, SAMPLES, BATCH)]
    for step in range(STEPS):
        rows = list(batches[step % len(batches)])
        model.reset_metrics()
        steps.append(results(model.train_on_batch(images[rows], keras_y[rows], sample_weight=spec["weights"](y[rows]) if spec["weights"] else None, return_dict=True), names))
    statistics = getattr(spec["pre"], "statistics", {})
    content = {
        "about": "Made by scripts/goldens/training.py; do not edit.",
        "keras": keras.__version__, "tensorflow": tf.__version__,
        "program": spec["text"],
        "facts": {"labelKind": spec["labels"], "classes": ["no", "yes"] if spec["labels"] == "binary" else [f"c{i}" for i in range(spec["count"])],
                  "sampleShape": list(spec["shape"]), "pixelType": spec["pixels"], "count": SAMPLES, "perClass": [], "parts": {"test": False, "validation": False}},
        "x": tensor(x), "y": tensor(y), "batch": BATCH,
        "statistics": {k: tensor(v) for k, v in statistics.items()},
        "initial": {k: tensor(v) for k, v in first.items()},
        "before": before, "steps": steps,
        "after": {"evaluate": evaluated(), "predict": predicted()},
        "final": {k: tensor(v) for k, v in weights_of(model).items()},
    }
    with open(os.path.join(FOLDER, f"{name}.json"), "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in content.items()) + "\n}\n")
    print(name, steps[0], steps[-1], sum(v.size for v in first.values()))


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    for index, (name, spec) in enumerate(CASES.items()):
        golden(index, name, spec)
