"""How the standing facts say no: one sentence, and the field that it is about where there is one."""


class Refused(ValueError):
    """A standing fact that can't be; the message is a sentence for the person who gave it, `field` what it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
