"""`python -m posthorn` is `posthorn`."""

from __future__ import annotations

from posthorn.project.main import main

# A serving process imports this module again to find what it shall run.
if __name__ == "__main__":
    main()
