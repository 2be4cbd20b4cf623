"""Training steps in Keras of networks with every kind of layer and of penalties, bounds and frozen layers; files and form as of training.py.

Run by hand: python scripts/goldens/training_layers.py [PART OF A NAME ...]
"""

import sys

import training
from training import L, accuracy, keras

training.CASES.clear()


def case(name, network, layers, **given):
    last = f"dense_{network.count(' dense ') + 1}"
    training.case(f"layers-{name}", network + "\n  flatten\n  dense classes; softmax", lambda: [*layers(), L.Flatten(), L.Dense(3, name=last), L.Softmax()], "categorical_crossentropy",
                  given.pop("optimizer", "sgd lr=.05"), "accuracy", (accuracy,), keras_optimizer=given.pop("keras_optimizer", lambda: keras.optimizers.SGD(0.05)), **given)


def conv_cases():
    case("depthwise", "  depthwise_conv 3x3 depth_multiplier=2 activation=tanh\n  depthwise_conv 2x3 same stride=2; tanh",
         lambda: [L.DepthwiseConv2D(3, depth_multiplier=2, activation="tanh", name="depthwise_conv_1"), L.DepthwiseConv2D((2, 3), strides=2, padding="same", name="depthwise_conv_2"), L.Activation("tanh")], shape=(9, 8, 3))
    case("depthwise-dilated", "  depthwise_conv 3x3 dilation=2; tanh\n  depthwise_conv 3x3 same dilation=2x1 stride=2 bias=off; tanh",
         lambda: [L.DepthwiseConv2D(3, dilation_rate=2, name="depthwise_conv_1"), L.Activation("tanh"), L.DepthwiseConv2D(3, padding="same", dilation_rate=(2, 1), strides=2, use_bias=False, name="depthwise_conv_2"), L.Activation("tanh")], shape=(10, 9, 3))
    case("separable", "  separable_conv 4 3x3; tanh\n  separable_conv 3 3x3 same stride=2 depth_multiplier=2; tanh\n  separable_conv 3 2x2 dilation=2 stride=2; tanh",
         lambda: [L.SeparableConv2D(4, 3, name="separable_conv_1"), L.Activation("tanh"), L.SeparableConv2D(3, 3, padding="same", strides=2, depth_multiplier=2, name="separable_conv_2"), L.Activation("tanh"),
                  L.SeparableConv2D(3, 2, dilation_rate=2, strides=2, name="separable_conv_3"), L.Activation("tanh")], shape=(12, 11, 3))
    case("groups", "  conv 6 3x3 groups=3; tanh\n  conv 4 3x3 same stride=2 groups=2; tanh\n  conv 4 2x2 groups=2 dilation=2x1; tanh",
         lambda: [L.Conv2D(6, 3, groups=3, name="conv_1"), L.Activation("tanh"), L.Conv2D(4, 3, padding="same", strides=2, groups=2, name="conv_2"), L.Activation("tanh"),
                  L.Conv2D(4, 2, groups=2, dilation_rate=(2, 1), name="conv_3"), L.Activation("tanh")], shape=(9, 8, 3))
    case("transpose", "  conv 3 3x3 stride=2; tanh\n  conv_transpose 4 3x3 stride=2 same; tanh\n  conv_transpose 2 2x3 stride=2x1; tanh\n  conv_transpose 2 3x3 same stride=3 output_padding=1 activation=tanh\n  pool 3",
         lambda: [L.Conv2D(3, 3, strides=2, name="conv_1"), L.Activation("tanh"), L.Conv2DTranspose(4, 3, strides=2, padding="same", name="conv_transpose_1"), L.Activation("tanh"),
                  L.Conv2DTranspose(2, (2, 3), strides=(2, 1), name="conv_transpose_2"), L.Activation("tanh"),
                  L.Conv2DTranspose(2, 3, strides=3, padding="same", output_padding=1, activation="tanh", name="conv_transpose_3"), L.MaxPooling2D(3)], shape=(7, 8, 1))


def shape_cases():
    case("sides", "  zero_pad [1, 2, 0, 3]\n  conv 3 3x3; tanh\n  cropping [1, 0, 2, 1]\n  upsample 2x3\n  conv 3 2x2; tanh\n  upsample 2 bilinear\n  conv 2 3x3; tanh",
         lambda: [L.ZeroPadding2D(((1, 2), (0, 3))), L.Conv2D(3, 3, name="conv_1"), L.Activation("tanh"), L.Cropping2D(((1, 0), (2, 1))), L.UpSampling2D((2, 3)), L.Conv2D(3, 2, name="conv_2"), L.Activation("tanh"),
                  L.UpSampling2D(2, interpolation="bilinear"), L.Conv2D(2, 3, name="conv_3"), L.Activation("tanh")], shape=(6, 7, 1))
    case("reshape", "  conv 4 3x3; tanh\n  permute [3, 1, 2]\n  conv 2 2x2; tanh\n  reshape [-1, 6]\n  permute [2, 1]\n  layer_norm\n  flatten\n  dense 12; tanh\n  reshape 2x2x3\n  conv 2 2x2",
         lambda: [L.Conv2D(4, 3, name="conv_1"), L.Activation("tanh"), L.Permute((3, 1, 2)), L.Conv2D(2, 2, name="conv_2"), L.Activation("tanh"), L.Reshape((-1, 6)), L.Permute((2, 1)), L.LayerNormalization(name="layer_norm_1"),
                  L.Flatten(), L.Dense(12, name="dense_1"), L.Activation("tanh"), L.Reshape((2, 2, 3)), L.Conv2D(2, 2, name="conv_3")], shape=(8, 8, 1))


def norm_cases():
    case("norms", "  conv 4 3x3; layer_norm; tanh\n  conv 6 2x2; group_norm 3; tanh\n  conv 4 2x2; group_norm groups=-1 epsilon=.01 center=off; tanh\n  group_norm 1 scale=off\n  flatten\n  dense 6; layer_norm epsilon=.01; tanh\n  dense 6; group_norm 2",
         lambda: [L.Conv2D(4, 3, name="conv_1"), L.LayerNormalization(name="layer_norm_1"), L.Activation("tanh"), L.Conv2D(6, 2, name="conv_2"), L.GroupNormalization(3, name="group_norm_1"), L.Activation("tanh"),
                  L.Conv2D(4, 2, name="conv_3"), L.GroupNormalization(-1, epsilon=0.01, center=False, name="group_norm_2"), L.Activation("tanh"), L.GroupNormalization(1, scale=False, name="group_norm_3"), L.Flatten(),
                  L.Dense(6, name="dense_1"), L.LayerNormalization(epsilon=0.01, name="layer_norm_2"), L.Activation("tanh"), L.Dense(6, name="dense_2"), L.GroupNormalization(2, name="group_norm_4")], shape=(8, 8, 1),
         optimizer="sgd lr=.01", keras_optimizer=lambda: keras.optimizers.SGD(0.01))
    case("activations", "  rescale 2 offset=-1\n  conv 4 3x3; prelu\n  conv 4 3x3; prelu shared_axes=[1, 2]\n  conv 4 3x3; mish\n  flatten\n  dense 6; hard_silu\n  dense 6 activation=mish\n  dense 6 activation=hard_silu; prelu",
         lambda: [L.Rescaling(2, -1), L.Conv2D(4, 3, name="conv_1"), L.PReLU(name="prelu_1"), L.Conv2D(4, 3, name="conv_2"), L.PReLU(shared_axes=[1, 2], name="prelu_2"), L.Conv2D(4, 3, name="conv_3"), L.Activation("mish"),
                  L.Flatten(), L.Dense(6, name="dense_1"), L.Activation("hard_silu"), L.Dense(6, activation="mish", name="dense_2"), L.Dense(6, activation="hard_silu", name="dense_3"), L.PReLU(name="prelu_3")], shape=(9, 8, 1))


def weight_cases():
    R, C = keras.regularizers, keras.constraints
    case("regularizers", "  conv 4 3x3 kernel_regularizer=l2(.25) bias_regularizer=l1(.125); tanh\n  separable_conv 3 3x3 depthwise_regularizer=l1 pointwise_regularizer=l1_l2(.125, .0625) activity_regularizer=l2(.0625); tanh\n"
         "  prelu alpha_regularizer=l2(.5)\n  flatten\n  dense 6 activity_regularizer=l1(.03125) activation=tanh\n  dense 4 kernel_regularizer=l2(.5) trainable=off; tanh",
         lambda: [L.Conv2D(4, 3, kernel_regularizer=R.L2(0.25), bias_regularizer=R.L1(0.125), name="conv_1"), L.Activation("tanh"),
                  L.SeparableConv2D(3, 3, depthwise_regularizer=R.L1(), pointwise_regularizer=R.L1L2(0.125, 0.0625), activity_regularizer=R.L2(0.0625), name="separable_conv_1"), L.Activation("tanh"),
                  L.PReLU(alpha_regularizer=R.L2(0.5), name="prelu_1"), L.Flatten(), L.Dense(6, activity_regularizer=R.L1(0.03125), activation="tanh", name="dense_1"),
                  L.Dense(4, kernel_regularizer=R.L2(0.5), trainable=False, name="dense_2"), L.Activation("tanh")], shape=(7, 7, 1))
    case("constraints", "  conv 4 3x3 kernel_constraint=max_norm(.5) bias_constraint=non_neg; tanh\n  conv 4 3x3 kernel_constraint=max_norm(.75, axis=[0, 1, 2]); tanh\n  depthwise_conv 2x2 depthwise_constraint=unit_norm; tanh\n"
         "  flatten\n  dense 6 kernel_constraint=min_max_norm(.5, 1, rate=.75); tanh\n  dense 5 kernel_constraint=unit_norm(axis=[-1]); tanh",
         lambda: [L.Conv2D(4, 3, kernel_constraint=C.MaxNorm(0.5), bias_constraint=C.NonNeg(), name="conv_1"), L.Activation("tanh"), L.Conv2D(4, 3, kernel_constraint=C.MaxNorm(0.75, axis=[0, 1, 2]), name="conv_2"), L.Activation("tanh"),
                  L.DepthwiseConv2D(2, depthwise_constraint=C.UnitNorm(), name="depthwise_conv_1"), L.Activation("tanh"), L.Flatten(), L.Dense(6, kernel_constraint=C.MinMaxNorm(0.5, 1, 0.75), name="dense_1"), L.Activation("tanh"),
                  L.Dense(5, kernel_constraint=C.UnitNorm(axis=-1), name="dense_2"), L.Activation("tanh")], shape=(8, 7, 1), optimizer="sgd lr=.1 momentum=.5", keras_optimizer=lambda: keras.optimizers.SGD(0.1, 0.5))
    case("frozen", "  conv 4 3x3 trainable=off; batch_norm trainable=off; tanh\n  conv 4 3x3; batch_norm trainable=off momentum=.5; tanh\n  conv 3 2x2; batch_norm; tanh\n  layer_norm trainable=off; group_norm 3 trainable=off\n  prelu trainable=off",
         lambda: [L.Conv2D(4, 3, trainable=False, name="conv_1"), L.BatchNormalization(trainable=False, name="batch_norm_1"), L.Activation("tanh"), L.Conv2D(4, 3, name="conv_2"),
                  L.BatchNormalization(trainable=False, momentum=0.5, name="batch_norm_2"), L.Activation("tanh"), L.Conv2D(3, 2, name="conv_3"), L.BatchNormalization(name="batch_norm_3"), L.Activation("tanh"),
                  L.LayerNormalization(trainable=False, name="layer_norm_1"), L.GroupNormalization(3, trainable=False, name="group_norm_1"), L.PReLU(trainable=False, name="prelu_1")], shape=(8, 8, 1))
    # The end of the network has a penalty on what it gives.
    training.case("layers-activity-of-the-head", "  flatten\n  dense 5; tanh\n  dense classes activation=softmax activity_regularizer=l2(.5)",
                  lambda: [L.Flatten(), L.Dense(5, name="dense_1"), L.Activation("tanh"), L.Dense(3, activation="softmax", activity_regularizer=R.L2(0.5), name="dense_2")],
                  "categorical_crossentropy", "sgd lr=.1", "accuracy", (accuracy,), keras_optimizer=lambda: keras.optimizers.SGD(0.1))


conv_cases()
shape_cases()
norm_cases()
weight_cases()

if __name__ == "__main__":
    for index, (name, spec) in enumerate(training.CASES.items()):
        if len(sys.argv) > 1 and not any(part in name for part in sys.argv[1:]):
            continue
        training.golden(300 + index, name, spec)
