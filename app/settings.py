"""Settings, from the environment only (prefix CITYREADY_); each has a default that works on a laptop."""

import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent

LANGUAGES = {"en": "English", "es": "Español"}
"""Languages that the app claims, each in its own words; a test holds that every text and criterion exists in each."""


POSTGRESQL = "postgresql+psycopg"
DATABASES = {"sqlite": "sqlite", POSTGRESQL: POSTGRESQL, "postgresql": POSTGRESQL, "postgres": POSTGRESQL}
"""How the address of a database may begin, and how it begins for the driver."""


ROOMY_MEMORY_BYTES = 2 * 10**9


def count_pdf_makers() -> int:
    """Two where the machine has the memory for it, else one."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):  # a system that does not tell
        return 1
    return 2 if memory >= ROOMY_MEMORY_BYTES else 1


class Settings(BaseSettings):
    """How this installation runs. The README lists every name; a test holds that it does."""

    model_config = SettingsConfigDict(env_prefix="CITYREADY_", extra="ignore")

    data_dir: Path = ROOT / "data"
    """Folder for the database and the files when neither PostgreSQL nor object storage is set."""
    database_url: str = ""
    """SQLAlchemy address; empty means SQLite at data_dir/cityready.db. PostgreSQL: postgresql+psycopg://..."""
    storage_url: str = ""
    """Where files are kept; empty means data_dir/files. Object storage: s3://bucket/prefix (see the README for its keys)."""
    storage_endpoint: str = ""
    storage_access_key: str = ""
    storage_secret_key: str = ""
    storage_region: str = "us-east-1"
    secret_key: str = ""
    """Signs links and known devices; empty means one is made at first start and kept in data_dir/secret-key.

    It may hold several with commas between them: the first signs, all verify.
    """
    public_url: str = "http://127.0.0.1:8000"
    """Address that people reach the app under; used in mails, reports and for the Origin check."""
    session_hours: int = Field(default=12, ge=1, le=24 * 30)
    session_idle_minutes: int = Field(default=120, ge=5, le=60 * 24 * 30)
    """How long a session lasts while nothing is asked of it; never longer than session_hours in all."""
    confirm_minutes: int = Field(default=10, ge=1, le=60 * 24)
    """How long after the passphrase was last typed a sensitive step is taken without asking for it."""
    sign_in_attempts: int = Field(default=10, ge=1)
    """Failed sign-ins of one account from one network in 15 minutes before a pause; of one network or one account in all ten times as many."""
    security_record_days: int = Field(default=180, ge=1, le=3650)
    """How long the security record is kept: sign-ins, failures and the like, with network address and browser."""
    upload_mb: int = Field(default=200, ge=1, le=2000)
    """Largest single file, in megabytes (10**6 bytes)."""
    link_mb: float = Field(default=1000, gt=0)
    """Room for files that come through the link of one request, kept or on their way, in megabytes."""
    person_gb: float = Field(default=20, gt=0)
    """Room for the files that one person sends, kept or on their way, in gigabytes (10**9 bytes)."""
    city_gb: float = Field(default=50, gt=0)
    """Room for all files and reports of a city, kept or on their way, in gigabytes."""
    file_types: str = ""
    """Endings of the files that may be kept, with spaces between; empty means all that the app knows."""
    clamd: str = ""
    """A ClamAV daemon, `host:port` or the path of its socket. Files wait until it calls them clean; empty means none is asked."""
    worker: Literal["embedded", "none"] = "embedded"
    """`embedded` runs jobs in a thread of the web process; `none` leaves them to `cityready work` processes."""
    drain_seconds: float = Field(default=0, ge=0, le=300)
    """How long `serve`, told to stop, goes on while `/health` answers 503, so that a proxy sends people elsewhere first."""
    metrics_token: str = ""
    """Whoever has it may read /metrics; empty means that only this machine may, past any proxy."""
    smtp_host: str = ""
    """Mail server; empty means that no mail is sent and invitation links are shown to the administrator only."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "cityready@localhost"
    links_may_be_private: bool = False
    """Lets the link check reach private and loopback addresses. Only for tests and closed intranets."""
    pdf_seconds: int = Field(default=90, ge=5)
    """Most processor time that making one PDF may take; by the clock ten times as much, against a process that hangs."""
    pdf_memory_mb: int = Field(default=1024, ge=256)
    """Memory that a PDF process may take, in megabytes."""
    pdf_makers: int = Field(default_factory=count_pdf_makers, ge=1, le=16)
    """How many PDFs are made at a time."""

    @field_validator("database_url")
    @classmethod
    def _complete_database_url(cls, address: str) -> str:
        """`postgres://` and `postgresql://` are what hosts hand out; which driver reads them is ours to say."""
        scheme, separator, location = address.partition("://")
        known = DATABASES.get(scheme)
        if address and not (separator and known):
            raise ValueError("use an address that begins with postgresql+psycopg:// or sqlite:///")
        return f"{known}://{location}" if address else ""

    @field_validator("storage_url")
    @classmethod
    def _check_storage_url(cls, address: str) -> str:
        scheme, separator, location = address.partition("://")
        if separator and (scheme != "s3" or not location.partition("/")[0]):
            raise ValueError("use the path of a folder, or s3://bucket/prefix")
        return address

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("use an address such as https://cityready.example.gov")
        return address.rstrip("/")

    @property
    def database(self) -> str:
        """The address of the database, filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'cityready.db'}"

    @property
    def storage(self) -> str:
        """Where the files are, filled in: a folder or an s3:// address."""
        return self.storage_url or str(self.data_dir / "files")

    @property
    def by_https(self) -> bool:
        """Whether people reach the app over TLS."""
        return self.public_url.startswith("https:")

    @property
    def upload_bytes(self) -> int:
        """Largest single file in bytes."""
        return self.upload_mb * 1_000_000
