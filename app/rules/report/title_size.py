"""How large a title of the report is set: the longer it is the smaller, so that it keeps to its place on the sheet."""

TITLE_SIZES: tuple[tuple[int, str], ...] = ((18, "huge"), (40, "large"), (80, "medium"))
"""Characters up to which a size fits its lines; what is longer is `small`."""


def title_size(title: str) -> str:
    """The class in print.css for a title: `huge`, `large`, `medium` or `small`."""
    return next((size for most, size in TITLE_SIZES if len(title) <= most), "small")
