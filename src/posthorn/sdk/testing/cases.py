"""Finds the conformance case of a package, installed or in the current folder."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from posthorn.sdk.testing.conformance import Conformance

_CASE = "tests.test_conformance"


class CaseNotFoundError(Exception):
    """Install the package, or go to the folder with its tests/test_conformance.py."""


def cases_of(package: str) -> tuple[type[Conformance], ...]:
    """Return the Conformance classes of a package's own case. Raises CaseNotFoundError."""
    if not package.replace("_", "a").replace(".", "a").isalnum():
        raise CaseNotFoundError(f"{package!r} is not the name of a package")
    module = _in_package(package) or _in_folder(Path.cwd())
    found = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Conformance) and one is not Conformance
    ]
    own = [one for one in found if (one.connector.__module__ + ".").startswith(f"{package}.")]
    if not own:
        raise CaseNotFoundError(f"{module.__file__} has no Conformance class for {package}")
    return tuple(own)


def _in_package(package: str) -> ModuleType | None:
    name = f"{package}.{_CASE}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        # Of the package or its case; anything else missing is the author's to see.
        if error.name and (name + ".").startswith(f"{error.name}."):
            return None
        raise


def _in_folder(folder: Path) -> ModuleType:
    path = folder / Path(*_CASE.split(".")).with_suffix(".py")
    spec = importlib.util.spec_from_file_location("test_conformance", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise CaseNotFoundError(f"there is neither an installed package with a case nor {path}")
    # Sources beside the tests, as the copyable example has them.
    sys.path[:0] = [str(folder), str(folder / "src"), str(path.parent)]
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
