"""Training steps in Keras with the rarer options of layers, losses and optimizers; files and form as of training.py.

Run by hand: python scripts/goldens/training_options.py [PART OF A NAME ...]
"""

import sys

import training
from training import L, accuracy, keras, np, tf

training.CASES.clear()
R, C, O, K, S = keras.regularizers, keras.constraints, keras.optimizers, keras.losses, keras.optimizers.schedules

SMALL = "  conv 2 3x3; tanh\n  flatten\n  dense classes; softmax"


def small():
    return [L.Conv2D(2, 3, name="conv_1"), L.Activation("tanh"), L.Flatten(), L.Dense(3, name="dense_1"), L.Softmax()]


def case(name, network=SMALL, layers=small, loss="categorical_crossentropy", optimizer="sgd lr=.0625", keras_optimizer=lambda: O.SGD(0.0625), shape=(6, 5, 1), **more):
    training.case(f"options-{name}", network, layers, loss, optimizer, more.pop("metrics", "accuracy"), more.pop("keras_metrics", (accuracy,)), keras_optimizer=keras_optimizer, shape=shape, **more)


def orthogonal(factor, mode="rows"):
    made = R.OrthogonalRegularizer(factor, mode)
    # Keras keeps it in float32.
    made.factor = tf.cast(factor, "float64")
    return made


# Norms whose gamma and beta cost something and are bounded.
case("norms",
     "  conv 3 3x3; batch_norm momentum=.75 gamma_regularizer=l2(.25) beta_regularizer=l1(.125) gamma_constraint=non_neg beta_constraint=max_norm(.25); tanh\n"
     "  conv 4 2x2; layer_norm gamma_regularizer=l1_l2(.125, .25) beta_constraint=unit_norm gamma_constraint=max_norm(1); tanh\n"
     "  group_norm 2 beta_regularizer=l2(.5) gamma_constraint=min_max_norm(.5, 1, rate=.5)\n  flatten\n  dense classes; softmax",
     lambda: [L.Conv2D(3, 3, name="conv_1"), L.BatchNormalization(momentum=0.75, gamma_regularizer=R.L2(0.25), beta_regularizer=R.L1(0.125), gamma_constraint=C.NonNeg(), beta_constraint=C.MaxNorm(0.25), name="batch_norm_1"),
              L.Activation("tanh"), L.Conv2D(4, 2, name="conv_2"), L.LayerNormalization(gamma_regularizer=R.L1L2(0.125, 0.25), beta_constraint=C.UnitNorm(), gamma_constraint=C.MaxNorm(1), name="layer_norm_1"), L.Activation("tanh"),
              L.GroupNormalization(2, beta_regularizer=R.L2(0.5), gamma_constraint=C.MinMaxNorm(0.5, 1, 0.5), name="group_norm_1"), L.Flatten(), L.Dense(3, name="dense_1"), L.Softmax()])

case("relu-orthogonal",
     "  conv 3 3x3; relu max_value=.5 negative_slope=.25 threshold=.125\n  conv 3 2x2; relu negative_slope=.125\n  conv 3 2x2; relu max_value=.25; relu threshold=.0625\n  flatten\n  dense 5 kernel_regularizer=orthogonal_regularizer(.5); tanh\n"
     "  dense 4 kernel_regularizer=orthogonal_regularizer(.015625, mode=columns); tanh\n  dense classes; softmax",
     lambda: [L.Conv2D(3, 3, name="conv_1"), L.ReLU(0.5, 0.25, 0.125), L.Conv2D(3, 2, name="conv_2"), L.ReLU(negative_slope=0.125), L.Conv2D(3, 2, name="conv_3"), L.ReLU(0.25), L.ReLU(threshold=0.0625), L.Flatten(),
              L.Dense(5, kernel_regularizer=orthogonal(0.5), name="dense_1"), L.Activation("tanh"), L.Dense(4, kernel_regularizer=orthogonal(0.015625, "columns"), name="dense_2"), L.Activation("tanh"),
              L.Dense(3, name="dense_3"), L.Softmax()], shape=(7, 7, 1))


def of_classes(make):
    """A loss of class numbers, from the one-hot rows that the metrics want."""
    def loss(y_true, y_pred):
        return make(tf.cast(tf.argmax(y_true, -1), y_pred.dtype), y_pred)

    return loss


def ignoring(ignored, from_logits=False):
    loss = K.SparseCategoricalCrossentropy(from_logits=from_logits, ignore_class=ignored)
    # The mask of what does not count is seen by the Loss that wraps the function.
    return of_classes(lambda y, p: loss.call(y, p))


def metric_ignoring(ignored):
    return lambda: keras.metrics.MeanMetricWrapper(of_classes(lambda y, p: K.sparse_categorical_crossentropy(y, p, ignore_class=ignored)), name="ignoring")


case("ignore-class", loss="sparse_categorical_crossentropy ignore_class=1", labels="sparse", keras_loss=lambda: ignoring(1), metrics="accuracy sparse_categorical_crossentropy(ignore_class=2)",
     keras_metrics=(accuracy, metric_ignoring(2)), fit="class_weight { c0 2; c2 .5 }", weights=lambda y: np.array([2, 1, 0.5])[y])
case("ignore-class-logits", "  conv 2 3x3; tanh\n  flatten\n  dense classes", lambda: small()[:-1], loss="sparse_categorical_crossentropy from_logits ignore_class=0", labels="sparse", keras_loss=lambda: ignoring(0, True))
case("generalized-crossentropy", loss="categorical_generalized_crossentropy q=.75", keras_loss=lambda: of_classes(K.CategoricalGeneralizedCrossEntropy(0.75).call))

# Betas exact in float32, through which Keras takes them even in float64.
B = dict(beta_1=0.875, beta_2=0.96875)
TEXT = "beta_1=.875 beta_2=.96875"
case("lamb", optimizer=f"lamb lr=.0625 {TEXT} weight_decay=.0625", keras_optimizer=lambda: O.Lamb(0.0625, weight_decay=0.0625, **B))
case("gathered-adam-ema", optimizer=f"adam lr=.0625 {TEXT} gradient_accumulation_steps=2 clipnorm=.25 weight_decay=.125 ema ema_momentum=.75 ema_overwrite_frequency=2",
     keras_optimizer=lambda: O.Adam(0.0625, gradient_accumulation_steps=2, clipnorm=0.25, weight_decay=0.125, use_ema=True, ema_momentum=0.75, ema_overwrite_frequency=2, **B))
case("gathered-nadam", optimizer=f"nadam lr=.0625 {TEXT} gradient_accumulation_steps=2 global_clipnorm=.5", keras_optimizer=lambda: O.Nadam(0.0625, gradient_accumulation_steps=2, global_clipnorm=0.5, **B))
case("gathered-sgd-schedule", "  conv 2 3x3 kernel_constraint=min_max_norm(.25, .5, rate=.5); batch_norm; tanh\n  flatten\n  dense classes; softmax",
     lambda: [L.Conv2D(2, 3, kernel_constraint=C.MinMaxNorm(0.25, 0.5, 0.5), name="conv_1"), L.BatchNormalization(name="batch_norm_1"), L.Activation("tanh"), L.Flatten(), L.Dense(3, name="dense_1"), L.Softmax()],
     optimizer="sgd lr=exponential_decay(.125, steps=2, rate=.5) momentum=.5 nesterov gradient_accumulation_steps=3", keras_optimizer=lambda: O.SGD(S.ExponentialDecay(0.125, 2, 0.5), 0.5, nesterov=True, gradient_accumulation_steps=3))

if __name__ == "__main__":
    for index, (name, spec) in enumerate(training.CASES.items()):
        if len(sys.argv) > 1 and not any(part in name for part in sys.argv[1:]):
            continue
        training.golden(400 + index, name, spec)
