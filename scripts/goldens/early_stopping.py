"""Traces of Keras's EarlyStopping, written to test/fixtures/goldens/early_stopping.json. Run by hand with Keras 3 installed."""
import json, os, random, pathlib
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
import keras

class Model:
    """What the callback touches: a flag, and weights that carry the number of the epoch."""
    def __init__(self): self.stop_training, self.epoch, self.metrics = False, 0, []
    def get_weights(self): return self.epoch
    def set_weights(self, value): self.restored = value

random.seed(3)
cases = []
for index in range(80):
    mode = random.choice(['min', 'max'])
    plan = dict(patience=random.choice([0, 0, 1, 2, 3]), minDelta=random.choice([0, 0, .05, .2]), startFromEpoch=random.choice([0, 0, 0, 2, 4]), baseline=random.choice([None, None, .3, .6]))
    values = [round(random.random(), random.choice([1, 2, 6])) for _ in range(random.choice([1, 2, 6, 12]))]
    if index % 7 == 0 and len(values) > 2: values[random.randrange(len(values))] = float('nan')
    model = Model()
    stop = keras.callbacks.EarlyStopping(monitor='val_loss', mode=mode, patience=plan['patience'], min_delta=plan['minDelta'], start_from_epoch=plan['startFromEpoch'], baseline=plan['baseline'], restore_best_weights=True)
    stop.set_model(model); stop.on_train_begin()
    ran = 0
    for epoch, value in enumerate(values):
        model.epoch, ran = epoch, epoch + 1
        stop.on_epoch_end(epoch, {'val_loss': value})
        if model.stop_training: break
    model.restored = None
    stop.on_train_end()
    cases.append(dict(mode=mode, **plan, values=[None if v != v else v for v in values], ran=ran, stopped=model.stop_training, restored=model.restored))
out = pathlib.Path(__file__).parents[2] / 'test/fixtures/goldens/early_stopping.json'
out.write_text('[\n' + ',\n'.join(json.dumps(c) for c in cases) + '\n]\n')
