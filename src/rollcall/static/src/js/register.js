// Taking a register: by key or tap, saved as it goes, with others' marks arriving. Without this the page is a form.

import { count, discardOld, keyOf, keptBy } from "./register-kept.js";
import { Keys } from "./register-keys.js";
import { Live } from "./register-live.js";
import { Row } from "./register-row.js";
import { newKey, post, Sending } from "./register-sending.js";

const form = document.getElementById("register");
if (form) start();

function start() {
  const data = form.dataset;
  const codes = JSON.parse(document.getElementById("codes").textContent);
  const rows = [...form.querySelectorAll(".register__row")].map((element) => new Row(element, codes));
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  const path = `${data.class}/${data.day}/${data.half}`;
  const ahead = Date.parse(data.now) - Date.now(); // the page's clock may be a demo's
  const notices = document.getElementById("register-notices");
  const savedLine = document.getElementById("register-saved");
  const reasonField = document.getElementById("reason");
  const undone = [];
  let lostSince = null;

  const now = () => new Date(Date.now() + ahead);
  const clock = (time) =>
    time
      .toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" })
      .replace(":", ".")
      .replace(" ", "");

  const gone = discardOld(data.user);
  const sending = new Sending({
    url: data.save,
    user: Number(data.user),
    store: keyOf(data.user, path),
    reason: () => reasonField?.value.trim() || "",
    tell: { saving, saved, refused, changed, whole, trouble, well: connectionBack, signedOut },
  });
  const live = new Live({
    url: data.liveFrom,
    user: data.user,
    tag: data.tag,
    news,
    lost: connectionLost,
    found: connectionBack,
    signedOut,
  });

  // --- marks ---

  function choose(row, code, { minutes = row.isLate && (code === "L" || code === "U") ? row.minutes : null, undo = true } = {}) {
    if (row.isLocked) return;
    if (undo) remember([row]);
    const late = code === "L" || code === "U";
    row.show(code, late && minutes === null ? minutesNow() : minutes);
    if (late && reasonField && !reasonField.value.trim() && data.lateFrom) reasonField.value = `Arrived at ${clock(now())}`;
    if (row.element.querySelector(".register__ground.is-on") && !row.ground) {
      row.say("Say on which ground, then press Enter.", "hint");
      row.groundField.focus();
    } else put(row);
    counts();
  }

  function put(row) {
    const mark = row.mark();
    if (mark.code === row.seen && mark.minutes === row.seenMinutes && !sending.owns(row.number)) return row.say("");
    return sending.put(mark);
  }

  function minutesNow() {
    if (!data.lateFrom) return null;
    const late = Math.floor((now() - Date.parse(data.lateFrom)) / 60000);
    return late >= 0 && late <= 240 ? late : null;
  }

  function theRest() {
    const left = rows.filter((row) => !row.isMarked && !row.expected && !row.isLocked && !sending.held.has(row.number));
    if (!left.length) return;
    remember(left);
    for (const row of left) choose(row, data.present, { undo: false });
    document.getElementById("submit-register")?.focus({ preventScroll: true });
  }

  function remember(some) {
    undone.push(some.map((row) => ({ row, code: row.code, minutes: row.minutes })));
    document.getElementById("undo").disabled = false;
  }

  function undo() {
    for (const { row, code, minutes } of undone.pop() || []) choose(row, code, { minutes, undo: false });
    document.getElementById("undo").disabled = !undone.length;
  }

  function counts() {
    const marked = rows.filter((row) => row.isMarked).length;
    const left = rows.filter((row) => !row.isMarked && !row.expected && !row.isLocked).length;
    const shown = document.getElementById("n-marked");
    if (shown) shown.textContent = marked;
    const rest = document.getElementById("mark-rest");
    if (!rest) return;
    document.getElementById("n-left").textContent = left;
    rest.disabled = !left;
  }

  // --- what became of them ---

  function saving(numbers) {
    for (const number of numbers) {
      const row = byNumber.get(number);
      if (row && !sending.held.has(number)) row.say(lostSince ? "not saved yet, kept here" : "saving", lostSince ? "waiting" : "");
    }
  }

  function saved(done, at, all) {
    for (const mark of all) {
      const row = byNumber.get(mark.enrolment);
      if (row) [row.seen, row.seenMinutes] = [mark.code, mark.minutes];
    }
    for (const mark of done) {
      const row = byNumber.get(mark.enrolment);
      if (!row) continue;
      row.say(`saved ${at}`);
      lateHint(row);
    }
    if (!sending.held.size) clearNotice("whole");
    savedLine.textContent = `saved ${at}`;
  }

  // The clock proposes L before closing and U after it; a person decides otherwise.
  function lateHint(row) {
    if (!data.lateFrom || !row.isLate) return;
    const closed = now() >= new Date(data.closes);
    if (closed && row.code === "L") row.offer("Came after closing: use U", () => choose(row, "U"));
    if (!closed && row.code === "U") row.offer("The register is still open: use L", () => choose(row, "L"));
  }

  function refused(mark, sentence) {
    const row = byNumber.get(mark.enrolment);
    if (!row) return;
    row.show(mark.code, mark.minutes);
    row.say(sentence || "not saved", "problem");
    row.offer("Leave it as it was", () => giveUp(row, row.seen, row.seenMinutes));
  }

  function changed(mark, theirs) {
    const row = byNumber.get(mark.enrolment);
    if (!row) return;
    row.show(mark.code, mark.minutes);
    row.say(`Not saved: ${theirs.by || "Somebody"} marked ${theirs.code}${theirs.at ? ` at ${theirs.at}` : ""}.`, "problem");
    row.offer(`Keep ${theirs.code}`, () => giveUp(row, theirs.code, null));
    row.offer(`Use mine: ${mark.code}`, () => {
      row.seen = theirs.code;
      put(row);
    });
  }

  function giveUp(row, code, minutes) {
    sending.drop(row.number);
    [row.seen, row.seenMinutes] = [code, minutes];
    row.show(code, minutes);
    row.say("");
    counts();
    row.focus();
  }

  function whole(sentence) {
    notice("whole", `Not saved. ${sentence}`);
    if (reasonField && /why/i.test(sentence)) reasonField.focus();
  }

  // --- the connection ---

  function connectionLost() {
    if (lostSince) return;
    lostSince = now();
    const kept = sending.isKept === false ? "This device keeps nothing: do not close this page." : "It is kept on this device and sent when the connection is back.";
    notice("lost", `No connection since ${clock(lostSince)}. What you mark is not saved yet. ${kept}`);
    saving([...sending.pending.keys()]);
  }

  function connectionBack() {
    if (lostSince === null) return;
    lostSince = null;
    clearNotice("lost");
    clearNotice("trouble");
    sending.failures = 0;
    saving([...sending.pending.keys()]);
    sending.soon(0);
  }

  function trouble(status, sentence) {
    if (!status) return connectionLost();
    lostSince = lostSince || now();
    for (const number of sending.pending.keys()) byNumber.get(number)?.say("not saved yet, kept here", "waiting");
    return notice("trouble", sentence || `Not saved: the server could not answer (${status}). What you marked is kept here and sent again.`);
  }

  function signedOut(other) {
    sending.stopped = live.stopped = true;
    clearTimeout(sending.timer);
    const n = new Set([...sending.pending.keys(), ...sending.held.keys()]).size;
    const kept = n ? ` ${count(n)} not saved yet ${n === 1 ? "is" : "are"} kept on this device for you alone.` : "";
    if (other) {
      form.remove();
      return notice("out", "Somebody else is signed in on this device now.", [location.pathname, "Open this page as them"]);
    }
    const back = `${data.signIn}?next=${encodeURIComponent(location.pathname)}`;
    return notice("out", `You have been signed out.${kept}`, [back, "Sign in and come back here"]);
  }

  function notice(id, text, link = null) {
    let line = document.getElementById(`notice-${id}`);
    if (!line) {
      line = document.createElement("p");
      line.id = `notice-${id}`;
      line.className = "offline";
      notices.append(line);
    }
    line.textContent = text;
    if (link) {
      const way = document.createElement("a");
      [way.href, way.textContent, way.className] = [link[0], link[1], "govuk-link"];
      line.append(" ", way);
    }
  }

  function clearNotice(id) {
    document.getElementById(`notice-${id}`)?.remove();
  }

  // --- others ---

  function news(told) {
    const numbers = Object.keys(told.rows).map(Number);
    if (numbers.length !== rows.length || numbers.some((number) => !byNumber.has(number))) {
      notice("list", "The class list has changed.", [location.pathname, "Load it again"]);
    }
    document.getElementById("register-head").innerHTML = told.head;
    for (const number of numbers) {
      const row = byNumber.get(number);
      if (row) freshen(row, told.rows[number]);
    }
    if (told.mode !== data.mode || (told.in ? "yes" : "no") !== data.in) {
      [data.mode, data.in] = [told.mode, told.in ? "yes" : "no"];
      notice("mode", told.in ? "This register is in now." : "The register has closed.", [location.pathname, "Load it again"]);
    }
    counts();
  }

  function freshen(row, told) {
    const note = row.element.querySelector(".register__note");
    if (!note.contains(document.activeElement) && note.innerHTML.trim() !== told.note.trim()) note.innerHTML = told.note;
    row.element.dataset.expected = told.expected;
    if (sending.owns(row.number) || row.isBeingTyped) return;
    if (told.code !== row.seen || told.minutes !== row.seenMinutes) {
      [row.seen, row.seenMinutes] = [told.code, told.minutes];
      const focused = row.element.contains(document.activeElement);
      row.show(told.code, told.minutes);
      row.say(told.code === "-" ? "cleared by somebody else" : "marked by somebody else");
      if (focused) row.focus();
    } else row.element.classList.toggle("register__row--expected", !row.isMarked && !!row.expected);
  }

  // --- handing in ---

  async function submit() {
    const button = document.getElementById("submit-register");
    button.disabled = true;
    await sending.settled();
    button.disabled = false;
    if (sending.held.size) return notice("submit", "Not submitted: a mark was not saved. See the line in red.");
    if (!sending.isIdle) return notice("submit", "Not submitted: marks are not saved yet. Submit again when the connection is back.");
    const answer = await post(data.submit, { key: newKey(), user: Number(data.user), taken_at: form.elements.taken_at?.value || "" });
    if (answer.status === 200) return location.reload();
    if (answer.status === 401) return signedOut(Boolean(answer.told?.other));
    return notice("submit", `Not submitted. ${answer.told?.error || "There is no connection."}`);
  }

  // --- wiring ---

  for (const row of rows) {
    for (const radio of row.radios) radio.addEventListener("change", () => choose(row, radio.value));
    row.more?.addEventListener("change", () => row.more.value && choose(row, row.more.value));
    row.minutesField?.addEventListener("change", () => put(row));
    row.groundField?.addEventListener("change", () => put(row));
  }
  form.addEventListener("submit", (event) => {
    const what = event.submitter?.value;
    event.preventDefault();
    if (what === "rest") theRest();
    else if (what === "submit") submit();
    else sending.soon(0);
  });
  reasonField?.addEventListener("change", () => sending.held.size && sending.retryHeld());
  document.getElementById("undo")?.addEventListener("click", undo);
  const dialog = document.getElementById("keys");
  document.getElementById("register-keys").addEventListener("click", () => dialog.showModal());
  new Keys({ form, rows, codes, present: data.present, choose, undo, help: () => dialog.showModal() });

  if (gone) notice("old", `${count(gone)} typed more than a day ago could not be sent and went from this device.`);
  for (const [other, n] of keptBy(data.user)) {
    if (other !== path) notice("other", `${count(n)} of another register not sent yet.`, [form.action.replace(path, other), "Open it to send"]);
  }
  for (const mark of sending.restore()) {
    const row = byNumber.get(mark.enrolment);
    if (!row) continue;
    row.show(mark.code, mark.minutes);
    if (mark.ground) row.groundField.value = mark.ground;
  }
  counts();
  const first = rows.find((row) => !row.isMarked && !row.isLocked) || rows.find((row) => !row.isLocked);
  if (first && document.activeElement === document.body && data.mode === "take") first.focus();
  navigator.serviceWorker?.register(data.worker).catch(() => {});
}
