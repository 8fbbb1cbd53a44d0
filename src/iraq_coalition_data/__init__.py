"""The open, citable record of the US-led military coalition in Iraq and of how it ends.

``load("events")`` gives a typed DataFrame; ``TABLES`` names the tables; ``describe("events")`` explains
every column. Nothing heavy is imported until a function that needs it is called.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from iraq_coalition_data.citing import bibliography, cite
    from iraq_coalition_data.codebook import describe
    from iraq_coalition_data.names import resolve
    from iraq_coalition_data.tables import TABLES, DataError, load, path, verify
    from iraq_coalition_data.validation import validate
    from iraq_coalition_data.views import chronology

    __version__: str

__all__ = [
    "TABLES",
    "DataError",
    "__version__",
    "bibliography",
    "chronology",
    "cite",
    "describe",
    "load",
    "path",
    "resolve",
    "validate",
    "verify",
]

_HOMES = {
    "TABLES": "tables",
    "DataError": "tables",
    "bibliography": "citing",
    "chronology": "views",
    "cite": "citing",
    "describe": "codebook",
    "load": "tables",
    "path": "tables",
    "resolve": "names",
    "validate": "validation",
    "verify": "tables",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":  # from the descriptor: importlib.metadata would cost more than all the rest
        return import_module(f"{__name__}.tables").descriptor()["version"]
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
