"""The notice of independence is one: what pages and reports say is what the README says."""

from app.rules.independence import INDEPENDENCE, OWN_WORDING
from app.settings import ROOT


def test_the_readme_says_the_notice_in_the_same_words() -> None:
    quoted = [line[1:] for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith(">")]
    assert f"{INDEPENDENCE} {OWN_WORDING}" in " ".join(" ".join(quoted).replace("**", "").split())


def test_no_other_file_words_it_again() -> None:
    names = "Results for America"
    sources = [
        path
        for folder in ("app", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html"}
    ]
    said = [path.relative_to(ROOT).as_posix() for path in sources if names in path.read_text("utf-8")]
    assert said == ["app/rules/independence.py"]
