"""Plug-ins are files: a package's modules, found by name.

To add a reader, an embedder, a store or an answerer is to add one file to its package; nothing else
lists them.
"""

import pkgutil
from importlib import import_module
from types import ModuleType


class UnknownPluginError(ValueError):
    """No file of that name in the package; the message lists the names there are."""


def plugin_names(package: ModuleType) -> list[str]:
    """The names of the package's modules, sorted, without importing them."""
    return sorted(info.name for info in pkgutil.iter_modules(package.__path__) if not info.name.startswith("_"))


def load_plugin(package: ModuleType, name: str) -> ModuleType:
    """Import the package's module `name`.

    :raises UnknownPluginError: when there is no such file.
    """
    names = plugin_names(package)
    if name not in names:
        kind = package.__name__.rpartition(".")[2]
        raise UnknownPluginError(f"unknown name {name!r} among the {kind}: there are {', '.join(names)}")
    return import_module(f"{package.__name__}.{name}")
