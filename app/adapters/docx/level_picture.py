"""The level scale as a picture for a Word file, drawn from the report's own figures."""

import io

from PIL import Image, ImageDraw, ImageFont

from app.adapters.pdf.scripts import SANS_FOLDER
from app.rules.report.page import ReportPage

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BAR = 1600, 220, 20, 1580, 90, 56
NAVY, PALE, ORANGE, GREY = "#16294d", "#e3e9f1", "#b3451d", "#3d4858"


def draw_levels(page: ReportPage) -> bytes:
    """A bar of all criteria, filled as far as they are met, with a line where each level begins: a PNG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(SANS_FOLDER / "sourcesanspro-semibold-webfont.ttf"), 32)
    total = page.figures.total

    def place_of(count: int) -> float:
        return LEFT + (RIGHT - LEFT) * count / total

    pen.rectangle((LEFT, TOP, RIGHT, TOP + BAR), fill=PALE)
    if page.figures.met:
        pen.rectangle((LEFT, TOP, place_of(page.figures.met), TOP + BAR), fill=NAVY)
    pen.text((LEFT, TOP + BAR + 14), f"{page.figures.met} / {total}", fill=NAVY, font=font)
    for level in page.levels:
        x = place_of(level.needed)
        pen.line((x, TOP - 14, x, TOP + BAR + 14), fill=ORANGE, width=4)
        pen.text((x + 6, TOP - 56), f"{level.title}", fill=GREY, font=font)
        pen.text((x + 6, TOP + BAR + 14), str(level.needed), fill=GREY, font=font)
    png = io.BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()
