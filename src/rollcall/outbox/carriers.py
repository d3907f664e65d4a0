"""Who carries which channel, by the settings: the mail server, GOV.UK Notify, or a person with a printer."""

from django.conf import settings

from rollcall.outbox.models import Message

SMTP, NOTIFY, PAPER = "smtp", "notify", ""
NAMES = {SMTP: "the mail server", NOTIFY: "GOV.UK Notify"}


def carriers() -> dict[str, str]:
    """Channel -> carrier, for the channels that work as this installation is set up."""
    found = {"email": NOTIFY if settings.ROLLCALL_MAIL_BY == NOTIFY else SMTP, "print": PAPER}
    if settings.ROLLCALL_NOTIFY_KEY:
        found["letter"] = NOTIFY
        if settings.ROLLCALL_NOTIFY_TEXT_TEMPLATE:
            found["text"] = NOTIFY
    return found


def channels() -> dict[str, str]:
    """The channels that work here with their words, for pages to offer; the rest `check_channel` refuses."""
    working = carriers()
    return {channel: words for channel, words in Message.CHANNELS if channel in working}


def check_channel(channel: str) -> None:
    """Raise ValueError, with a sentence, for a channel that does not exist or does not work here."""
    known = dict(Message.CHANNELS)
    if channel not in known:
        raise ValueError(f"A message goes by {', '.join(known)}, not by {channel!r}.")
    if channel not in carriers():
        raise ValueError(
            f"{known[channel]}s can't be sent here: GOV.UK Notify is not set up for them (see docs/settings.md)."
        )


def carrier_of(message: Message) -> str:
    """Who carries a message: whoever was handed it already, else who carries its channel now."""
    return message.carrier or carriers().get(message.channel, NOTIFY)
