"""Keeps the catalogues of translated texts: write, check, list what is missing, fill it in."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tools.messages import faults
from tools.messages.catalogues import (
    LANGUAGES,
    LOCALE,
    Forms,
    Kept,
    blank,
    compiled,
    merged,
    mo_of,
    po_of,
    read,
    written,
)
from tools.messages.extraction import (
    ROOT,
    SOURCE,
    ExtractionError,
    Text,
    all_texts,
    built_texts,
    python_files,
    template_files,
)
from tools.messages.plain import plain_in
from tools.messages.unmarked import unmarked_in

_WRITE = "python -m tools.messages"
SITE = SOURCE / "web"
# Health is for machines; the pages of the design system are for whoever builds screens.
UNSEEN = {"health.py", "design.py", "design"}

Texts = dict[Text, list[str]]


def kept_of(language: str, folder: Path = LOCALE) -> Kept:
    """Read a language's catalogue; an absent one is empty."""
    path = po_of(language, folder)
    return read(path.read_text("utf-8") if path.exists() else "", language)


def write(language: str, texts: Texts, kept: Kept, folder: Path = LOCALE) -> None:
    """Write a language's two files."""
    forms = merged(texts, kept)
    fuzzy = kept.fuzzy & forms.keys()
    path = po_of(language, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(language, forms, texts, fuzzy), "utf-8")
    sure = {text: said for text, said in forms.items() if text not in fuzzy}
    mo_of(language, folder).write_bytes(compiled(language, sure))


def write_all() -> int:
    """Bring every catalogue up to date, and say what is left to translate."""
    texts = all_texts()
    for language in LANGUAGES:
        write(language, texts, kept_of(language))
        print(f"{language}: {len(texts)} texts, {len(_missing(language, texts))} to translate")
    return 0


def _missing(language: str, texts: Texts, folder: Path = LOCALE) -> list[Text]:
    kept = kept_of(language, folder)
    forms = merged(texts, kept)
    return [text for text, said in forms.items() if not all(said) or text in kept.fuzzy]


def check(*, allow_untranslated: bool) -> int:
    """Print all that is wrong with texts, templates and catalogues; 0 when nothing is."""
    texts = all_texts()
    found = [*_unmarked(), *_built()]
    for language in LANGUAGES:
        found += _stale(language, texts)
        found += faults.tell(language, merged(texts, kept_of(language)))
        if not allow_untranslated:
            found += [
                f"{language}: not translated: {one.singular!r}" for one in _missing(language, texts)
            ]
    for line in found:
        print(line)
    print(f"{len(texts)} texts in {1 + len(LANGUAGES)} languages, {len(found)} findings")
    return 1 if found else 0


def _stale(language: str, texts: Texts) -> list[str]:
    kept = kept_of(language)
    forms = merged(texts, kept)
    fuzzy = kept.fuzzy & forms.keys()
    sure = {text: said for text, said in forms.items() if text not in fuzzy}
    po, mo = po_of(language), mo_of(language)
    wanted = written(language, forms, texts, fuzzy)
    is_current = po.exists() and po.read_text("utf-8") == wanted
    is_compiled = mo.exists() and mo.read_bytes() == compiled(language, sure)
    return [
        f"{path.relative_to(ROOT)} is not current; run: {_WRITE}"
        for path, is_so in ((po, is_current), (mo, is_compiled))
        if not is_so
    ]


def _unmarked() -> list[str]:
    pages = [path for path in python_files() if SITE in path.parents and path.name not in UNSEEN]
    plain = [
        f"{path.relative_to(ROOT)}:{line} is not translated: {words}"
        for path in pages
        for line, words in plain_in(path.read_text("utf-8"))
    ]
    return plain + [
        f"{path.relative_to(ROOT)}:{line} stands outside a translation: {words}"
        for path in template_files()
        if path.parent.name not in UNSEEN
        for line, words in unmarked_in(path.read_text("utf-8"), is_html=path.suffix == ".html")
    ]


def _built() -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} puts a text together before it is translated"
        for path in python_files()
        for line in built_texts(path.read_text("utf-8"))
    ]


def todo(language: str, folder: Path = LOCALE) -> int:
    """Print what is not translated as JSON: text and an empty string, or a plural's two forms."""
    missing = _missing(language, all_texts(), folder)
    asked = {one.key: [one.singular, one.plural] if one.plural else "" for one in missing}
    print(json.dumps(asked, ensure_ascii=False, indent=2))
    return 0


def fill(language: str, path: Path, folder: Path = LOCALE, *, is_same_meant: bool) -> int:
    """Take translations from a JSON file shaped as `todo` gives it; names those it refuses."""
    given: dict[str, str | list[str]] = json.loads(path.read_text("utf-8"))
    texts = all_texts()
    by_key = {text.key: text for text in texts}
    kept = kept_of(language, folder)
    taken: dict[Text, Forms] = {}
    refused = [f"no such text: {key!r}" for key in given if key not in by_key]
    for key, value in given.items():
        if key in by_key and value:
            forms = tuple(
                faults.tidied(language, form)
                for form in ([value] if isinstance(value, str) else value)
            )
            wrong = _wrong(language, by_key[key], forms, is_same_meant=is_same_meant)
            refused += [f"{key!r}: {fault}" for fault in wrong]
            if not wrong:
                taken[by_key[key]] = forms
    if is_same_meant:
        _list_same(language, taken)
    filled = Kept(forms={**kept.forms, **taken}, fuzzy=kept.fuzzy - taken.keys())
    write(language, texts, filled, folder)
    for line in refused:
        print(line)
    left = len(_missing(language, texts, folder))
    print(f"{language}: {len(taken)} taken, {len(refused)} refused, {left} to translate")
    return 1 if refused else 0


def _wrong(language: str, text: Text, forms: Forms, *, is_same_meant: bool) -> list[str]:
    if len(forms) != len(blank(text)):
        return [f"has {len(forms)} forms, not {len(blank(text))}"]
    same = {text.singular} if is_same_meant else faults.same_words()[language]
    return list(faults.faults_of(language, text, forms, same))


def _list_same(language: str, taken: dict[Text, Forms]) -> None:
    listed = set(faults.SAME.read_text("utf-8").splitlines())
    for text, forms in taken.items():
        if forms[0] == text.singular and text.singular not in faults.same_words()[language]:
            listed.add(f"{language}\t{text.singular}")
    faults.SAME.write_text("".join(f"{line}\n" for line in sorted(filter(None, listed))), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=_WRITE, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, tell what is wrong")
    parser.add_argument("--allow-untranslated", action="store_true", help="while screens are made")
    commands = parser.add_subparsers(dest="command")
    asked = commands.add_parser("todo", help="print as JSON what is not translated")
    asked.add_argument("language", choices=LANGUAGES)
    filled = commands.add_parser("fill", help="take translations from a JSON file")
    filled.add_argument("language", choices=LANGUAGES)
    filled.add_argument("file", type=Path)
    filled.add_argument("--same", action="store_true", help="list what is the same as in English")
    return parser.parse_args()


def main() -> int:
    """Do what the command line asks; 0 when all is well."""
    asked = _arguments()
    try:
        if asked.command == "todo":
            return todo(asked.language)
        if asked.command == "fill":
            return fill(asked.language, asked.file, is_same_meant=asked.same)
        if asked.check:
            return check(allow_untranslated=asked.allow_untranslated)
        return write_all()
    except ExtractionError as error:
        print(error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
