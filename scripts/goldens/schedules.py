"""Learning-rate schedules and ReduceLROnPlateau of Keras as traces, for test/runtime/train/rates.test.ts.

Run by hand: python scripts/goldens/schedules.py
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np

S = keras.optimizers.schedules
STEPS = list(range(0, 40)) + [99, 100, 101, 250]

SCHEDULES = [
    (dict(kind="exponential_decay", lr=0.1, steps=10, rate=0.5, staircase=False), S.ExponentialDecay(0.1, 10, 0.5)),
    (dict(kind="exponential_decay", lr=0.01, steps=7, rate=0.9, staircase=True), S.ExponentialDecay(0.01, 7, 0.9, staircase=True)),
    (dict(kind="inverse_time_decay", lr=0.1, steps=10, rate=0.5, staircase=False), S.InverseTimeDecay(0.1, 10, 0.5)),
    (dict(kind="inverse_time_decay", lr=0.1, steps=10, rate=2.0, staircase=True), S.InverseTimeDecay(0.1, 10, 2.0, staircase=True)),
    (dict(kind="cosine_decay", lr=0.1, steps=30, alpha=0.0, warmup=None), S.CosineDecay(0.1, 30)),
    (dict(kind="cosine_decay", lr=0.001, steps=30, alpha=0.1, warmup=dict(target=0.1, steps=8)), S.CosineDecay(0.001, 30, 0.1, warmup_target=0.1, warmup_steps=8)),
    (dict(kind="cosine_decay_restarts", lr=0.1, steps=5, t_mul=2.0, m_mul=0.8, alpha=0.1), S.CosineDecayRestarts(0.1, 5, 2.0, 0.8, 0.1)),
    (dict(kind="cosine_decay_restarts", lr=0.1, steps=9, t_mul=1.0, m_mul=0.5, alpha=0.0), S.CosineDecayRestarts(0.1, 9, 1.0, 0.5)),
    (dict(kind="piecewise", boundaries=[5, 12], values=[0.1, 0.01, 0.001]), S.PiecewiseConstantDecay([5, 12], [0.1, 0.01, 0.001])),
    (dict(kind="polynomial_decay", lr=0.1, steps=20, end=0.0001, power=1.0, cycle=False), S.PolynomialDecay(0.1, 20)),
    (dict(kind="polynomial_decay", lr=0.1, steps=13, end=0.001, power=2.0, cycle=True), S.PolynomialDecay(0.1, 13, 0.001, 2.0, cycle=True)),
]


class Model:
    def __init__(self, lr):
        self.optimizer = keras.optimizers.SGD(lr)
        self.optimizer.build([keras.Variable(0.0)])
        self.metrics = []


def plateau(lr, values, **options):
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", **options)
    callback.set_model(Model(lr))
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        logs = {"val_loss": value}
        callback.on_epoch_end(epoch, logs)
        rates.append(logs["learning_rate"])
    names = dict(factor="factor", patience="patience", mode="mode", min_delta="minDelta", cooldown="cooldown", min_lr="minLr")
    plan = dict(monitor="val_loss", mode="min", factor=0.1, patience=10, minDelta=1e-4, cooldown=0, minLr=0.0)
    plan.update({names[k]: v for k, v in options.items()})
    return dict(plan=plan, lr=lr, values=values, rates=rates)


random = np.random.RandomState(0)
falling = [float(f"{v:.6f}") for v in np.exp(-np.arange(30) / 8) + random.uniform(0, 0.2, 30)]
flat = [1.0] * 30
PLATEAUS = [
    plateau(0.1, falling, factor=0.5, patience=2),
    plateau(0.1, falling, factor=0.5, patience=1, cooldown=3),
    plateau(0.1, flat, factor=0.1, patience=3, min_lr=0.0005),
    plateau(0.1, flat, factor=0.9, patience=0),
    plateau(0.1, flat, factor=0.5, patience=0, cooldown=2),
    plateau(0.01, falling, factor=0.3, patience=1, min_delta=0.05, mode="min"),
    plateau(0.01, falling, factor=0.5, patience=2, mode="max"),
    plateau(0.01, [float("nan"), 1.0, 0.5, float("nan"), 0.4, 0.4, 0.4, 0.4], factor=0.5, patience=2),
]

with open(os.path.join(os.path.dirname(__file__), "..", "..", "test", "fixtures", "goldens", "schedules.json"), "w") as file:
    json.dump({
        "about": "Made by scripts/goldens/schedules.py; do not edit.", "keras": keras.__version__, "steps": STEPS,
        "schedules": [dict(schedule=plan, rates=[float(make(np.int64(step))) for step in STEPS]) for plan, make in SCHEDULES],
        "plateaus": [{**p, "values": [None if v != v else v for v in p["values"]]} for p in PLATEAUS],
    }, file, indent=1)
