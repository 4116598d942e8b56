"""The published test vectors (tests/data/vectors.json), by their ids."""

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parents[2] / "data" / "vectors.json"
VECTORS: dict[str, dict[str, Any]] = {each["id"]: each for each in json.loads(_FILE.read_text())["vectors"]}


def vector(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Inputs and outputs of a vector, its decimal strings as floats; words stay words."""
    found = VECTORS[name]
    return _floats(found["inputs"]), _floats(found["outputs"])


def _floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _floats(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_floats(each) for each in value]
    try:
        return float(value)
    except ValueError:
        return value
