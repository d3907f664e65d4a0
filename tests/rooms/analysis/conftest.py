"""The program and a place for its files."""

import pytest

from tests.rooms.analysis.files import Program


@pytest.fixture
def program(capsysbinary: pytest.CaptureFixture[bytes]) -> Program:
    """The program `rollcall`, run in this process."""
    return Program(capsysbinary)
