"""The command line: results and messages apart, one sentence for what was expected to go wrong, and an exit status that says so."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from app.adapters.criteria.editions import load_edition
from app.cli import main
from app.settings import ROOT


class Said(NamedTuple):
    status: int
    results: str
    messages: str


Run = Callable[..., Said]


pytestmark = pytest.mark.only_sqlite
with_tables = pytest.mark.usefixtures("data_dir")
"""The installation has its tables already."""
with_demo = pytest.mark.usefixtures("data_dir", "demo_loaded")
"""The installation has the demo already."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on an installation of this test's own, in which nothing is unless the test is marked so."""
    monkeypatch.setenv("CITYREADY_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return run


def answers(folder: Path, content: str) -> str:
    path = folder / "answers.json"
    path.write_text(content)
    return str(path)


def test_a_score_is_json_on_standard_output_and_nothing_else(run: Run, tmp_path: Path) -> None:
    said = run("score", "--edition", "wwc-2022", "--answers", answers(tmp_path, '{"verdicts": {"DM1": "met"}}'))
    assert (said.status, said.messages) == (0, "")
    assert json.loads(said.results)["met"] == 1
    assert not (tmp_path / "data").exists(), "scoring needs no installation"


@pytest.mark.parametrize(
    "content",
    ['{"verdicts": {"DM99": "met"}}', '{"verdicts": {"DM1": "yes"}}', '{"verdicts": {"DM1": "met"', "[]", ""],
)
def test_answers_that_cannot_be_used_are_one_sentence_and_status_2(run: Run, tmp_path: Path, content: str) -> None:
    said = run("score", "--edition", "wwc-2022", "--answers", answers(tmp_path, content))
    assert (said.status, said.results) == (2, "")
    assert said.messages.count("\n") == 1
    assert said.messages.endswith(".\n")


def test_a_missing_file_and_an_unknown_edition_are_status_2_too(run: Run, tmp_path: Path) -> None:
    for edition, name in (("wwc-2022", "missing.json"), ("wwc-1999", answers(tmp_path, '{"verdicts": {}}'))):
        said = run("score", "--edition", edition, "--answers", str(tmp_path / name))
        assert (said.status, said.results, said.messages.count("\n")) == (2, "", 1)


READY = (
    '{"verdicts": {"LC1": "met", "DM1": "met", "PA1": "met", "DM2": "not_met"}, "efforts": {"DM2": "S"}, '
    '"owners": {"DM2": "IT"}, "lead_days": {"DM3": 400}, "lapses": {"PA1": "2198-06-30"}}'
)


def test_a_plan_is_json_with_the_promised_keys_and_nothing_else(run: Run, tmp_path: Path) -> None:
    content = answers(tmp_path, READY)
    said = run("plan", "--answers", content, "--target", "silver", "--date", "2199-01-01", "--json")
    assert (said.status, said.messages) == (0, "")
    found = json.loads(said.results)
    assert list(found) == ["target", "date", "options", "unreachable_because"]
    assert (found["target"], found["date"], found["unreachable_because"]) == ("silver", "2199-01-01", None)
    assert len(found["options"]) == 5
    for option in found["options"]:
        assert list(option) == ["criteria", "cost", "reasons"]
        assert {"PA1", "DM2"} <= set(option["criteria"])
    assert not (tmp_path / "data").exists(), "planning needs no installation"


def test_a_plan_out_of_reach_has_no_options_and_says_why(run: Run, tmp_path: Path) -> None:
    arguments = ("plan", "--answers", answers(tmp_path, READY), "--target", "gold", "--date", "2020-01-01")
    found = json.loads(run(*arguments, "--json").results)
    assert found["options"] == []
    assert found["unreachable_because"].startswith(
        "For the Gold range you need 27 more criteria, but only 0 can be done by 2020-01-01."
    )
    said = run(*arguments)
    assert said.status == 0
    assert said.results.startswith(
        "Out of reach: Gold range by 2020-01-01.\nFor the Gold range you need 27 more criteria"
    )


def test_a_plan_for_people_has_a_line_for_each_option_and_reason(run: Run, tmp_path: Path) -> None:
    said = run("plan", "--answers", answers(tmp_path, READY), "--target", "silver")
    assert (said.status, said.messages) == (0, "")
    assert said.results.startswith("Estimated: Silver range.\nOption 1: 33 points, done by ")
    assert "\n  DM2: Effort: small.\n" in said.results
    assert "\nOption 5: " in said.results


def test_what_is_reached_already_is_one_option_of_nothing(run: Run, tmp_path: Path) -> None:
    verdicts = json.dumps({"verdicts": dict.fromkeys(load_edition(ROOT / "criteria" / "wwc-2022").criteria, "met")})
    said = run("plan", "--answers", answers(tmp_path, verdicts), "--target", "platinum", "--json")
    found = json.loads(said.results)
    assert found["date"] is None
    assert [(option["criteria"], option["cost"]) for option in found["options"]] == [([], 0)]


@pytest.mark.parametrize(
    ("content", "arguments", "part"),
    [
        (READY, ["--target", "bronze"], "choose silver, gold, platinum."),
        (READY, ["--target", "gold", "--date", "tomorrow"], "2027-03-01"),
        (READY, ["--target", "gold", "--date", "20270301"], "2027-03-01"),
        (READY, ["--target", "gold", "--edition", "wwc-1999"], "choose wwc"),
        ('{"efforts": {}}', ["--target", "gold"], "lead_days"),
        ('{"verdicts": {}, "notes": {}}', ["--target", "gold"], "lapses"),
        ('{"verdicts": {}, "efforts": []}', ["--target", "gold"], "efforts"),
        ('{"verdicts": {"DM1": "yes"}}', ["--target", "gold"], "DM1"),
        ('{"verdicts": {}, "efforts": {"DM99": "S"}}', ["--target", "gold"], "DM99"),
        ('{"verdicts": {}, "efforts": {"DM1": "XL"}}', ["--target", "gold"], '"XL"'),
        ('{"verdicts": {}, "efforts": {"DM1": ["S"]}}', ["--target", "gold"], "DM1"),
        ('{"verdicts": {}, "lead_days": {"DM1": -1}}', ["--target", "gold"], "-1"),
        ('{"verdicts": {}, "lead_days": {"DM1": true}}', ["--target", "gold"], "true"),
        ('{"verdicts": {}, "lead_days": {"DM1": 1.5}}', ["--target", "gold"], "1.5"),
        ('{"verdicts": {}, "lead_days": {"DM1": 99999999999}}', ["--target", "gold"], "36500"),
        ('{"verdicts": {}, "owners": {"DM1": ""}}', ["--target", "gold"], "a name"),
        ('{"verdicts": {}, "owners": {"DM1": 7}}', ["--target", "gold"], "a name"),
        ('{"verdicts": {}, "lapses": {"DM1": "2027-02-30"}}', ["--target", "gold"], "2027-02-30"),
        ('{"verdicts": {}, "lapses": {"DM1": "20270201"}}', ["--target", "gold"], "20270201"),
        ('{"verdicts": {}, "lapses": {"DM1": null}}', ["--target", "gold"], "null"),
        ('{"verdicts": {}, "lapses": {"DM1": "2027-02-01", "DM1": "2028-02-01"}}', ["--target", "gold"], "twice"),
        ("[]", ["--target", "gold"], "JSON object"),
    ],
)
def test_a_plan_that_cannot_be_made_is_one_sentence_and_status_2(
    run: Run, tmp_path: Path, content: str, arguments: list[str], part: str
) -> None:
    said = run("plan", "--answers", answers(tmp_path, content), *arguments)
    assert (said.status, said.results) == (2, "")
    assert part in said.messages
    assert said.messages.count("\n") == 1
    assert said.messages.endswith(".\n")


def test_help_names_every_command_with_a_sentence(run: Run) -> None:
    said = run("--help")
    assert said.status == 0
    assert "CityReady is an independent preparation tool." in said.results
    for command in (
        "serve",
        "demo",
        "migrate",
        "work",
        "score",
        "plan",
        "report",
        "doctor",
        "city",
        "people",
        "files",
        "history",
        "criteria",
    ):
        assert f" {command} " in said.results
    assert "standard error" in said.results


def test_the_criteria_files_of_the_repository_have_no_mistakes(run: Run) -> None:
    said = run("criteria", "check")
    assert (said.status, said.results) == (0, "")


def test_the_smallest_sets_of_a_checklist_can_be_read_beside_what_is_asked(run: Run) -> None:
    said = run("criteria", "sets", "RDC8", "--language", "es")
    assert said.status == 0
    assert said.results.splitlines()[0] == "RDC8 Facilitar la presentación de ofertas (1 of 3)"
    assert [line for line in said.results.splitlines() if line.startswith("  = ")] == [
        "  = simpler",
        "  = reachable",
        "  = vendor-help",
    ]
    assert run("criteria", "sets", "RDC9").status == 2


def test_all_sets_are_printed_without_a_code(run: Run) -> None:
    said = run("criteria", "sets")
    assert len([line for line in said.results.splitlines() if line.startswith("  asked: ")]) == 43


def test_a_mistake_in_the_criteria_files_is_a_line_and_status_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "edition.yml").write_text("id: broken\nid: twice\n")
    said = run("criteria", "check", str(tmp_path))
    assert said.status == 1
    assert "edition.yml:2" in said.results
    assert said.messages == ""


def test_the_app_does_not_start_from_criteria_files_with_a_mistake(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = shutil.copytree(ROOT / "criteria", tmp_path / "criteria") / "wwc-2022" / "open-data" / "OD1.yml"
    broken.write_text(broken.read_text().replace("effort: ", "effort: X"))
    monkeypatch.setattr("app.services.site.ROOT", tmp_path)
    said = run("serve", "--port", str(_free_port()))
    assert said.status == 1
    assert "OD1.yml:" in said.messages
    assert "Write S, M or L instead." in said.messages


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def test_migrating_twice_applies_revisions_once(run: Run) -> None:
    first, second = run("migrate"), run("migrate")
    assert first.results.split()[0] == "0001"
    assert (second.status, second.results) == (0, "")


@with_tables
def test_a_city_its_people_and_their_links_are_made_from_the_command_line(run: Run) -> None:
    city = run("city", "add", "san-juan", "--name", "San Juan", "--country", "AR", "--language", "es")
    assert (city.status, city.results) == (0, "")
    added = run("people", "add", "Ana@SanJuan.example", "--city", "san-juan", "--name", "Ana Sol", "--role", "admin")
    assert added.status == 0
    assert added.results.startswith("http://127.0.0.1:8000/welcome/")
    assert added.results.count("\n") == 1
    again = run("people", "add", "ana@sanjuan.example", "--city", "san-juan", "--name", "Ana Sol", "--role", "lead")
    assert (again.status, again.results) == (2, "")


def test_a_second_city_is_added_by_a_command_of_its_own(tmp_path: Path) -> None:
    """In a process that has loaded nothing else, as at a terminal."""
    for slug in ("springfield", "riverside"):
        command = [sys.executable, "-m", "app", "city", "add", slug, "--name", slug.title(), "--country", "US"]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "CITYREADY_DATA_DIR": str(tmp_path)}, capture_output=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, b""), done.stderr


@with_tables
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["city", "add", "static", "--name", "Static", "--country", "US"], 2),
        (["city", "add", "x", "--name", "X", "--country", "US", "--language", "xx"], 2),
        (["people", "add", "a@b.example", "--city", "nowhere", "--name", "A", "--role", "lead"], 1),
        (["report", "--city", "nowhere", "--output", "report.pdf"], 1),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_without_a_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int
) -> None:
    monkeypatch.setenv("CITYREADY_PUBLIC_URL", "https://ready.example.org")  # else a report warns of its address, too
    said = run(*arguments)
    assert (said.status, said.results) == (status, "")
    assert said.messages.count("\n") == 1
    assert "Traceback" not in said.messages


def test_the_demo_prints_its_sign_ins_and_refuses_to_load_twice(run: Run) -> None:
    first = run("demo")
    assert (first.status, first.results) == (0, "")
    assert "harbor lantern council 43" in first.messages
    assert "lead@newark.example" in first.messages
    second = run("demo")
    assert second.status == 1
    assert "empty database" in second.messages


def test_the_doctor_exits_with_1_when_something_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = run("doctor")
    assert said.status == 1
    assert "WRONG Tables" in said.results
    assert "PDF: " in said.results


def test_a_port_in_use_is_a_sentence(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = run("serve", "--port", str(taken.getsockname()[1]))
    assert (said.status, said.results) == (2, "")
    assert "Choose another" in said.messages


@contextmanager
def serving(folder: Path, *options: str, **settings: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The app as a process over an installation in the folder, and the address that it is to serve."""
    port = str(_free_port())
    served = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", *options],
        cwd=ROOT,
        env={**os.environ, "CITYREADY_DATA_DIR": str(folder), "PORT": port, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield served, f"http://127.0.0.1:{port}"
    finally:
        served.kill()
        served.communicate()


def test_serving_an_empty_installation_loads_the_demo_answers_and_stops_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo-when-empty") as (served, url):
        assert served.stderr
        said = [served.stderr.readline() for _ in range(10)]
        assert url in said[0]
        assert "admin@riverton.example" in said[-1]
        with urllib.request.urlopen(f"{url}/health", timeout=30) as answer:
            assert json.load(answer)["status"] == "ok"
        served.send_signal(signal.SIGINT)
        results, messages = served.communicate(timeout=30)
        assert (served.returncode, results) == (0, "")
        assert "Traceback" not in messages


@pytest.mark.parametrize(("trusted", "last"), [("127.0.0.1,10.0.0.0/8", 422), ("127.0.0.1", 429)])
def test_behind_proxies_that_are_trusted_nobody_shares_the_limit_of_another(
    data_dir: Path, trusted: str, last: int
) -> None:
    settings = {"CITYREADY_SIGN_IN_ATTEMPTS": "1", "FORWARDED_ALLOW_IPS": trusted}
    with serving(data_dir, **settings) as (served, url):
        assert served.stderr
        assert url in served.stderr.readline()
        statuses = [_guess(f"{url}/sign-in", number) for number in range(11)]
    assert statuses == [422] * 10 + [last]


def _guess(address: str, number: int) -> int:
    """The status of a wrong sign-in by someone else each time, who comes through a proxy in another container."""
    form = urllib.parse.urlencode({"email": f"guess{number}@alpha.example", "pass_phrase": "wrong"}).encode()
    headers = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": f"203.0.113.{number}, 10.0.0.5"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address, form, headers), timeout=30)
    refused.value.close()
    return refused.value.code


def test_a_score_prints_its_trace_and_the_trace_gives_it_again(run: Run, tmp_path: Path) -> None:
    answers, kept = tmp_path / "answers.json", tmp_path / "trace.json"
    verdicts = dict.fromkeys(list(load_edition(ROOT / "criteria" / "wwc-2022").criteria)[:31], "met")
    answers.write_text(json.dumps({"verdicts": verdicts, "lapses": {"DM1": "2027-03-01"}}))
    said = run("score", "--answers", str(answers), "--as-of", "2027-03-01", "--trace")
    result = json.loads(said.results)
    assert (said.status, result["level_by_count"], result["core"]["open"]) == (0, "gold", ["DM1"])
    assert result["trace"]["as_of"] == "2027-03-01"
    kept.write_text(said.results)
    assert json.loads(run("score", "--replay", str(kept), "--trace").results) == result
    result["trace"]["level"] = "gold"
    kept.write_text(json.dumps(result))
    changed = run("score", "--replay", str(kept))
    assert (changed.status, changed.messages.strip()) == (
        1,
        "Replayed, the trace gives another result: it was changed, or the edition was.",
    )


@with_demo
def test_a_city_is_scored_with_the_same_trace_as_its_page(run: Run) -> None:
    result = json.loads(run("score", "--city", "newark", "--trace").results)
    assert (result["met"], result["level"], result["trace"]["edition"]) == (24, "silver", "wwc-2022")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Give exactly one of --answers, --city and --replay."),
        (["--city", "newark", "--replay", "x.json"], "Give exactly one of --answers, --city and --replay."),
        (["--city", "newark", "--as-of", "soon"], "The date must be like 2027-03-01, not “soon”."),
        (["--replay", __file__], "is not a trace, as “score --trace” prints one."),
    ],
)
def test_what_a_score_cannot_use_is_one_sentence(run: Run, arguments: list[str], says: str) -> None:
    said = run("score", *arguments)
    assert (said.status, said.results) == (2, "")
    assert says in said.messages


def test_a_database_without_tables_is_not_whole(run: Run) -> None:
    assert "nothing" in run("verify").results


@with_demo
def test_verify_has_a_line_and_status_1_for_what_is_lost_and_0_where_all_is_whole(run: Run, tmp_path: Path) -> None:
    whole = run("verify")
    assert (whole.status, whole.results) == (0, ""), whole
    assert "Nothing is missing or changed." in whole.messages
    next(path for path in sorted((tmp_path / "data" / "files").glob("*/*")) if path.is_file()).unlink()
    broken = run("verify", "--quick")
    assert (broken.status, broken.results.count("\n")) == (1, 1)
    assert broken.results.startswith("missing  ")


@with_demo
def test_a_backup_is_a_folder_on_standard_output_and_is_restored_elsewhere(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run("backup", "--to", str(tmp_path / "backups"))
    folder = Path(made.results.strip())
    assert (made.status, folder.parent, made.results.count("\n")) == (0, tmp_path / "backups", 1)
    over = run("restore", str(folder))
    assert (over.status, over.results) == (1, "")
    assert "is not empty" in over.messages
    assert run("restore", str(tmp_path)).status == 2
    monkeypatch.setenv("CITYREADY_DATA_DIR", str(tmp_path / "elsewhere"))
    restored = run("restore", str(folder))
    assert (restored.status, restored.results) == (0, "")
    assert "Nothing is missing or changed." in restored.messages
    assert run("verify").status == 0


@with_demo
def test_a_move_says_what_to_set_next_and_shows_no_secret(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("move").status == 2, "where to is not said"
    monkeypatch.setenv("CITYREADY_TO_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setenv("CITYREADY_TO_STORAGE_SECRET_KEY", "hush-hush")
    moved = run("move", "--storage-url", str(tmp_path / "new"))
    assert (moved.status, moved.results) == (0, "")
    assert "set CITYREADY_DATABASE_URL, CITYREADY_STORAGE_URL" in moved.messages
    assert "hush" not in moved.messages


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("UPLOAD_MB", "abc", "CITYREADY_UPLOAD_MB is “abc”: Input should be a valid integer"),
        ("WORKER", "many", "Input should be 'embedded' or 'none'"),
        ("DATABASE_URL", "mysql://u:hush@h/x", "begins with postgresql+psycopg:// or sqlite:///"),
        ("DATABASE_URL", "postgres://u:hush@127.0.0.1:1/x?connect_timeout=1", "The database does not answer"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all.db", "The database does not answer"),
        ("STORAGE_URL", "ftp://files", "the path of a folder, or s3://bucket/prefix"),
        ("PUBLIC_URL", "cityready", "an address such as https://"),
        ("DATA_DIR", "/proc/data", "/proc/data cannot be used"),
    ],
)
def test_a_wrong_setting_is_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"CITYREADY_{name}", value)
    said = run("migrate")
    assert said.status in {1, 2}
    assert says in said.messages
    assert "hush" not in said.messages
    assert "Traceback" not in said.messages


@with_demo
def test_the_record_is_checked_against_anchors_that_were_kept(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "anchors.txt"
    said = run("history", "anchors")
    assert (said.status, len(said.results.splitlines())) == (0, 2)
    assert run("history", "anchors", "-o", str(kept)).status == 0
    assert kept.read_text() == said.results
    slug, anchor, _ = said.results.splitlines()[0].split()
    for given in (["--anchor", str(kept)], ["--city", slug, "--anchor", anchor], []):
        well = run("history", "verify", *given)
        assert (well.status, well.results) == (0, "")
        assert "Nothing is missing or altered" in well.messages
    other = run("history", "verify", "--city", slug, "--anchor", f"{anchor.split(':')[0]}:{'0' * 64}")
    assert (other.status, "is not the one of your anchor" in other.results) == (1, True)


@with_demo
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--anchor", "nowhere.txt"], "neither an anchor nor a file"),
        (["--anchor", "1:xyz"], "is not an anchor"),
        (["--anchor", f"atlantis 1:{'0' * 64}"], "There is no city “atlantis” here"),
        (["--anchor", f"1:{'0' * 64}"], "Say with --city"),
        (["--city", "atlantis"], "atlantis"),
    ],
)
def test_anchors_that_cannot_be_used_are_one_sentence(run: Run, given: list[str], said: str) -> None:
    refused = run("history", "verify", *given)
    assert refused.status in (1, 2)
    assert said in refused.messages
    assert "Traceback" not in refused.messages


@with_demo
def test_the_demo_is_removed_and_a_city_beside_it_says_that_it_is_there(run: Run) -> None:
    added = run("city", "add", "springfield", "--name", "Springfield", "--country", "US")
    assert added.status == 0
    assert "cityready demo remove" in added.messages
    removed = run("demo", "remove")
    assert (removed.status, "The demo is removed" in removed.messages) == (0, True)
    assert "cityready demo remove" not in run("city", "add", "shelby", "--name", "Shelby", "--country", "US").messages


@with_demo
def test_a_link_for_a_passphrase_is_printed_for_somebody_who_gets_no_mail(run: Run) -> None:
    made = run("people", "link", "lead@newark.example")
    assert made.status == 0
    assert made.results.startswith("http")
    assert run("people", "link", "nobody@newark.example").status != 0


@with_tables
def test_what_the_page_of_settings_has_can_be_set_here_too(run: Run) -> None:
    run("city", "add", "san-juan", "--name", "San Juan", "--country", "AR")
    said = run("city", "set", "san-juan", "--language", "es", "--population", "47000", "--due", "2027-03-31")
    assert (said.status, "changed" in said.messages) == (0, True)
    refused = run("city", "set", "san-juan", "--time-zone", "Mars/Olympus")
    assert (refused.status, "time zone" in refused.messages) == (2, True)


@with_demo
def test_a_table_is_looked_at_and_then_saved_whole_or_not_at_all(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text(
        "Name,E-mail,Department,Role\nAna Solo,ana@newark.example,Nowhere,lead\nBo Ek,bo@newark.example,,official\n"
    )
    given = ("bulk", "import", str(table), "--city", "newark", "--by", "admin@newark.example")
    looked = run(*given)
    assert looked.status == 0
    assert "People: New 1, Changed 0, Same as now 0, Cannot be used 1" in looked.results
    assert "There is no department “Nowhere” yet." in looked.results
    assert "Nothing is saved yet." in looked.messages
    refused = run(*given, "--save")
    assert (refused.status, "Some lines cannot be used" in refused.messages) == (2, True)
    assert "Saved: 1." in run(*given, "--save", "--leave-out").messages
    words = tmp_path / "words.txt"
    words.write_text("As published in May\nLC1: Leaders show it.\nDM1\nA strategy is there.")
    worded = ("bulk", "wordings", str(words), *given[3:])
    looked = run(*worded)
    assert ("DM1 " in looked.results, "Without official words: " in looked.results) == (True, True)
    assert ("As published in May" in looked.results, "Nothing is saved yet." in looked.messages) == (True, True)
    assert "Saved: 2." in run(*worded, "--save").messages
    assert "would change anything" in run(*worded, "--save").messages
    lead = (*given[:-1], "lead@newark.example")
    assert "Your role in this city does not include this." in run(*lead).messages
    assert "Nobody with the address" in run(*given[:-1], "admin@riverton.example").messages


@with_demo
def test_the_color_and_the_letters_of_a_city_are_set(run: Run) -> None:
    assert run("city", "set", "newark", "--color", "#ffcc00").messages.strip().endswith("dark enough.")
    assert run("city", "set", "newark", "--color", "#1b5e20", "--letter-sender", "Data Office").status == 0
    assert run("city", "set", "newark", "--reply-to", "nobody").status == 2
