"""More training steps in Keras, one for each word of compile: optimizers with their options, schedules, losses, metrics, sample weights.

Run by hand: python scripts/goldens/training_words.py [PART OF A NAME ...]
The same form and folder as training.py, which has the details; networks are small, since the words are what is compared.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))

import keras
import numpy as np
from keras import layers as L
from keras import metrics as M
from training import CASES, FOLDER, accuracy, binary, case, golden, mae, mse

CASES.clear()
O, S, K = keras.optimizers, keras.optimizers.schedules, keras.losses

SMALL = "  conv 2 3x3; tanh\n  flatten\n  dense classes; softmax"


def small(units=3, activation="softmax"):
    return lambda: [L.Conv2D(2, 3, name="conv_1"), L.Activation("tanh"), L.Flatten(), L.Dense(units, name="dense_1"), L.Activation(activation)]


def optimizer(name, text, make, **more):
    case(name, SMALL, small(), "categorical_crossentropy", text, "accuracy", (accuracy,), keras_optimizer=make, shape=(6, 5, 1), **more)


# Betas exact in float32, through which Keras takes them even in float64.
B = dict(beta_1=0.875, beta_2=0.96875)
TEXT = "beta_1=.875 beta_2=.96875"
optimizer("optimizer-adamw", f"adamw lr=.01 {TEXT} weight_decay=.0625", lambda: O.AdamW(0.01, weight_decay=0.0625, **B))
optimizer("optimizer-adamw-default", "adamw", lambda: O.AdamW())
optimizer("optimizer-adamw-amsgrad-clipnorm", f"adamw lr=.01 {TEXT} amsgrad clipnorm=.25", lambda: O.AdamW(0.01, amsgrad=True, clipnorm=0.25, **B))
optimizer("optimizer-adam-amsgrad", f"adam lr=.02 {TEXT} amsgrad", lambda: O.Adam(0.02, amsgrad=True, **B))
optimizer("optimizer-nadam-global-clipnorm", f"nadam lr=.01 {TEXT} global_clipnorm=.5", lambda: O.Nadam(0.01, global_clipnorm=0.5, **B))
optimizer("optimizer-nadam-default", "nadam", lambda: O.Nadam())
optimizer("optimizer-adamax-clipvalue", f"adamax lr=.01 {TEXT} clipvalue=.0625", lambda: O.Adamax(0.01, clipvalue=0.0625, **B))
optimizer("optimizer-adagrad-decay", "adagrad lr=.05 weight_decay=.125", lambda: O.Adagrad(0.05, weight_decay=0.125))
optimizer("optimizer-adagrad", "adagrad lr=.05 initial_accumulator_value=.25 epsilon=.001", lambda: O.Adagrad(0.05, initial_accumulator_value=0.25, epsilon=1e-3))
optimizer("optimizer-adadelta", "adadelta lr=1 rho=.875 epsilon=.0001", lambda: O.Adadelta(1.0, rho=0.875, epsilon=1e-4))
optimizer("optimizer-lion-decay", "lion lr=.001953125 beta_1=.875 beta_2=.9375 weight_decay=.5", lambda: O.Lion(0.001953125, 0.875, 0.9375, weight_decay=0.5))
optimizer("optimizer-ftrl", "ftrl lr=.05", lambda: O.Ftrl(0.05))
optimizer("optimizer-ftrl-strengths",
          "ftrl lr=.05 learning_rate_power=-.75 initial_accumulator_value=.25 l1_regularization_strength=.015625 l2_regularization_strength=.25 l2_shrinkage_regularization_strength=.125 beta=.5",
          lambda: O.Ftrl(0.05, -0.75, 0.25, 0.015625, 0.25, 0.125, 0.5))
optimizer("optimizer-sgd-ema", "sgd lr=.0625 momentum=.5 ema ema_momentum=.75 ema_overwrite_frequency=2", lambda: O.SGD(0.0625, 0.5, use_ema=True, ema_momentum=0.75, ema_overwrite_frequency=2))
optimizer("optimizer-rmsprop-decay", "rmsprop lr=.01 weight_decay=.25 clipnorm=1", lambda: O.RMSprop(0.01, weight_decay=0.25, clipnorm=1.0))
optimizer("optimizer-sgd-nesterov-decay", "sgd lr=.0625 momentum=.5 nesterov weight_decay=.25", lambda: O.SGD(0.0625, 0.5, nesterov=True, weight_decay=0.25))
optimizer("schedule-exponential", "sgd lr=exponential_decay(.0625, steps=2, rate=.5)", lambda: O.SGD(S.ExponentialDecay(0.0625, 2, 0.5)))
optimizer("schedule-cosine-warmup", "sgd lr=cosine_decay(0, steps=4, alpha=.25, warmup_target=.125, warmup_steps=2)",
          lambda: O.SGD(S.CosineDecay(0.0, 4, 0.25, warmup_target=0.125, warmup_steps=2)))
optimizer("schedule-piecewise-decay", f"adamw lr=piecewise([1, 3], [.0625, .03125, .015625]) {TEXT} weight_decay=.25",
          lambda: O.AdamW(S.PiecewiseConstantDecay([1, 3], [0.0625, 0.03125, 0.015625]), weight_decay=0.25, **B))


def loss(name, text, make, head="softmax", labels="categorical", count=3, keras_metrics=(), metrics="", lr="0.0625"):
    if not metrics:
        metrics, keras_metrics = {"values": ("mae", (mae,)), "categorical": ("accuracy", (accuracy,))}.get(labels, ("accuracy", (binary,)))
    units = 1 if labels == "binary" else count
    end = f"dense {'classes' if labels not in ('binary', 'values') else units}" + (f"; {head}" if head != "linear" else "")
    case(name, f"  conv 2 3x3; tanh\n  flatten\n  {end}", small(units, head), text, f"sgd lr={lr}", metrics, keras_metrics,
         keras_loss=make, keras_optimizer=lambda: O.SGD(float(lr)), labels=labels, count=count, shape=(6, 5, 1))


VALUES = dict(head="linear", labels="values", count=2)
loss("loss-mae", "mae", "mae", **VALUES, metrics="rmse r2 mape huber(delta=.5)",
     keras_metrics=(M.RootMeanSquaredError, M.R2Score, M.MeanAbsolutePercentageError, lambda: M.MeanMetricWrapper(lambda y, p: K.huber(y, p, 0.5), name="huber")))
loss("loss-huber", "huber delta=.5", lambda: K.Huber(0.5), **VALUES, metrics="r2(class_aggregation=variance_weighted_average) log_cosh cosine_similarity",
     keras_metrics=(lambda: M.R2Score("variance_weighted_average"), M.LogCoshError, M.CosineSimilarity))
loss("loss-log-cosh", "log_cosh", "log_cosh", **VALUES)
loss("loss-mape", "mape", "mape", **VALUES, lr="0.0009765625")
loss("loss-cosine", "cosine_similarity", K.CosineSimilarity, **VALUES, lr="0.015625")
loss("loss-msle", "msle", "msle", metrics="msle", keras_metrics=(M.MeanSquaredLogarithmicError,))
loss("loss-poisson", "poisson", "poisson", head="softplus", labels="values", count=2, metrics="poisson", keras_metrics=(M.Poisson,))
loss("loss-kl", "kl_divergence", "kl_divergence", metrics="kl_divergence categorical_hinge categorical_crossentropy(label_smoothing=.125)",
     keras_metrics=(M.KLDivergence, M.CategoricalHinge, lambda: M.CategoricalCrossentropy(label_smoothing=0.125)))
loss("loss-hinge", "hinge", "hinge", head="tanh", labels="binary", count=2, metrics="hinge squared_hinge accuracy(threshold=0)", keras_metrics=(M.Hinge, M.SquaredHinge, lambda: binary(threshold=0.0)))
loss("loss-squared-hinge", "squared_hinge", "squared_hinge", head="linear", labels="multilabel", count=3)
loss("loss-categorical-hinge", "categorical_hinge", "categorical_hinge", head="linear", metrics="accuracy", keras_metrics=(accuracy,))
loss("loss-focal", "categorical_focal_crossentropy", K.CategoricalFocalCrossentropy)
loss("loss-focal-options", "categorical_focal_crossentropy alpha=.5 gamma=1.5 from_logits label_smoothing=.125",
     lambda: K.CategoricalFocalCrossentropy(0.5, 1.5, from_logits=True, label_smoothing=0.125), head="linear")
loss("loss-binary-focal", "binary_focal_crossentropy apply_class_balancing alpha=.75 gamma=3", lambda: K.BinaryFocalCrossentropy(True, 0.75, 3.0), head="sigmoid",
     labels="multilabel", count=3, metrics="binary_crossentropy", keras_metrics=(M.BinaryCrossentropy,))
loss("loss-binary-focal-logits", "binary_focal_crossentropy from_logits label_smoothing=.25", lambda: K.BinaryFocalCrossentropy(from_logits=True, label_smoothing=0.25),
     head="linear", labels="binary", count=2)

loss("metrics-classes", "categorical_crossentropy", "categorical_crossentropy",
     metrics="precision recall precision(class_id=1) recall(.25) precision(top_k=2) recall(top_k=2, class_id=2) auc auc(curve=pr) f1 f1(average=micro) f1(average=weighted)",
     keras_metrics=(M.Precision, M.Recall, lambda: M.Precision(class_id=1), lambda: M.Recall(0.25), lambda: M.Precision(top_k=2), lambda: M.Recall(top_k=2, class_id=2),
                    M.AUC, lambda: M.AUC(curve="PR"), lambda: M.F1Score("macro"), lambda: M.F1Score("micro"), lambda: M.F1Score("weighted")))
loss("metrics-labels", "binary_crossentropy", "binary_crossentropy", head="sigmoid", labels="multilabel", count=3,
     metrics="precision(.4) recall(.6) auc(num_thresholds=20) auc(summation_method=minoring) auc(curve=pr, summation_method=majoring) f1 f1(threshold=.25, average=weighted)",
     keras_metrics=(lambda: M.Precision(0.4), lambda: M.Recall(0.6), lambda: M.AUC(20), lambda: M.AUC(summation_method="minoring"), lambda: M.AUC(curve="PR", summation_method="majoring"),
                    lambda: M.F1Score("macro", threshold=0.5), lambda: M.F1Score("weighted", threshold=0.25)))
loss("metrics-logits", "binary_crossentropy from_logits", lambda: K.BinaryCrossentropy(from_logits=True), head="linear", labels="binary", count=2,
     metrics="precision(threshold=0) auc(from_logits) binary_crossentropy(from_logits)",
     keras_metrics=(lambda: M.Precision(0.0), lambda: M.AUC(from_logits=True), lambda: M.BinaryCrossentropy(from_logits=True)))

case("weights-classes", SMALL, small(), "categorical_crossentropy", "sgd lr=.0625", "accuracy", (accuracy,), keras_optimizer=lambda: O.SGD(0.0625), shape=(6, 5, 1),
     fit="class_weight { c0 2; c1 .5 }", weights=lambda y: np.array([2, 0.5, 1])[y])

if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    for index, (name, spec) in enumerate(CASES.items()):
        if len(sys.argv) == 1 or any(part in name for part in sys.argv[1:]):
            golden(100 + index, name, spec)
