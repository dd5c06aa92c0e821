"""Finds connectors through one door: built-ins, installed packages, the operator's folder."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import logging
import pkgutil
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.conf import settings

from posthorn.connections.assets import Assets
from posthorn.sdk.connector import Connector
from posthorn.sdk.problems import problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import ModuleType

    from posthorn.sdk.spec import ConnectorSpec

_log = logging.getLogger(__name__)

BUILT_INS = "posthorn.connectors"
ENTRY_POINTS = "posthorn.connectors"
LOCAL = "posthorn_local_connectors"
_FOLDER_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A connector before it is tried: where it stands, and how its object is had."""

    source: str
    load: Callable[[], tuple[object, str]]  # the package's `connector`, and the package's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A connector that can be used."""

    connector: Connector
    source: str
    assets: Assets

    @property
    def spec(self) -> ConnectorSpec:
        """Its declaration."""
        return self.connector.spec

    @property
    def id(self) -> str:
        """Its id, which never changes."""
        return self.connector.spec.id

    @property
    def label(self) -> str:
        """Its id and version, for logs and stored revisions."""
        return f"{self.connector.spec.id} {self.connector.spec.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """What was found: `loaded` by id, and `refused` by id (or source, without one) with why."""

    loaded: Mapping[str, Loaded]
    refused: Mapping[str, str]

    def get(self, connector_id: str) -> Loaded | None:
        """Return a connector, or None when it is not loaded here."""
        return self.loaded.get(connector_id)


class UnusableError(Exception):
    """Correct the connector; the message is the reason the registry lists."""


def registry() -> Registry:
    """Return this process's connectors; found once, a broken one never stops the start."""
    options = settings.POSTHORN
    return _registry(options.connector_folder, options.connectors)


@lru_cache(maxsize=2)
def _registry(folder: Path | None, allowed: tuple[str, ...]) -> Registry:
    return collect(discover(folder), allowed=allowed)


def discover(folder: Path | None, *, group: str = ENTRY_POINTS) -> Iterator[Found]:
    """Give every connector there is: built-ins first, then installed packages, then the folder."""
    yield from _built_ins()
    for point in importlib.metadata.entry_points(group=group):
        yield Found(source=f"package {point.value}", load=_entry_point(point))
    if folder is not None:
        yield from _local(folder)


def collect(found: Iterable[Found], *, allowed: tuple[str, ...] = ()) -> Registry:
    """Try each connector; the first of an id wins, the later ones are refused."""
    loaded: dict[str, Loaded] = {}
    refused: dict[str, str] = {}
    for one in found:
        try:
            candidate = _usable(one)
            _refuse_unwanted(candidate, loaded, allowed)
        except UnusableError as error:
            refused[_free_name(one.source, refused)] = str(error)
            _log.warning("connector refused: %s: %s", one.source, error)
        else:
            loaded[candidate.id] = candidate
    return Registry(loaded=MappingProxyType(loaded), refused=MappingProxyType(refused))


def _free_name(source: str, taken: Mapping[str, str]) -> str:
    count = sum(name == source or name.startswith(f"{source} (") for name in taken)
    return f"{source} ({count + 1})" if count else source


def _refuse_unwanted(
    candidate: Loaded, loaded: Mapping[str, Loaded], allowed: tuple[str, ...]
) -> None:
    if candidate.id in loaded:
        raise UnusableError(f"its id {candidate.id!r} is taken by {loaded[candidate.id].source}")
    if allowed and candidate.id not in allowed:
        raise UnusableError(f"{candidate.id!r} is not among those POSTHORN_CONNECTORS allows")


def _usable(one: Found) -> Loaded:
    """Load and check one connector. Raises UnusableError with the reason."""
    try:
        given, package = one.load()
        connector = given() if isinstance(given, type) else given
        if not isinstance(connector, Connector):
            raise UnusableError("its `connector` is no posthorn.sdk.Connector")  # noqa: TRY301
        assets = Assets.of(package, connector.spec)
        wrong = [*problems(connector), *assets.problems()]
    except UnusableError:
        raise
    # Foreign code: whatever it does wrong must be listed and never stop the start.
    except (Exception, SystemExit) as error:
        raise UnusableError(f"it failed to load: {type(error).__name__}: {error}") from error
    if wrong:
        raise UnusableError("; ".join(wrong))
    return Loaded(connector=connector, source=one.source, assets=assets)


def _built_ins() -> Iterator[Found]:
    package = importlib.import_module(BUILT_INS)
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        if module.ispkg:
            name = f"{BUILT_INS}.{module.name}"
            yield Found(source=f"built-in {module.name}", load=_package(name))


def _package(name: str) -> Callable[[], tuple[object, str]]:
    def load() -> tuple[object, str]:
        return _connector_of(importlib.import_module(name)), name

    return load


def _entry_point(point: importlib.metadata.EntryPoint) -> Callable[[], tuple[object, str]]:
    def load() -> tuple[object, str]:
        return point.load(), point.module.partition(":")[0]

    return load


def _local(folder: Path) -> Iterator[Found]:
    if not folder.is_dir():
        yield Found(source=f"folder {folder}", load=_missing(folder))
        return
    for child in sorted(folder.iterdir()):
        if (child / "__init__.py").is_file() and _FOLDER_NAME.fullmatch(child.name):
            yield Found(source=f"folder {child}", load=_folder(child))


def _missing(folder: Path) -> Callable[[], tuple[object, str]]:
    def load() -> tuple[object, str]:
        raise UnusableError(f"POSTHORN_CONNECTOR_FOLDER names {folder}, which is no folder")

    return load


def _folder(child: Path) -> Callable[[], tuple[object, str]]:
    # A name of its own, so that a folder can neither replace a module nor be replaced by one.
    name = f"{LOCAL}_{child.name}"

    def load() -> tuple[object, str]:
        spec = importlib.util.spec_from_file_location(
            name, child / "__init__.py", submodule_search_locations=[str(child)]
        )
        if spec is None or spec.loader is None:  # pragma: no cover  the file is there
            raise UnusableError("it cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
        return _connector_of(module), name

    return load


def _connector_of(module: ModuleType) -> object:
    try:
        found: object = module.connector
    except AttributeError:
        raise UnusableError("it has no `connector`") from None
    return found
