"""Training steps in Keras of networks with residuals, branches of every merge, and cells; files and form as of training.py.

Run by hand: python scripts/goldens/training_composition.py
"""

import training
from training import L, accuracy, keras

training.CASES.clear()


class Counted:
    """Layers named as cnnc names them, in the order they run."""

    def __init__(self):
        self.counts = {}

    def __call__(self, kind, word, *args, **options):
        self.counts[word] = self.counts.get(word, 0) + 1
        return kind(*args, name=f"{word}_{self.counts[word]}", **options)

    def conv(self, x, filters, size=3, activation=None, **options):
        options.setdefault("padding", "same")
        y = self(L.Conv2D, "conv", filters, size, **options)(x)
        return L.Activation(activation)(y) if activation else y

    def norm(self, x):
        return self(L.BatchNormalization, "batch_norm")(x)

    def dense(self, x, units):
        return self(L.Dense, "dense", units)(x)


def case(name, network, build, shape=(8, 8, 1)):
    def model():
        inputs = keras.Input(shape)
        return keras.Model(inputs, build(Counted(), inputs))

    training.case(f"composition-{name}", network, lambda: [L.Softmax()], "categorical_crossentropy", "sgd lr=.05", "accuracy", (accuracy,),
                  keras_optimizer=lambda: keras.optimizers.SGD(0.05), shape=shape, model=model)


def merges(n, x):
    x = L.Concatenate()([n.conv(x, 2, activation="tanh"), n.conv(x, 3, 1, "tanh"), x])
    x = L.Add()([n.conv(x, 3, activation="tanh"), n.conv(x, 3, 1, "tanh")])
    x = L.Average()([n.conv(x, 3, activation="tanh", padding="valid") for _ in range(3)])
    x = L.Multiply()([n.conv(x, 3, activation="tanh"), n.conv(x, 3, 1, "sigmoid")])
    x = L.Maximum()([n.conv(x, 3, 1, "tanh"), n.conv(x, 3, 1, "tanh"), x])
    return L.Softmax()(n.dense(L.Flatten()(x), 3))


case("merges", """  branch < conv 2 3x3 same; tanh > < conv 3 1x1; tanh > < >
  branch < conv 3 3x3 same; tanh > < conv 3 1x1; tanh > merge=add
  branch < conv 3 3x3; tanh > < conv 3 3x3; tanh > < conv 3 3x3; tanh > merge=average
  branch < conv 3 3x3 same; tanh > < conv 3 1x1; sigmoid > merge=multiply
  branch < conv 3 1x1; tanh > < conv 3 1x1; tanh > < > merge=maximum
  flatten
  dense classes; softmax""", merges)


def residuals(n, x):
    x = n.conv(x, 3, activation="tanh")
    x = L.Add()([n.conv(x, 3, activation="tanh"), x])
    y = L.Activation("tanh")(n.norm(n.conv(x, 4, strides=2)))
    y = n.norm(n.conv(y, 5))
    x = L.Activation("tanh")(L.Add()([y, n.norm(n.conv(x, 5, 1, strides=2, padding="valid"))]))
    y = n.conv(x, 6, activation="tanh", strides=2)
    x = L.Add()([y, n.conv(x, 6, 1, strides=2, padding="valid", use_bias=False)])
    return L.Softmax()(n.dense(L.Flatten()(x), 3))


case("residuals", """  conv 3 3x3 same; tanh
  residual < conv 3 3x3 same; tanh >
  residual project < conv 4 3x3 same stride=2; batch_norm; tanh; conv 5 3x3 same; batch_norm >
  tanh
  residual project=conv bias=off < conv 6 3x3 same stride=2; tanh >
  flatten
  dense classes; softmax""", residuals)


def heads(n, x):
    x = L.Flatten()(x)
    first = L.Softmax()(n.dense(x, 3))
    return L.Average()([first, L.Softmax()(n.dense(L.Activation("tanh")(n.dense(x, 4)), 3))])


case("heads", """  flatten
  branch < dense classes; softmax > < dense 4; tanh; dense classes; softmax > merge=average""", heads, shape=(5, 4, 1))


def summed(n, x):
    x = L.Flatten()(x)
    x = L.Activation("tanh")(n.dense(x, 3))
    return L.Softmax()(L.Add()([n.dense(x, 3), x]))


case("ends-in-residual", """  flatten
  dense classes; tanh
  residual < dense classes >""", summed, shape=(5, 4, 1))


def cells(n, x):
    def block(x, filters, times):
        for i in range(times):
            y = L.Activation("tanh")(n.norm(n.conv(x, filters + i)))
            x = L.Add()([y, x if x.shape[-1] == filters + i else n.norm(n.conv(x, filters + i, 1, padding="valid"))])
        return x

    x = L.Concatenate()([block(x, 2, 2), block(L.AveragePooling2D(2, 1, padding="same")(x), 3, 1)])
    return L.Softmax()(n.dense(L.Flatten()(L.AveragePooling2D(2)(x)), 3))


case("cells", """  cell block(n, times=2) < repeat times as i < residual project < conv (n + i) 3x3 same; batch_norm; tanh > > >
  branch < block 2 > < avg_pool 2 stride=1 same; block 3 times=1 >
  avg_pool 2
  flatten
  dense classes; softmax""", cells)

if __name__ == "__main__":
    for index, (name, spec) in enumerate(training.CASES.items()):
        training.golden(500 + index, name, spec)
