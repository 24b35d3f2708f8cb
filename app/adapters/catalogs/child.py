"""The process that takes one answer of an open-data site apart, started by `adapters.catalogs.reading` with a folder.

It finds the answer there as `raw` and what is known of it as `page.json`, and leaves `taken.json`.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from app.adapters.catalogs.page import PageContent, PageContext, parse_page
from app.adapters.children.confinement import FileView
from app.adapters.children.start import bound_process
from app.rules.portal.trouble import MOST_BYTES, CatalogTrouble


def main(place: Path, seconds: int, memory_mb: int) -> int:
    """Take the answer apart under limits; 1 when the memory was not enough."""
    bound_process(seconds, memory_mb, file_mb=2 * MOST_BYTES // 10**6, view=FileView(writable=(place,)))
    context = PageContext(**json.loads((place / "page.json").read_bytes()))
    try:
        content = parse_page((place / "raw").read_bytes(), context)
        (place / "taken.json").write_bytes(json.dumps(asdict(content), default=str, ensure_ascii=False).encode())
    except MemoryError:
        return 1
    except Exception:
        (place / "taken.json").write_bytes(json.dumps(asdict(PageContent(CatalogTrouble.BROKE))).encode())
    return 0


if __name__ == "__main__":
    os._exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
