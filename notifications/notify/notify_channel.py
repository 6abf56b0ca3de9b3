"""GOV.UK Notify as a channel. Only this module knows its client; no fault of it leaves as an exception.

What is sent goes through one template of the council's service, which consists of ((subject)) and ((body)); letters on
paper go as finished PDF. The reference is the Message-ID: by it a message is found that may have been taken already.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, TypeVar

from notifications.answers import Answer
from notifications.notify import markdown, notify_faults, statuses
from notifications.notify.notify_faults import Fault, Trouble
from notifications.notify.notify_service import NotifyService
from notifications.notify.statuses import Report
from notifications.outbox import mime
from notifications.outbox.queue import Claimed
from rules.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from notifications_python_client import NotificationsAPIClient

__all__ = ["Connection", "Inquiry", "Notify", "NotifyService", "available", "probe"]

T = TypeVar("T")
_PLACES = {"subject": re.compile(r"\(\(\s*subject\s*\)\)"), "body": re.compile(r"\(\(\s*body\s*\)\)")}

# The client logs what was refused, with the address in it.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


class _Stopped(Exception):
    """The client could not do what it was asked."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.trouble = trouble


class _Stage(Enum):
    OPENING = auto()
    ASKING = auto()
    HANDING = auto()
    DONE = auto()


def available() -> str:
    """The empty string where the client is installed; else what to install."""
    try:
        import notifications_python_client  # noqa: F401
    except ImportError:
        return "There is no client for GOV.UK Notify. Install it with: pip install notifications-python-client"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """The channel that GOV.UK Notify is."""

    service: NotifyService

    @property
    def longest(self) -> float:
        """How long one message can take, in seconds."""
        return self.service.patience.message

    def connections(self, count: int) -> Sequence[Connection]:
        """So many connections. Raises InvalidInput where the client is not installed."""
        if missing := available():
            raise InvalidInput.of("PATHWAY_NOTIFY_API_KEY", missing, "Or name a mail server with PATHWAY_SMTP_URL")
        return [Connection(self.service) for _ in range(count)]

    def __str__(self) -> str:
        return str(self.service)


class Connection:
    """One client with a thread of its own: the client waits for answers, and may be used by one thread only."""

    def __init__(self, service: NotifyService) -> None:
        self._service = service
        self._stage = _Stage.DONE
        self._client: NotificationsAPIClient | None = None
        self._thread: ThreadPoolExecutor | None = None

    @property
    def in_doubt(self) -> bool:
        """True while GOV.UK Notify may already have the message that is being sent."""
        return self._stage is _Stage.HANDING

    async def open(self) -> Answer | None:
        """See that the key works and that the template carries what we write; what is wrong, or None."""
        self._stage = _Stage.OPENING
        try:
            async with asyncio.timeout(self._service.patience.message):
                template = await self._asked(lambda client: client.get_template(self._service.template))
        except (TimeoutError, _Stopped) as error:
            return self._answer_to(error)
        self._stage = _Stage.DONE
        if fault := _template_fault(template):
            return self._answer(Fault(text=fault, final=True, server_down=True))
        return None

    async def send(self, message: Claimed) -> Answer:
        """Hand one message over, unless it is there already, and return what was said about it."""
        try:
            async with asyncio.timeout(self._service.patience.message):
                return await self._send(message)
        except (TimeoutError, _Stopped) as error:
            return self._answer_to(error, by_post=message.by_post)

    async def _send(self, message: Claimed) -> Answer:
        if message.perhaps_taken:
            self._stage = _Stage.ASKING
            found = await self._asked(lambda client: client.get_all_notifications(reference=message.message_id))
            if name := _name_in(found, message.message_id):
                self._stage = _Stage.DONE
                return self._accepted(name, "It had it already, by the same reference")
        self._stage = _Stage.HANDING
        given = await self._asked(lambda client: _hand_over(client, self._service, message))
        given_name = given.get("id") if isinstance(given, Mapping) else None
        if not (isinstance(given_name, str) and given_name):
            return self._answer(Fault(text="It answered without a name for the message", perhaps_taken=True))
        self._stage = _Stage.DONE
        return self._accepted(given_name, "Accepted")

    async def _asked(self, question: Callable[[NotificationsAPIClient], Any]) -> Any:
        if self._thread is None or self._client is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="notify")
            self._client = _client(self._service)
        client = self._client
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: _ask(client, question))

    def _accepted(self, name: str, text: str) -> Answer:
        text = f"{text}: {name}"[: notify_faults.LONGEST]
        return Answer(accepted=True, final=True, code=201, text=text, provider_id=name, server=str(self._service))

    def _answer_to(self, error: TimeoutError | _Stopped, *, by_post: bool = False) -> Answer:
        handing, opening = self.in_doubt, self._stage is _Stage.OPENING
        if isinstance(error, _Stopped):
            fault = notify_faults.read(error.trouble, handing=handing, opening=opening, by_post=by_post)
        else:
            fault = notify_faults.silent("No answer came in time", handing=handing)
        if fault.code is None:
            self.drop()
        return self._answer(fault)

    def _answer(self, fault: Fault) -> Answer:
        self._stage = _Stage.DONE
        return Answer(
            accepted=False,
            final=fault.final,
            code=fault.code,
            text=fault.text,
            server_down=fault.server_down,
            perhaps_taken=fault.perhaps_taken,
            server=str(self._service),
        )

    async def quit(self) -> None:
        """There is nothing to say at the end."""
        self.drop()

    def drop(self) -> None:
        """Close, also where an answer is still being waited for."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            self._client.request_session.close()
        self._client = self._thread = None


class Inquiry:
    """Asks for statuses, one after another."""

    def __init__(self, service: NotifyService) -> None:
        self._client = _client(service)

    def status_of(self, provider_id: str) -> Report | None:
        """What has become of one thing; None where it is not known any more. Raises Unavailable."""
        try:
            given = _ask(self._client, lambda client: client.get_notification_by_id(provider_id))
        except _Stopped as error:
            if error.trouble.code == notify_faults.NOT_FOUND:
                return None
            said = notify_faults.read(error.trouble, handing=False).text
            message = f"GOV.UK Notify can't be asked for statuses: {said}."
            raise Unavailable(message) from error
        return statuses.report(given) if isinstance(given, Mapping) else None

    def close(self) -> None:
        """Ask no more."""
        self._client.request_session.close()


def probe(service: NotifyService) -> Answer:
    """Ask with the key for the template, and see that it is the one that is wanted; nothing is sent."""
    if missing := available():
        return Answer(accepted=False, final=True, code=None, text=missing, server=str(service))
    return asyncio.run(_probe(Connection(service), service))


async def _probe(connection: Connection, service: NotifyService) -> Answer:
    trouble = await connection.open()
    await connection.quit()
    text = "Ready: the key is known and the template is right"
    return trouble or Answer(accepted=True, final=True, code=None, text=text, server=str(service))


def _client(service: NotifyService) -> NotificationsAPIClient:
    from notifications_python_client import NotificationsAPIClient

    return NotificationsAPIClient(
        service.key, base_url=service.url, timeout=(service.patience.connect, service.patience.answer)
    )


def _ask(client: NotificationsAPIClient, question: Callable[[NotificationsAPIClient], T]) -> T:
    from notifications_python_client.errors import APIError

    try:
        return question(client)
    except APIError as error:
        # The client says 503 where no answer came at all.
        code = None if error.response is None else int(error.response.status_code)
        raise _Stopped(Trouble(code=code, said=error.message, cause=error.__cause__)) from error


def _hand_over(client: NotificationsAPIClient, service: NotifyService, message: Claimed) -> Any:
    if message.by_post:
        return client.send_precompiled_letter_notification(
            reference=message.message_id, pdf_file=io.BytesIO(message.content)
        )
    parts = mime.parts_of(message.content)
    return client.send_email_notification(
        email_address=message.recipient_address,
        template_id=service.template,
        personalisation={"subject": parts.subject, "body": markdown.body_of(parts)},
        reference=message.message_id,
        email_reply_to_id=service.reply_to or None,
    )


def _name_in(found: object, reference: str) -> str:
    """The name under which a message with this reference is there already; empty where it is not."""
    with suppress(KeyError, TypeError, AttributeError):
        for one in found["notifications"]:  # type: ignore[index]  # whatever came
            if one.get("reference") == reference:
                return str(one["id"])
    return ""


def _template_fault(template: object) -> str:
    """What keeps a template from carrying our messages; a letter without its text would count as sent."""
    if not isinstance(template, Mapping) or template.get("type") != "email":
        return "The template that PATHWAY_NOTIFY_EMAIL_TEMPLATE names is none for e-mail"
    missing = [f"(({name}))" for name, place in _PLACES.items() if not place.search(str(template.get(name) or ""))]
    return (
        f"The template that PATHWAY_NOTIFY_EMAIL_TEMPLATE names lacks {' and '.join(missing)}: make it as "
        "docs/operations.md says"
        if missing
        else ""
    )
