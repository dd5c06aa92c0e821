"""Writes the demonstration's files and their manifest; `--check` only compares.

Run as `python -m tools.make_samples` in the project's folder.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tools.samples.clients import CLIENTS
from tools.samples.companies import FIRM, Client
from tools.samples.plan import samples

FOLDER = Path(__file__).parent.parent / "src" / "posthorn_sandbox" / "samples"


def files() -> dict[str, bytes]:
    """Return every file by its path below FOLDER, the manifest among them."""
    made: dict[str, bytes] = {}
    names: dict[str, str] = {}
    entries = []
    for place, sample in enumerate(samples(), start=1):
        names[sample.stem] = sample.file(place)
        made[f"files/{sample.file(place)}"] = sample.content
        entries.append(sample.entry(place, names))
    manifest = {
        "firm": {
            "name": FIRM.name,
            "country": FIRM.country,
            "language": FIRM.language,
            "enterprise_number": FIRM.enterprise,
            "enterprise_scheme": FIRM.scheme,
            "vat_number": FIRM.vat,
        },
        "clients": [_client(client) for client in CLIENTS.values()],
        "documents": entries,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    made["manifest.json"] = f"{text}\n".encode()
    return made


def _client(client: Client) -> dict[str, object]:
    company = client.company
    return {
        "dossier_number": client.dossier,
        "name": company.name,
        "language": company.language,
        "country": company.country,
        "enterprise_number": company.enterprise,
        "enterprise_scheme": company.scheme,
        "vat_number": company.vat,
        "endpoint": company.enterprise,
        "endpoint_scheme": company.scheme,
        "ibans": [company.iban],
        "package": client.package,
        "addresses": client.addresses,
    }


def stale(folder: Path = FOLDER) -> list[str]:
    """Return the paths that are missing, different, or too many in the folder."""
    made = files()
    there = {f"files/{path.name}" for path in (folder / "files").glob("*")}
    changed = {name for name, content in made.items() if not _is_same(folder / name, content)}
    return sorted(changed | (there - made.keys()))


def _is_same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def write(folder: Path = FOLDER) -> None:
    """Write all files and remove those that no longer belong."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    made = files()
    for path in (folder / "files").iterdir():
        if f"files/{path.name}" not in made:
            path.unlink()
    for name, content in made.items():
        (folder / name).write_bytes(content)


def main(arguments: list[str]) -> int:
    """Write the files, or with --check list the stale ones; 1 when there are any."""
    if "--check" not in arguments:
        write()
        return 0
    found = stale()
    for name in found:
        print(f"{name} is stale: run python -m tools.make_samples")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
