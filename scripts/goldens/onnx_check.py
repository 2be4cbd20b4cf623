"""onnx.checker on the models that onnx-models.ts wrote: structure, operators, attributes, and shapes as ONNX infers them.

    npx tsx scripts/goldens/onnx-models.ts FOLDER && python3 scripts/goldens/onnx_check.py FOLDER

Needs onnx (1.16 or later). Models with blocked convolutions hold operators of the runtime's own, of which ONNX infers no shapes.
"""

import pathlib
import sys

import onnx

bad = 0
paths = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
for path in paths:
    model = onnx.load(path)
    own = any(node.domain for node in model.graph.node)
    if own and not path.name.endswith(".blocked.onnx"):
        print(f"{path.name}: an operator that is not ONNX's")
        bad += 1
    try:
        onnx.checker.check_model(model, full_check=not own)
        if not own:
            inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
            for declared, found in zip(model.graph.output, inferred.graph.output):
                a, b = declared.type.tensor_type, found.type.tensor_type
                if a.elem_type != b.elem_type or len(a.shape.dim) != len(b.shape.dim):
                    raise ValueError(f"{declared.name} is declared as another type than it has")
    except Exception as error:  # noqa: BLE001 - whatever the checker has to say
        print(f"{path.name}: {error}")
        bad += 1
print(f"{len(paths)} models, {bad} of them wrong; onnx {onnx.__version__}")
sys.exit(1 if bad else 0)
