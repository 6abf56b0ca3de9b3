"""The settings of a process, from environment variables. ``docs/operations.md`` explains each."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from notifications import domains
from notifications.notify import notify_service
from notifications.notify.notify_service import NotifyService
from notifications.smtp.tls_policy import TlsPolicy
from rules.errors import Fault, InvalidInput

PREFIX = "PATHWAY_"
EXAMPLE_COUNCIL = "Example Council"
SHORTEST_TOKEN = 20
# The examples' own domain is among them: it is reserved, nobody gets mail there, and a trial shows whole letters.
SECURE_DOMAINS = "gov.uk, nhs.net, police.uk, cjsm.net, example.org"
Filled = Annotated[str, Field(min_length=1)]


class Settings(BaseSettings):
    """What a process is told from outside. A variable that is set to nothing counts as not set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Path("pathway-data")
    database_url: SecretStr = SecretStr("")
    owner_url: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    notify_api_key: SecretStr = SecretStr("")
    notify_email_template: str = ""
    notify_reply_to: str = ""
    notify_url: Filled = notify_service.HOME
    notify_letters: bool = False
    notify_callback_token: SecretStr = SecretStr("")
    returned_mail: SecretStr = SecretStr("")
    tls: str = Field(default="required", pattern=r"^(required|optional)$")
    plain_domains: str = ""
    requiretls_domains: str = ""
    secure_domains: str = SECURE_DOMAINS
    link_days: int = Field(default=30, ge=1, le=365)
    secret_key: SecretStr = SecretStr("")
    rulebook: Filled = "haringey-2009"
    letters: Path | None = None
    pages: Path | None = None
    outside_form: bool = False
    host: Filled = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535, validation_alias=AliasChoices(f"{PREFIX}PORT", "PORT"))
    base_url: str = Field(default="", pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$")
    council_name: Filled = EXAMPLE_COUNCIL
    council_team_name: Filled = "Children's Front Door"
    council_telephone: Filled = "020 7946 0000"
    council_out_of_hours_telephone: Filled = "020 7946 0999"
    council_email: Filled = "front-door@example.org"
    council_address: Filled = "Civic Centre, 1 High Road, London N0 0AA"
    council_complaints: Filled = "Write to the Complaints Officer at the address at the end of this letter."
    council_sender: Filled = "front-door@example.org"
    system_owner: str = ""
    ping_url: SecretStr = SecretStr("")
    alerts_every: int = Field(default=5, ge=0, le=60)
    grace_minutes: int = Field(default=10, ge=0, le=30)
    import_column_values: int = Field(default=3, ge=1)
    import_column_percent: int = Field(default=90, ge=1, le=100)
    import_children: int = Field(default=100, ge=1)
    import_on_record: int = Field(default=200, ge=1)

    @property
    def database(self) -> str:
        """The database's address: the one that is set, or a SQLite file in the home folder."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.home / 'pathway.db'}"

    @property
    def owner(self) -> str:
        """The database's address as the owner of its tables uses it, empty where the account that works owns them."""
        return self.owner_url.get_secret_value()

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None where the database is a server's."""
        scheme, _, path = self.database.partition(":///")
        return Path(path) if scheme.startswith("sqlite") and path else None

    @property
    def place(self) -> str:
        """The database as people may read it, without a password."""
        return str(self.file or "the server that PATHWAY_DATABASE_URL names")

    @property
    def mail_server(self) -> str:
        """The mail server's address, empty where none is named."""
        return self.smtp_url.get_secret_value()

    @property
    def notify(self) -> NotifyService | None:
        """The service at GOV.UK Notify, None without a key. Raises InvalidInput for odd values or a second channel."""
        key = self.notify_api_key.get_secret_value()
        if not key:
            return None
        if self.mail_server:
            problem = "and PATHWAY_SMTP_URL are both set, and messages go one way only"
            raise InvalidInput.of("PATHWAY_NOTIFY_API_KEY", problem, "Keep the one by which messages are to go")
        return NotifyService.of(
            key=key, template=self.notify_email_template, reply_to=self.notify_reply_to, url=self.notify_url
        )

    @property
    def sends(self) -> bool:
        """True where a mail server or GOV.UK Notify takes messages out of the house."""
        return bool(self.mail_server or self.notify_api_key.get_secret_value())

    @property
    def callback_token(self) -> str:
        """The token of GOV.UK Notify's call-backs, empty where none are taken. Raises InvalidInput for a short one."""
        token = self.notify_callback_token.get_secret_value()
        if token and len(token) < SHORTEST_TOKEN:
            remedy = f"Make one of at least {SHORTEST_TOKEN} characters, at random"
            raise InvalidInput.of("PATHWAY_NOTIFY_CALLBACK_TOKEN", "is short enough to be guessed", remedy)
        return token

    @property
    def signs(self) -> str:
        """The address that hears of each sweep and each sending, empty where none. Raises InvalidInput for odd ones."""
        address = self.ping_url.get_secret_value()
        if address and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s#]*)?", address):
            raise InvalidInput.of("PATHWAY_PING_URL", "is not an address", "Write it as https://hc-ping.com/YOUR-UUID")
        return address

    @property
    def tls_policy(self) -> TlsPolicy:
        """Whether mail must be encrypted on its way, by domain. Raises InvalidInput for what is no domain."""
        return TlsPolicy(
            required=self.tls == "required",
            plain_domains=domains.parse(self.plain_domains, place="PATHWAY_PLAIN_DOMAINS"),
            whole_way_domains=domains.parse(self.requiretls_domains, place="PATHWAY_REQUIRETLS_DOMAINS"),
        )

    @property
    def secure(self) -> tuple[str, ...]:
        """The domains to which whole letters go by e-mail. Raises InvalidInput for what is no domain."""
        return domains.parse(self.secure_domains, place="PATHWAY_SECURE_DOMAINS")

    @property
    def links_open(self) -> bool:
        """True where people elsewhere can open the links to letters safely, or none are sent."""
        return self.address.startswith("https://") or domains.EVERY in self.secure

    @property
    def bounces(self) -> str:
        """The mailbox or folder in which returned mail waits, empty where none is named."""
        return self.returned_mail.get_secret_value()

    @property
    def address(self) -> str:
        """Where people find the pages, as links in messages name it; without a final slash."""
        if self.base_url:
            return self.base_url.rstrip("/")
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def mailbox(self) -> Path:
        """Where the embedded catcher keeps messages when no mail server is named."""
        return self.home / "mailbox"


def load(**overrides: object) -> Settings:
    """The settings of this process. Raises InvalidInput, which names variable and remedy and repeats no secret."""
    try:
        found = Settings(**overrides)  # type: ignore[arg-type]  # each is validated like a variable
    except ValidationError as error:
        raise InvalidInput(_fault(list(found["loc"]), str(found["msg"])) for found in error.errors()) from None
    _ = found.tls_policy, found.secure, found.notify, found.callback_token, found.signs  # what is odd is told now
    return found


_WANTED = {
    "port": ("is not a port number", "Set it to a whole number from 1 to 65535, such as 8000"),
    "alerts_every": ("is not a number of minutes", "Set it to a whole number from 0 to 60, such as 5"),
    "grace_minutes": ("is not a number of minutes", "Set it to a whole number from 0 to 30, such as 10; 0 for none"),
    "tls": ("is neither required nor optional", "Leave it out, or set it to optional where the way is safe"),
    "notify_letters": ("is neither on nor off", "Set it to on where GOV.UK Notify is to print letters"),
    "outside_form": ("is neither on nor off", "Set it to on where professionals may send the form on the web"),
    "link_days": ("is not a number of days", "Set it to a whole number from 1 to 365"),
    "base_url": ("is not the address of a web site", "Write it as https://pathway.example.gov.uk"),
}


def _fault(place: list[object], message: str) -> Fault:
    name = str(place[0]).removeprefix(PREFIX).lower()
    variable = "PORT" if name == "port" and f"{PREFIX}PORT" not in os.environ else f"{PREFIX}{name.upper()}"
    problem, remedy = _WANTED.get(name, (message, "docs/operations.md says what it is for"))
    return Fault(place=variable, problem=problem, remedy=remedy)


def variables() -> tuple[str, ...]:
    """The names of all variables that are read, ``PORT`` last."""
    return (*(f"{PREFIX}{name.upper()}" for name in Settings.model_fields), "PORT")


def misspelt(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """What to tell about variables that begin like ours and are none: a wrong letter must not silence the mail."""
    known = variables()
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    return tuple(f"{name} is not a setting and does nothing{_meant(name, known)}." for name in unknown)


def _meant(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
