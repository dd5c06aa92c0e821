"""`python -m posthorn` is `posthorn`."""

from __future__ import annotations

from posthorn.project.main import main

main()
