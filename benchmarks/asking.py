"""What a benchmark is asked on its command line: which databases, and how thorough."""

import argparse


def asked(doc: str | None) -> tuple[list[str], bool]:
    """Return the databases to measure and whether it is to be quick; `doc` is the script's own docstring."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0] if doc else "")
    parser.add_argument("--quick", action="store_true", help="under 30 s")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="sqlite")
    options = parser.parse_args()
    names = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    return names, options.quick
