// Keeps a part of a page up to date: <div data-live="/the/part/" data-every="2000">.
// Asks with If-None-Match; 304 changes nothing; 200 replaces what is inside without losing the keyboard's place.
// Stops while the tab is hidden; says plainly when there has been no answer, and since when.
// A part that changes often has aria-live="off" and a line data-announce: only that line is said aloud, when it differs.

const SLOWEST = 60000;

export function watchLiveParts(root) {
  for (const part of root.querySelectorAll("[data-live]")) watch(part);
}

function watch(part) {
  const every = Number(part.dataset.every) || 5000;
  const state = { tag: part.dataset.tag || "", soon: 0, failures: 0, good: new Date(), timer: 0 };
  if (!part.hasAttribute("aria-live")) part.setAttribute("aria-live", "polite");
  const notice = document.createElement("p");
  notice.className = "offline";
  notice.setAttribute("role", "status");
  notice.hidden = true;
  part.before(notice);
  const announce = announcer(part);

  const again = () => {
    clearTimeout(state.timer);
    const wait = state.soon || Math.min(every * 2 ** state.failures, SLOWEST);
    if (!document.hidden) state.timer = setTimeout(ask, wait);
  };
  const ask = async () => {
    try {
      await refresh(part, state);
      announce();
      state.failures = 0;
      state.good = new Date();
      notice.hidden = true;
    } catch {
      state.failures += 1;
      notice.textContent = `No connection since ${clock(state.good)}. What you see may be out of date.`;
      notice.hidden = false;
    }
    again();
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(state.timer) : ask()));
  again();
}

function announcer(part) {
  const words = () => part.querySelector("[data-announce]")?.textContent.trim() || "";
  if (part.getAttribute("aria-live") !== "off") return () => {};
  let said = words();
  const status = document.createElement("p");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  part.after(status);
  return () => {
    const now = words();
    if (now && now !== said) status.textContent = said = now;
  };
}

async function refresh(part, state) {
  state.soon = 0;
  const headers = { "X-Part": "live" };
  if (state.tag) headers["If-None-Match"] = state.tag;
  const answer = await fetch(part.dataset.live, { headers, credentials: "same-origin", cache: "no-store" });
  // Something new is just being drawn: it is asked for again in a moment.
  state.soon = Number(answer.headers.get("X-Again")) || 0;
  if (answer.status === 304) return;
  // A redirect is the sign-in page, and who may no longer see it is told why: reload instead of showing a stale part.
  if (answer.redirected || answer.status === 403) return location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  state.tag = answer.headers.get("ETag") || "";
  replaceInside(part, await answer.text());
}

export function replaceInside(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  if (focused && /^(INPUT|SELECT|TEXTAREA)$/.test(focused.tagName)) return; // never under someone's typing
  const way = focused && wayTo(focused);
  const open = [...part.querySelectorAll("details[open][id]")].map((details) => details.id);
  part.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (way) part.querySelector(way)?.focus({ preventScroll: true });
}

function wayTo(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.name && element.value) return `[name="${CSS.escape(element.name)}"][value="${CSS.escape(element.value)}"]`;
  const href = element.getAttribute("href");
  return href ? `[href="${CSS.escape(href)}"]` : "";
}

export function clock(time) {
  const hour = time.getHours();
  return `${hour % 12 || 12}.${String(time.getMinutes()).padStart(2, "0")}${hour < 12 ? "am" : "pm"}`;
}
