"""MNIST on Keras, as its own example does it. usage: keras_mnist.py DATA_DIR EPOCHS [IMAGES] → one JSON line."""
import json, os, resource, sys, time
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
started = time.time()
import numpy as np
import keras
from keras import layers

folder, epochs = sys.argv[1], int(sys.argv[2])


def images(name):
    return np.frombuffer(open(os.path.join(folder, name), 'rb').read(), np.uint8, offset=16).reshape(-1, 28, 28, 1).astype('float32') / 255


def labels(name):
    return keras.utils.to_categorical(np.frombuffer(open(os.path.join(folder, name), 'rb').read(), np.uint8, offset=8), 10)


x, y = images('train-images-idx3-ubyte'), labels('train-labels-idx1-ubyte')
x_test, y_test = images('t10k-images-idx3-ubyte'), labels('t10k-labels-idx1-ubyte')
if len(sys.argv) > 3:
    x, y = x[:int(sys.argv[3])], y[:int(sys.argv[3])]
keras.utils.set_random_seed(0)
model = keras.Sequential([
    keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation='relu'), layers.Conv2D(64, 3, activation='relu'), layers.MaxPooling2D(2), layers.Dropout(.25),
    layers.Flatten(), layers.Dense(128, activation='relu'), layers.Dropout(.5), layers.Dense(10, activation='softmax')])
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
seconds, first = [], []


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.time()

    def on_train_batch_end(self, batch, logs=None):
        if not first:
            first.append(time.time() - started)

    def on_epoch_end(self, epoch, logs=None):
        seconds.append(time.time() - self.start)


model.fit(x, y, batch_size=64, epochs=epochs, verbose=0, callbacks=[Clock()])
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(json.dumps({'images_per_second': len(x) / min(seconds), 'epochs': [len(x) / s for s in seconds], 'first_batch_s': first[0], 'test_accuracy': accuracy,
                  'peak_mb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
