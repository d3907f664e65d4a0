"""A page that asks: it shows a form, does the deed once, says so, and goes back; errors stand beside their fields."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from rollcall.accounts.door import Request
from rollcall.journal.actions import AlreadyDone

Crumbs = list[tuple[str, str]]


@dataclass(frozen=True)
class Asking:
    """What a page asks: its title, the words on the button, where it leads back to, and what stands above the form."""

    title: str
    back: str
    act: str = "Save"
    about: str = ""
    crumbs: Crumbs = field(default_factory=list)
    school: object = ""
    more: dict[str, Any] = field(default_factory=dict)
    template: str = "office/ask.html"


def ask(request: Request, form: Form, page: Asking, do: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """Show the form, or do what it says: `do` takes what was typed, and says in a sentence what was done.

    A ValueError of an action is a refusal: its sentence goes to the field it names, else above the form.
    """
    if request.method == "POST" and form.is_valid() and done(request, form, lambda: do(form.cleaned_data)):
        return redirect(page.back)
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "page": page, "breadcrumbs": page.crumbs, "school": page.school, **page.more}
    return render(request, page.template, context, status=status)


def done(request: Request, form: Form | None, do: Callable[[], str]) -> bool:
    """Do a deed and say so; False where it was refused, with its sentence in the form or above the page."""
    try:
        said = do()
    except AlreadyDone:
        messages.info(request, "This was saved before, and was not done twice.")
    except ValueError as refusal:
        _refuse(request, form, refusal)
        return False
    else:
        messages.success(request, said)
    return True


def _refuse(request: Request, form: Form | None, refusal: ValueError) -> None:
    if form is None:
        messages.error(request, str(refusal))
        return
    name = getattr(refusal, "field", "")
    form.add_error(name if name in form.fields else None, str(refusal))
