"""Which font draws which sign: Source Sans, which comes with the app, or a font of the sign's script that the machine has.

The fonts of other scripts come from packages (Debian: fonts-noto-core, fonts-wqy-microhei, fonts-dejavu-core). Where one is
missing, what it would draw is printed by name.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from fontTools import unicodedata as scripts

from app.settings import ROOT

OWN_FONTS = ROOT / "static" / "vendor" / "uswds" / "fonts"
SANS_FOLDER = OWN_FONTS / "source-sans-pro"
SANS_WEIGHTS = ("light", "regular", "semibold", "bold")
FONT_FOLDERS = tuple(
    Path(folder)
    for folder in (
        OWN_FONTS / "public-sans",
        "/usr/share/fonts/truetype/noto",
        "/usr/share/fonts/truetype/wqy",
        "/usr/share/fonts/truetype/dejavu",
        "/usr/share/fonts/google-noto",
        "/usr/share/fonts/dejavu-sans-fonts",
        "/usr/share/fonts/noto",
        "/usr/share/fonts/wqy-microhei",
        "/usr/share/fonts/wenquanyi/wqy-microhei",
        "/usr/share/fonts/TTF",
        "/usr/local/share/fonts",
        "/Library/Fonts",
        "/opt/homebrew/share/fonts",
    )
)
SIGNS = "PublicSans"
"""It comes with the app and has what Source Sans lacks for figures: minus, and at most and at least; a tenth of what others weigh."""
LETTERS = ("NotoSans", "DejaVuSans")
"""For what European letters lack in Source Sans, first of all marks that stay signs of their own: they need one font with their letter."""
HAN = "wqy-microhei"
COMMON = ("NotoSansSymbols", "NotoSansSymbols2", "NotoSansMath", HAN)
FONT_PACKAGES = {"fonts-noto-core": "NotoSans", "fonts-wqy-microhei": HAN, "fonts-dejavu-core": "DejaVuSans"}
"""Debian's packages, and a font of each by which it is known to be there."""
NO_SCRIPT = "Zyyy"
EUROPEAN = ("Latn", "Grek", "Cyrl", "Zinh", NO_SCRIPT)
EAST_ASIAN = ("Hani", "Hira", "Kana", "Hang", "Bopo")
JOINERS = "\u200c\u200d"
"""They shape the letters beside them, and no font need have them."""


@dataclass(frozen=True)
class FontFace:
    """A font that is installed, with its bold file where it has one, and what all of them draw."""

    name: str
    files: tuple[Path, ...]
    signs: frozenset[str]

    @property
    def family(self) -> str:
        """What the report's style calls it."""
        return f"Report {self.name}"


@cache
def sans_signs() -> frozenset[str]:
    """What every weight of Source Sans that the report uses can draw."""
    return _shared_signs(tuple(SANS_FOLDER / f"sourcesanspro-{weight}-webfont.ttf" for weight in SANS_WEIGHTS))


@cache
def find_face(name: str) -> FontFace | None:
    """The font of this name, or None where the machine lacks it."""
    regular = next(filter(None, (_find_file(name + end) for end in ("-Regular.ttf", ".ttf", ".ttc"))), None)
    if regular is None:
        return None
    bold = _find_file(f"{name}-Bold.ttf")
    files = (regular, bold) if bold else (regular,)
    return FontFace(name, files, _shared_signs(files))


@lru_cache(maxsize=50_000)
def choose_face(cluster: str) -> FontFace | None:
    """The first font that draws the whole of a letter with its marks, or of a sign; None where none does."""
    wanted = set(cluster) - set(JOINERS)
    return next((face for face in map(find_face, _list_names(cluster[0])) if face and wanted <= face.signs), None)


def is_european(sign: str) -> bool:
    """Whether it is of a script in which letters stand side by side, each drawn as it is alone."""
    return scripts.script(sign) in EUROPEAN


def _list_names(sign: str) -> tuple[str, ...]:
    script = scripts.script(sign)
    if script in EAST_ASIAN:
        return (HAN,)
    if script == NO_SCRIPT:
        return (SIGNS, *LETTERS, *COMMON)
    if script in EUROPEAN:
        return (*LETTERS, *COMMON)
    name = scripts.script_name(script, default="").replace(" ", "").replace("Nko", "NKo")
    return (f"NotoSans{name}", f"NotoSerif{name}", *LETTERS, *COMMON)


def _find_file(name: str) -> Path | None:
    return next((path for path in (folder / name for folder in FONT_FOLDERS) if path.is_file()), None)


def _shared_signs(paths: tuple[Path, ...]) -> frozenset[str]:
    return frozenset(set.intersection(*(_read_signs(path) for path in paths)))


def _read_signs(path: Path) -> set[str]:
    from fontTools.ttLib import TTFont  # here, because it takes room, and only reports need it

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return {chr(code) for code in font["cmap"].getBestCmap()}
