"""A secret link in a message: a mark stands for it in the text, and only what is handed over has the link itself."""

from rollcall.outbox.models import Message

SECRET = "[secret link]"
"""Where the link goes in a body. People who look at the message see this."""


def check_marked(body: str, secret: str) -> None:
    """Raise ValueError where a secret is nowhere in the body, or a mark stands for nothing."""
    if secret and (SECRET not in body or secret in body):
        raise ValueError(f"A message with a secret has {SECRET} in its body, and never the secret itself.")
    if not secret and SECRET in body:
        raise ValueError(f"A body with {SECRET} needs the secret that it stands for.")


def text_of(message: Message) -> str:
    """The text as it is handed over. Raises ValueError where its secret was wiped."""
    if SECRET in message.body and not message.secret:
        raise ValueError("Its secret link was removed: make a new message instead.")
    return message.body.replace(SECRET, message.secret)
