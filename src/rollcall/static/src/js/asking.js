// A search form with data-asks="part" asks while somebody types: the part of that id in the answering page takes the
// place of what is inside the one here. The field keeps the keyboard; without scripts its button does the same.

const PAUSE = 120;
const pending = new WeakMap();

export function askWhileTyping(root) {
  root.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-asks]");
    if (form) later(form);
  });
}

function later(form) {
  const before = pending.get(form);
  clearTimeout(before?.timer);
  before?.stop.abort();
  const stop = new AbortController();
  pending.set(form, { stop, timer: setTimeout(() => ask(form, stop.signal), PAUSE) });
}

async function ask(form, signal) {
  const url = new URL(form.getAttribute("action") || "", location.href);
  url.search = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(url, { signal, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const here = document.getElementById(form.dataset.asks);
    const fresh = page.getElementById(form.dataset.asks);
    if (here && fresh) here.innerHTML = fresh.innerHTML;
  } catch {
    // Typed on meanwhile, or no connection: the button still asks.
  }
}
