// Sends marks as they are typed, whole or not at all, and never loses one: what is not confirmed stays kept on the device
// and is sent again under the same key, so that an answer that got lost makes no second entry.

import { readKept, writeKept } from "./register-kept.js";

const WAIT = 350;
const SLOWEST = 10000;

export class Sending {
  // `tell` hears what becomes of marks: saving, saved, refused, changed, whole, trouble, well, signedOut.
  constructor({ url, user, store, reason, tell }) {
    Object.assign(this, { url, user, store, reason, tell });
    this.pending = new Map(); // enrolment -> mark not confirmed
    this.held = new Map(); // enrolment -> mark refused, for a person to look at
    this.flight = null; // {key, marks, reason} on its way
    this.failures = 0;
    this.busy = false;
    this.stopped = false;
    this.timer = 0;
  }

  // What an earlier page kept. Held marks are tried again: the answer says anew what is wrong.
  restore() {
    const kept = readKept(this.store);
    if (!kept) return [];
    this.flight = kept.flight || null;
    for (const [enrolment, mark] of Object.entries(kept.marks || {})) this.pending.set(Number(enrolment), mark);
    const marks = [...(this.flight?.marks || []), ...this.pending.values()];
    if (marks.length) this.soon(0);
    return marks;
  }

  put(mark, wait = WAIT) {
    this.held.delete(mark.enrolment);
    this.pending.set(mark.enrolment, mark);
    this.keep();
    this.tell.saving([mark.enrolment]);
    this.soon(wait);
  }

  drop(enrolment) {
    this.held.delete(enrolment);
    this.pending.delete(enrolment);
    this.keep();
  }

  owns(enrolment) {
    return (
      this.pending.has(enrolment) || this.held.has(enrolment) || !!this.flight?.marks.some((m) => m.enrolment === enrolment)
    );
  }

  get isIdle() {
    return !this.flight && !this.pending.size;
  }

  get nKept() {
    return new Set([...this.pending.keys(), ...this.held.keys(), ...(this.flight?.marks.map((m) => m.enrolment) || [])]).size;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  retryHeld() {
    for (const mark of this.held.values()) this.pending.set(mark.enrolment, mark);
    this.held.clear();
    this.soon(0);
  }

  keep() {
    const marks = Object.fromEntries([...this.held, ...this.pending]);
    this.isKept = writeKept(this.store, { flight: this.flight, marks });
  }

  soon(wait) {
    if (this.stopped || this.busy) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  // Resolves when everything is saved or held, or there is trouble.
  async settled() {
    clearTimeout(this.timer);
    while (!this.isIdle && !this.failures && !this.stopped) {
      if (this.busy) await new Promise((done) => setTimeout(done, 40));
      else await this.send();
    }
  }

  async send() {
    if (this.busy || this.stopped) return;
    if (!this.flight) {
      if (!this.pending.size) return;
      this.flight = { key: newKey(), marks: [...this.pending.values()], reason: this.reason() };
      this.keep();
    }
    this.busy = true;
    this.tell.saving(this.flight.marks.map((m) => m.enrolment));
    const wait = await this.attempt();
    this.busy = false;
    this.keep();
    if (!this.isIdle) this.soon(wait);
  }

  // One attempt; returns how long to wait for the next.
  async attempt() {
    const answer = await post(this.url, { ...this.flight, user: this.user });
    if (answer.status === 200) return this.landed(answer.told);
    if (answer.status === 401) return this.signedOut(answer.told);
    if (answer.told && [400, 403, 409, 422].includes(answer.status)) return this.turnedAway(answer.told);
    this.failures += 1;
    this.tell.trouble(answer.status, answer.told?.error || "");
    return Math.min(1000 * 2 ** this.failures, SLOWEST);
  }

  landed(told) {
    const { marks } = this.flight;
    this.flight = null;
    this.failures = 0;
    this.tell.well();
    const done = [];
    for (const mark of marks) {
      const later = this.pending.get(mark.enrolment);
      if (later && !same(later, mark)) later.seen = mark.code;
      else {
        this.pending.delete(mark.enrolment);
        done.push(mark);
      }
    }
    this.tell.saved(done, told.at, marks);
    return 0;
  }

  turnedAway(told) {
    const { marks } = this.flight;
    this.flight = null;
    this.failures = 0;
    this.tell.well();
    const refused = told.refused || {};
    const changed = told.changed || {};
    const one = Object.keys(refused).length + Object.keys(changed).length > 0;
    for (const mark of marks) {
      const number = mark.enrolment;
      const later = this.pending.get(number);
      if (one && !(number in refused) && !(number in changed)) continue;
      if (later && !same(later, mark) && !(number in changed)) continue;
      this.pending.delete(number);
      this.held.set(number, later || mark);
      if (number in changed) this.tell.changed(later || mark, changed[number]);
      else this.tell.refused(mark, refused[number] || "");
    }
    if (!one) this.tell.whole(told.whole || told.error);
    return 0;
  }

  signedOut(told) {
    this.failures += 1;
    this.tell.signedOut(Boolean(told?.other));
    return SLOWEST;
  }
}

function same(one, other) {
  return one.code === other.code && one.minutes === other.minutes && one.ground === other.ground;
}

// {status, told}: status 0 where there was no answer; told null where it was not JSON.
export async function post(url, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() };
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(20000),
    });
    return { status: answer.status, told: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, told: null };
  }
}

// The cookie is the token of whoever is signed in now; the page's own may be of an earlier sign-in.
function token() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie ? cookie.slice(10) : document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
