#!/usr/bin/env bash
# pystac 1.15.2 (pystac-ext-mlm 1.4.1): the input scaling of a STAC item with the Machine Learning Model extension is lost
# from items of version 1.0 to 1.3, silently, and cannot be read from items of 1.4 as the schema of 1.4 demands them.
#
# Guess beforehand: an item of 1.3 is either migrated, so that `value_scaling` has what `norm_type` and `statistics` said,
# or stays one of 1.3; and `value_scaling` of an item of 1.4, a list with one object a band, comes back as such a list.
#
# Seen: reading relabels 1.0 to 1.3 as 1.4.0 and leaves `norm_type` and `statistics` where 1.4 has no such fields;
# `value_scaling` is None, which means that values are taken as they are. The list of a valid 1.4 item is wrapped as if it
# were a single object: `.type` raises AttributeError. What pystac writes itself is an object without a list, which the
# schema that it names (array or null) refuses. stac-model 0.7 reads the list. Remedy: read `properties` as JSON.
#
# Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pystac==1.15.2 pystac-core==1.15.2 pystac-ext-mlm==1.4.1
"$folder/env/bin/python" - <<'PYTHON'
from importlib.metadata import version

import pystac
from pystac.extensions.mlm import MLMExtension, ValueScaling, ValueScalingType

print("pystac", version("pystac"), "pystac-ext-mlm", version("pystac-ext-mlm"))
ADDRESS = "https://stac-extensions.github.io/mlm/v{}/schema.json"


def read(mlm, scaling):
    """A valid item of a version of the extension, as pystac reads it: its address there, and its first input."""
    tasks, order = ["semantic-segmentation"], ["batch", "channel", "height", "width"]
    structure = {"shape": [-1, 3, 64, 64], "dim_order": order, "data_type": "float32"}
    properties = {
        "datetime": "2024-01-01T00:00:00Z", "mlm:name": "roofs", "mlm:architecture": "U-Net", "mlm:framework": "ONNX",
        "mlm:tasks": tasks, "mlm:input": [{"name": "image", "bands": [], "input": structure, **scaling}],
        "mlm:output": [{"name": "scores", "tasks": tasks, "result": structure, "classification:classes": []}],
    }
    asset = {"href": "https://example.org/m.onnx", "roles": ["mlm:model"]}
    item = pystac.Item.from_dict({
        "type": "Feature", "stac_version": "1.0.0", "stac_extensions": [ADDRESS.format(mlm)], "id": "roofs",
        "geometry": None, "properties": properties, "links": [],
        "assets": {"model": asset | ({"mlm:artifact_type": "onnx"} if mlm >= "1.4" else {})},
    })
    return item.stac_extensions, MLMExtension.ext(item).input[0]


statistics = [{"mean": 100.0 + band, "stddev": 50.0} for band in range(3)]
extensions, old = read("1.3.0", {"norm_by_channel": True, "norm_type": "z-score", "statistics": statistics})
relabelled = extensions == [ADDRESS.format("1.4.0")]
lost = old.value_scaling is None and old.properties["norm_type"] == "z-score"
print(f"1.3.0 reads as {extensions[0]}; value_scaling {old.value_scaling}; fields {sorted(old.properties)}")

_, new = read("1.4.0", {"value_scaling": [{"type": "z-score", **band} for band in statistics]})
try:
    said = repr(new.value_scaling.type)
except AttributeError as error:
    said = f"AttributeError: {error}"
print(f"1.4.0: value_scaling is a {type(new.value_scaling).__name__}; its type: {said}")

new.value_scaling = ValueScaling.create(ValueScalingType.Z_SCORE, mean=100, stddev=50)
written = new.properties["value_scaling"]
print(f"written: {written}")
unreadable = said.startswith("AttributeError") and isinstance(written, dict)
raise SystemExit(0 if relabelled and lost and unreadable else "changed: pystac reads the scaling of models otherwise")
PYTHON
