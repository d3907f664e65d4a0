// What was typed into a register and is not saved yet, kept on this device under the person who typed it.
// Codes and numbers alone are kept, never a name; nobody else who signs in here is shown it, and after a day it goes.

const PREFIX = "rollcall:register:";
const LONGEST = 24 * 60 * 60 * 1000;

export function keyOf(user, path) {
  return `${PREFIX}${user}:${path}`;
}

export function readKept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// Returns whether the device keeps it: private windows and full disks may not.
export function writeKept(key, kept) {
  try {
    if (!kept || (!kept.flight && !Object.keys(kept.marks).length)) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ ...kept, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function nKept(kept) {
  const numbers = new Set(Object.keys(kept.marks || {}));
  for (const mark of kept.flight?.marks || []) numbers.add(String(mark.enrolment));
  return numbers.size;
}

// Throws away what is older than a day; returns how many marks that were of one person.
export function discardOld(user) {
  let gone = 0;
  for (const [key, kept] of all()) {
    if (Date.now() - kept.at <= LONGEST) continue;
    if (key.startsWith(`${PREFIX}${user}:`)) gone += nKept(kept);
    localStorage.removeItem(key);
  }
  return gone;
}

// The registers for which one person has something kept, as [path, how many marks].
export function keptBy(user) {
  const mine = `${PREFIX}${user}:`;
  return all().filter(([key]) => key.startsWith(mine)).map(([key, kept]) => [key.slice(mine.length), nKept(kept)]);
}

// How many marks are kept for a register, whoever typed them: a number alone.
export function nKeptFor(path) {
  return all().filter(([key]) => key.endsWith(`:${path}`)).reduce((sum, [, kept]) => sum + nKept(kept), 0);
}

function all() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    return keys.map((key) => [key, readKept(key)]).filter(([, kept]) => kept);
  } catch {
    return [];
  }
}

// On other pages: say that marks wait here, and lead to them.
export function showKept(part) {
  const gone = discardOld(part.dataset.user);
  if (gone) line(part, `${count(gone)} typed more than a day ago could not be sent and went from this device.`);
  for (const [path, n] of keptBy(part.dataset.user)) {
    const [, day, half] = path.split("/");
    const place = line(part, `${count(n)} of ${day}, ${half === "am" ? "morning" : "afternoon"}, not sent yet. `);
    const link = document.createElement("a");
    link.href = `${part.dataset.registers}${path}/`;
    link.className = "govuk-link";
    link.textContent = "Open that register to send";
    place.append(link);
  }
}

function line(part, text) {
  const place = document.createElement("p");
  place.className = "message message--warning";
  place.textContent = text;
  part.append(place);
  return place;
}

export function count(n) {
  return n === 1 ? "1 mark" : `${n} marks`;
}

const part = document.getElementById("register-kept");
if (part) showKept(part);
