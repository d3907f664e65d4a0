// A form with data-swap="#part" is sent without leaving the page: the same part of the answering page takes the place
// of the one here, and so do its messages. Without scripts, or when anything goes wrong, it is an ordinary form.

export function swapInPlace(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-swap]");
    const part = form && document.querySelector(form.dataset.swap);
    if (!part || event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter, part);
  });
}

async function send(form, button, part) {
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const body = new FormData(form, button);
  try {
    // Not form.action and form.method: a field of that name would hide them.
    const method = (form.getAttribute("method") || "get").toUpperCase();
    const url = new URL(form.getAttribute("action") || "", location.href);
    if (method === "GET") url.search = new URLSearchParams(body);
    const answer = await fetch(url, { method, body: method === "GET" ? undefined : body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!fresh) throw new Error("no such part");
    part.replaceWith(fresh);
    delete form.dataset.sending; // a form that stands outside the part is used again
    showMessages(page);
    keepPlace(fresh, button);
  } catch {
    delete form.dataset.sending;
    unsaved(form);
  }
}

function showMessages(page) {
  const main = document.getElementById("main-content");
  for (const old of main.querySelectorAll(":scope > .message, :scope > .govuk-error-summary")) old.remove();
  const messages = page.querySelectorAll("#main-content > .message, #main-content > .govuk-error-summary");
  main.prepend(...messages);
}

function keepPlace(fresh, button) {
  const next = (button?.id && document.getElementById(button.id)) || fresh.querySelector("[autofocus]") || fresh;
  if (next === fresh && !fresh.hasAttribute("tabindex")) fresh.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
}

function unsaved(form) {
  let note = form.querySelector(".unsaved");
  if (!note) {
    note = document.createElement("p");
    note.className = "unsaved";
    note.setAttribute("role", "alert");
    form.append(note);
  }
  note.textContent = "Not saved: there is no connection. Try again.";
}
