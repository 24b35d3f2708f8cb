"""What the app needs from its surroundings: what is right, what is wrong, and what to do about it."""

import platform
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from app import VERSION
from app.adapters import mail, tokens, virus
from app.adapters.children.confinement import Fence, probe_fences
from app.adapters.criteria import editions
from app.adapters.pdf.maker import NO_PANGO
from app.adapters.pdf.scripts import FONT_PACKAGES, find_face
from app.adapters.pictured_pages.tesseract import DEBIAN_PACKAGES, LANGUAGE_DATA, find_data_folder, list_languages
from app.rules.errors import OutsideUnavailable, reason_in_line
from app.services.doctor.city_data import find_demo_accounts, find_losses, find_strays, find_wide_rights
from app.services.doctor.finding import DoctorCheck, DoctorFinding
from app.services.site import Site, open_site
from app.settings import LANGUAGES, ROOT, Settings
from app.store import city
from app.store.database.engine import now, sqlite_module
from app.store.installation.backup import find_last_backup
from app.store.migrating import current_revision, is_newer, newest_revision

PACKAGES = ("fastapi", "sqlmodel", "sqlalchemy", "alembic", "uvicorn", "weasyprint")
BACKUP_EVERY = timedelta(days=7)
LEAST_FREE_BYTES = 500_000_000
LEAST_KEY_CHARACTERS = 32
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
VENDOR_FILES = ("htmx.min.js", "tus.min.js", "uswds/css/uswds.min.css", "uswds/js/uswds.min.js", "uswds/img/sprite.svg")


def examine_installation(settings: Settings) -> list[DoctorFinding]:
    """Everything, in an order in which it is best put right. Changes nothing but a test file that is removed again."""
    try:
        site = open_site(settings)
    except OSError as problem:
        remedy = "Make the folder writable, or name another in CITYREADY_DATA_DIR"
        return [DoctorFinding("Data folder", f"{settings.data_dir} cannot be used ({problem.strerror})", remedy)]
    try:
        return [finding for check in CHECKS for finding in check(site)]
    finally:
        site.close()


def _check_versions(_: Site) -> Iterator[DoctorFinding]:
    yield DoctorFinding(
        "CityReady", f"{VERSION} on Python {platform.python_version()}, {platform.platform(terse=True)}"
    )
    yield DoctorFinding("Packages", ", ".join(f"{name} {version(name)}" for name in PACKAGES))


def _check_database(site: Site) -> Iterator[DoctorFinding]:
    try:
        with site.database.reading() as session:
            connection = session.connection()
            dialect, revision = connection.dialect, current_revision(connection)
    except (SQLAlchemyError, OutsideUnavailable) as problem:
        reason = reason_in_line(problem)
        yield DoctorFinding("Database", f"does not answer ({reason})", "Start it, or correct CITYREADY_DATABASE_URL")
        return
    number = ".".join(str(part) for part in dialect.server_version_info or ())
    if dialect.name == "sqlite":
        yield sqlite_finding(tuple(sqlite_module().sqlite_version_info), sqlite_module().__name__)
    else:
        yield DoctorFinding("Database", f"{dialect.name} {number}")
    yield _migrations_finding(revision)


def sqlite_finding(number: tuple[int, ...], driver: str) -> DoctorFinding:
    """Whether this SQLite is free of the fault that can corrupt a WAL database when it is reset.

    Source: sqlite.org/wal.html, "The WAL-reset bug": mended in 3.51.3, 3.50.7 and 3.44.6.
    """
    mended = number >= (3, 51, 3) or (3, 50, 7) <= number < (3, 51) or (3, 44, 6) <= number < (3, 45)
    observed = f"SQLite {'.'.join(map(str, number))} ({driver.partition('.')[0]})"
    if mended:
        return DoctorFinding("Database", observed)
    remedy = "It has a fault that can damage the database. Install the package pysqlite3, or use PostgreSQL"
    return DoctorFinding("Database", observed, remedy)


def _migrations_finding(revision: str | None) -> DoctorFinding:
    if revision == newest_revision():
        return DoctorFinding("Tables", f"up to date ({revision})")
    if is_newer(revision):
        remedy = "Install the version that made them, or restore the backup from before the upgrade"
        return DoctorFinding(
            "Tables", f"at {revision}, made by a newer version; this one knows {newest_revision()}", remedy
        )
    return DoctorFinding("Tables", f"at {revision or 'nothing'}, not at {newest_revision()}", "Run: cityready migrate")


def _check_storage(site: Site) -> Iterator[DoctorFinding]:
    problem = site.storage.check()
    remedy = "Give the app the right to write there, or correct CITYREADY_STORAGE_URL and its keys"
    yield (
        DoctorFinding("File storage", str(problem), remedy)
        if problem
        else DoctorFinding("File storage", site.settings.storage)
    )


def _check_backup(site: Site) -> Iterator[DoctorFinding]:
    try:
        with site.database.reading() as session:
            newest_backup = find_last_backup(session)
            oldest = min(
                (known_city.created_at for known_city in city.list_cities(session) if not known_city.illustrative),
                default=None,
            )
    except (SQLAlchemyError, OutsideUnavailable):
        return  # the finding about the database says why
    yield backup_finding(newest_backup.made_at if newest_backup else None, oldest, now())


def backup_finding(last_made_at: datetime | None, oldest_city: datetime | None, moment: datetime) -> DoctorFinding:
    """Whether the last backup is young enough; nobody misses one of a demonstration, or of a city that came in just now."""
    observed = f"the last one is of {last_made_at:%Y-%m-%d %H:%M} UTC" if last_made_at else "none yet"
    since = last_made_at or oldest_city
    late = oldest_city is not None and since is not None and moment - since > BACKUP_EVERY
    return DoctorFinding(
        "Backup", observed, "Run each night: cityready backup --to FOLDER, on another disk" if late else ""
    )


def _check_disk(site: Site) -> Iterator[DoctorFinding]:
    free = shutil.disk_usage(site.settings.data_dir).free
    observed = f"{free / 10**9:.1f} GB free at {site.settings.data_dir}"
    yield DoctorFinding("Disk", observed, "" if free >= LEAST_FREE_BYTES else "Free some space before people upload")


def _check_secret_key(site: Site) -> Iterator[DoctorFinding]:
    configured, path = site.settings.secret_key, site.settings.data_dir / "secret-key"
    if configured:
        short = min(map(len, tokens.split_keys(configured)), default=0) < LEAST_KEY_CHARACTERS
        yield DoctorFinding(
            "Secret key", "from CITYREADY_SECRET_KEY", "Use 32 random characters or more" if short else ""
        )
    elif not path.exists():
        yield DoctorFinding("Secret key", "will be made when it is first needed")
    else:
        yield DoctorFinding("Secret key", str(path))


def _check_public_url(site: Site) -> Iterator[DoctorFinding]:
    url = site.settings.public_url
    parts = urlsplit(url)
    safe = parts.scheme == "https" or parts.hostname in THIS_MACHINE
    remedy = "Put a server with https in front and name its address in CITYREADY_PUBLIC_URL"
    yield DoctorFinding("Address", url, "" if safe else remedy)


def _check_scanner(site: Site) -> Iterator[DoctorFinding]:
    problem = virus.check_scanner(site.settings.clamd)
    if problem:
        yield DoctorFinding(
            "Virus scanner", str(problem), "Start clamd, or correct CITYREADY_CLAMD; until then new files stay locked"
        )
    elif site.settings.clamd:
        yield DoctorFinding("Virus scanner", f"{site.settings.clamd} answers")
    else:
        yield DoctorFinding("Virus scanner", "none set; files are kept without a scan")


def _check_mail(site: Site) -> Iterator[DoctorFinding]:
    problem = mail.check_mail_server(site.settings)
    if problem:
        yield DoctorFinding("Mail", str(problem), "Correct the CITYREADY_SMTP_... settings")
    elif site.settings.smtp_host:
        yield DoctorFinding("Mail", f"{site.settings.smtp_host} takes mail")
    else:
        yield DoctorFinding("Mail", "no server set; administrators pass invitation links on themselves")


def _check_pdf(site: Site) -> Iterator[DoctorFinding]:
    problem = site.pdf.check()
    yield (
        DoctorFinding("PDF", str(problem), "Install Pango" if problem == NO_PANGO else "Remove that reason")
        if problem
        else DoctorFinding("PDF", "WeasyPrint and Pango work")
    )


def _check_fences(_: Site) -> Iterator[DoctorFinding]:
    yield fences_finding(probe_fences())


def fences_finding(holding: tuple[Fence, ...]) -> DoctorFinding:
    """What keeps a hostile file in: it must reach neither the network, by one fence or the other, nor any file but itself."""
    open_ = [fence for fence in Fence if fence not in holding]
    observed = f"closed to it: {', '.join(holding) or 'nothing'}" + (f"; not here: {', '.join(open_)}" if open_ else "")
    shut = Fence.FILES in holding and not {Fence.NETWORK, Fence.CALLS}.isdisjoint(holding)
    remedy = "Use Linux 5.13 or newer with Landlock and libseccomp, and let a container use both"
    return DoctorFinding("Reading of files", observed, "" if shut or platform.system() != "Linux" else remedy)


def _check_picture_reader(_: Site) -> Iterator[DoctorFinding]:
    yield picture_reader_finding(find_data_folder())


def picture_reader_finding(folder: Path | None) -> DoctorFinding:
    """Whether scans can be read here, and in which languages; the app works without."""
    if folder is None:
        remedy = f"Install Tesseract (Debian: {DEBIAN_PACKAGES}); until then pages say that a scan was not looked into"
        return DoctorFinding("Reading of scans", "Tesseract is not installed", remedy)
    missing = [LANGUAGE_DATA[code] for code in LANGUAGE_DATA if code not in list_languages(folder)]
    remedy = f"Install what is missing (Debian: tesseract-ocr-{' tesseract-ocr-'.join(missing)})" if missing else ""
    return DoctorFinding("Reading of scans", f"Tesseract, in {', '.join(list_languages(folder))}", remedy)


def _check_fonts(_: Site) -> Iterator[DoctorFinding]:
    missing = [package for package, name in FONT_PACKAGES.items() if not find_face(name)]
    observed = ", ".join(["Source Sans", *(name for name in FONT_PACKAGES.values() if find_face(name))])
    remedy = f"Install fonts (Debian: {' '.join(missing)}), or their letters are printed by name" if missing else ""
    yield DoctorFinding("Fonts", observed, remedy)


def _check_front_end(_: Site) -> Iterator[DoctorFinding]:
    yield _files_finding("Front-end files", ROOT / "static" / "vendor", VENDOR_FILES)


def _check_translations(_: Site) -> Iterator[DoctorFinding]:
    compiled = tuple(f"{language}/LC_MESSAGES/messages.mo" for language in LANGUAGES if language != "en")
    yield _files_finding("Translations", ROOT / "locale", compiled)


def _files_finding(about: str, folder: Path, names: tuple[str, ...]) -> DoctorFinding:
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        return DoctorFinding(about, f"missing in {folder.name}: {', '.join(missing)}", "Run: ./run")
    return DoctorFinding(about, "in place")


def _check_criteria(_: Site) -> Iterator[DoctorFinding]:
    for edition in editions.list_edition_ids():
        mistakes = editions.check_edition(ROOT / "criteria" / edition, LANGUAGES)
        observed = f"{edition}, {len(mistakes)} mistakes" if mistakes else edition
        yield DoctorFinding("Criteria", observed, "Run: cityready criteria check" if mistakes else "")


CHECKS: tuple[DoctorCheck, ...] = (
    _check_versions, _check_database, _check_storage, find_losses, find_strays, _check_backup, _check_disk,
    _check_secret_key, find_wide_rights, find_demo_accounts, _check_public_url, _check_scanner, _check_mail, _check_pdf,
    _check_fences, _check_picture_reader, _check_fonts, _check_front_end, _check_translations, _check_criteria,
)  # fmt: skip
