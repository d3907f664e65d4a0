"""What is wrong with a file, in one line: where it is, what stands there, and what was expected."""

LONGEST = 40


class BadFile(ValueError):
    """A file that can't be used. Its text is one line naming file, place, column and what was expected."""

    def __init__(self, file: str, place: str, column: str, found: str, expected: str) -> None:
        # All five are handed on, so that it survives the way back from another process.
        super().__init__(file, place, column, found, expected)

    def __str__(self) -> str:
        file, place, column, found, expected = self.args
        return on_one_line(f"{file}: {place}, column {column}: {found}; expected {expected}.")


class BadValue(ValueError):
    """A cell that can't be read, before it is known where it stands."""

    def __init__(self, column: str, found: str, expected: str) -> None:
        super().__init__(column, found, expected)
        self.column, self.found, self.expected = column, found, expected

    def at(self, file: str, place: str) -> BadFile:
        """The same problem with its place."""
        return BadFile(file, place, self.column, self.found, self.expected)


def shown(value: bytes | str) -> str:
    """A value as it may stand in a message: quoted and not too long."""
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value
    return f"'{text if len(text) <= LONGEST else text[:LONGEST] + '...'}'"


def on_one_line(text: str) -> str:
    """Text without line breaks and other things that a terminal would obey."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
