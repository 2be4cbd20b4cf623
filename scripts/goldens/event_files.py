"""The real TensorBoard on the event files of a run: every number of history.json, once, in its series.

Run by hand, in an environment with the package tensorboard (2.21 was tried), on a run whose program says `tensorboard`:
  python scripts/goldens/event_files.py RUN_FOLDER
In the tests the records are read back instead (test/runtime/train/logs.test.ts, test/whole/resume.test.ts). Exits 1 where anything differs.
"""

import json
import os
import sys

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

(folder,) = sys.argv[1:]
history = json.load(open(os.path.join(folder, "history.json")))
values = history.get("values", history)
count = 0
for series, prefix in (("train", ""), ("validation", "val_")):
    names = [name[len(prefix):] for name in values if name != "epoch" and name.startswith("val_") == (prefix != "")]
    reader = EventAccumulator(os.path.join(folder, "tensorboard", series))
    reader.Reload()
    assert sorted(reader.Tags()["scalars"]) == sorted(f"epoch_{name}" for name in names), reader.Tags()["scalars"]
    for name in names:
        events = reader.Scalars(f"epoch_{name}")
        wanted = values[prefix + name]
        assert [event.step for event in events] == list(range(len(wanted))), name
        np.testing.assert_array_equal(np.array([event.value for event in events], "float32"), np.array([np.nan if v is None else v for v in wanted], "float32"), name)
        assert all(event.wall_time > 1e9 for event in events)
        count += len(events)
print(f"{count} numbers, as in history.json")
