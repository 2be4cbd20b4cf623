"""The tutorial on Keras. usage: keras_tutorial.py PICTURES plain|idg|workers EPOCHS → one JSON line.

plain: no augmentation; idg: ImageDataGenerator as tutorials write it; workers: the same with its best worker setting (2 threads, queue of 8)."""
import json, os, resource, sys, time
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
started = time.time()
import numpy as np
import keras
from keras import layers
from PIL import Image
from keras.src.legacy.preprocessing.image import ImageDataGenerator

folder, mode, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3])
classes = sorted(os.listdir(folder))
files = [(os.path.join(folder, c, f), i) for i, c in enumerate(classes) for f in sorted(os.listdir(os.path.join(folder, c)))]
x = np.stack([np.asarray(Image.open(f).convert('RGB').resize((150, 150)), np.float32) for f, _ in files]) / 255
y = keras.utils.to_categorical([i for _, i in files], len(classes))
keras.utils.set_random_seed(0)
order = np.random.permutation(len(x))
n = int(len(x) * .6)
x, y = x[order[:n]], y[order[:n]]
stack = [keras.Input((150, 150, 3))]
for _ in range(3):
    stack += [layers.Conv2D(32, (5, 5)), layers.MaxPooling2D(2), layers.Activation('relu'), layers.Dropout(.25)]
model = keras.Sequential(stack + [layers.Flatten(), layers.Dense(64, activation='relu'), layers.Dense(len(classes), activation='softmax')])
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy', 'mae', 'mse'])
seconds, first = [], []


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.time()

    def on_train_batch_end(self, batch, logs=None):
        if not first:
            first.append(time.time() - started)

    def on_epoch_end(self, epoch, logs=None):
        seconds.append(time.time() - self.start)


if mode == 'plain':
    model.fit(x, y, batch_size=16, epochs=epochs, verbose=0, callbacks=[Clock()])
else:
    generator = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True, rotation_range=20, width_shift_range=.2, height_shift_range=.2, horizontal_flip=True)
    generator.fit(x)
    flow = generator.flow(x, y, batch_size=16)
    if mode == 'workers':
        flow.workers, flow.max_queue_size = 2, 8
    model.fit(flow, epochs=epochs, verbose=0, callbacks=[Clock()])
print(json.dumps({'images_per_second': n / min(seconds), 'epochs': [n / s for s in seconds], 'first_batch_s': first[0], 'images': n,
                  'peak_mb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
