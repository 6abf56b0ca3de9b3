"""The channel that the settings choose: a mail server, GOV.UK Notify, or none."""

from __future__ import annotations

from notifications.notify.notify_channel import Notify
from notifications.outbox.channels import Channel
from notifications.smtp.servers import MailServer
from notifications.smtp.smtp_channel import Smtp
from pathway.settings import Settings


def chosen(settings: Settings) -> Channel | None:
    """The channel, None where the settings name none. Raises InvalidInput for an odd one, or for two at once."""
    if (service := settings.notify) is not None:
        return Notify(service=service)
    if settings.mail_server:
        return Smtp(server=MailServer.from_url(settings.mail_server, policy=settings.tls_policy))
    return None


def name(channel: Channel) -> str:
    """The channel, as the beginning of a sentence."""
    return str(channel) if isinstance(channel, Notify) else f"The mail server {channel}"
