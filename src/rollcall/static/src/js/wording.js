// A letter's wording: each pause in typing asks whether the text can be used, and a field can be put in by a press.

const PAUSE = 400;
const PARTS = new Set(["subject", "greeting", "body", "law", "wishes", "closing"]);

const form = document.querySelector("form[data-check]");
if (form) {
  const says = form.querySelector("[data-check-says]");
  let timer = 0;
  let asked = 0;
  const ask = async () => {
    const mine = (asked += 1);
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.dataset.check, { method: "POST", headers, body: new FormData(form) });
      const found = await answer.json();
      if (mine === asked) say(found.wrong ?? found.error ?? "");
    } catch {
      if (mine === asked) say("There is no connection, so the text is not checked.");
    }
  };
  const say = (wrong) => {
    says.textContent = wrong || "This text can be used.";
    says.classList.toggle("unsaved", Boolean(wrong));
  };
  form.addEventListener("input", (event) => {
    if (!PARTS.has(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  let last = form.querySelector("[name=body]");
  form.addEventListener("focusin", (event) => {
    if (PARTS.has(event.target.name)) last = event.target;
  });
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      last.setRangeText(button.dataset.insert, last.selectionStart, last.selectionEnd, "end");
      last.focus();
      last.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
