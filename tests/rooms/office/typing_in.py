"""A form filled in as a browser would: what the page shows, with some fields typed over."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

INPUT = re.compile(r"<input\b([^>]*)>")
SELECT = re.compile(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', re.S)
AREA = re.compile(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>\n?(.*?)</textarea>', re.S)
OPTION = re.compile(r'<option value="([^"]*)"[^>]*\bselected')


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else None


def fields_of(page: str) -> dict[str, Any]:
    """The fields of the last form on a page with what stands in them; what is not ticked is left out."""
    form = page[page.rindex('<form method="post"') :]
    form = form[: form.index("</form>")]
    found: dict[str, Any] = {}
    for tag in INPUT.findall(form):
        name, kind = _attribute(tag, "name"), _attribute(tag, "type")
        if name and (kind not in ("checkbox", "radio") or "checked" in tag):
            value = _attribute(tag, "value") or ("on" if kind == "checkbox" else "")
            found[name] = [*found.get(name, []), value] if kind == "checkbox" else value
    found |= {name: unescape(text) for name, text in AREA.findall(form)}
    for name, options in SELECT.findall(form):
        chosen = OPTION.search(options)
        found[name] = unescape(chosen[1]) if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def fill_in(client: Client, url: str, **typed: Any) -> HttpResponse:
    """Open a page, type into its form, and send it; None clears a field."""
    data = fields_of(client.get(url).content.decode()) | typed
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def said(answer: HttpResponse) -> str:
    """The text of a page without its tags."""
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
    return re.sub(r" ([:;,.])", r"\1", words)
