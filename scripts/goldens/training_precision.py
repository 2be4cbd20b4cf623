"""Training steps in Keras with its policy mixed_bfloat16; form as of training.py, in test/goldens/precision, for test/compiler/graph/training/precision.test.ts and test/runtime/engine/precision.test.ts.

Run by hand: python scripts/goldens/training_precision.py
The softmax or sigmoid at the end has dtype float32, as Keras's guide to mixed precision says and cnnc does without being told. On a processor without bfloat16 TensorFlow's gradients
of convolutions add up in bfloat16, which is off by about one in a hundred: that, and not the sixteen bits, sets the tests' tolerances.
"""

import os

import training
from training import L, accuracy, binary, keras, mae

training.CASES.clear()
training.FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "test", "goldens", "precision")
keras.config.set_floatx("float32")
keras.mixed_precision.set_global_policy("mixed_bfloat16")


def case(name, network, layers, loss, optimizer, *rest, **given):
    training.case(name, network, layers, loss, optimizer + "\n  precision mixed_bfloat16", *rest, **given)


case("norms-pool",
     "  conv 4 3x3 bias=off; batch_norm; relu\n  pool 2\n  conv 5 2x2 same; tanh\n  layer_norm\n  flatten\n  dense 6; silu\n  dense classes; softmax",
     lambda: [L.Conv2D(4, 3, use_bias=False, name="conv_1"), L.BatchNormalization(name="batch_norm_1"), L.ReLU(), L.MaxPooling2D(2), L.Conv2D(5, 2, padding="same", name="conv_2"), L.Activation("tanh"),
              L.LayerNormalization(name="layer_norm_1"), L.Flatten(), L.Dense(6, name="dense_1"), L.Activation("silu"), L.Dense(3, name="dense_2"), L.Softmax(dtype="float32")],
     "categorical_crossentropy", "sgd lr=.1 momentum=.9", "accuracy", (accuracy,), keras_optimizer=lambda: keras.optimizers.SGD(0.1, 0.9), shape=(8, 8, 3))

R = keras.regularizers
case("depthwise-binary",
     "  separable_conv 4 3x3 activation=tanh\n  depthwise_conv 3x3 same depthwise_regularizer=l2(.05); relu6\n  avg_pool 2\n  conv 4 2x2 groups=2; group_norm 2; softplus\n  global_avg_pool\n  dense 1; sigmoid",
     lambda: [L.SeparableConv2D(4, 3, activation="tanh", name="separable_conv_1"), L.DepthwiseConv2D(3, padding="same", depthwise_regularizer=R.L2(0.05), name="depthwise_conv_1"), L.Activation("relu6"),
              L.AveragePooling2D(2), L.Conv2D(4, 2, groups=2, name="conv_1"), L.GroupNormalization(2, name="group_norm_1"), L.Activation("softplus"), L.GlobalAveragePooling2D(), L.Dense(1, name="dense_1"),
              L.Activation("sigmoid", dtype="float32")],
     "binary_crossentropy", "sgd lr=.2", "accuracy mae", (binary, mae), keras_optimizer=lambda: keras.optimizers.SGD(0.2), labels="binary", count=2, shape=(8, 8, 3))

case("values-adam",
     "  conv 4 3x3 stride=2; gelu\n  zero_pad 1\n  conv 4 3x3; prelu\n  flatten\n  dense 6 activation=selu\n  dense 2",
     lambda: [L.Conv2D(4, 3, strides=2, name="conv_1"), L.Activation(lambda x: keras.activations.gelu(x, approximate=False)), L.ZeroPadding2D(1), L.Conv2D(4, 3, name="conv_2"), L.PReLU(name="prelu_1"), L.Flatten(),
              L.Dense(6, activation="selu", name="dense_1"), L.Dense(2, name="dense_2")],
     "mse", "adam lr=.01 beta_1=.875 beta_2=.96875", "mae", (mae,), keras_optimizer=lambda: keras.optimizers.Adam(0.01, 0.875, 0.96875), labels="values", count=2)

if __name__ == "__main__":
    os.makedirs(training.FOLDER, exist_ok=True)
    for index, (name, spec) in enumerate(training.CASES.items()):
        training.golden(700 + index, name, spec)
