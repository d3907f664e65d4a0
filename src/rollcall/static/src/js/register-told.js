// What became of marks, told on their lines and above them. Nothing is shown as saved that is not.

import { count } from "./register-kept.js";

export class Told {
  constructor({ data, form, byNumber, notices, marks }) {
    Object.assign(this, { data, form, byNumber, notices, marks });
    this.savedLine = document.getElementById("register-saved");
    this.lostSince = null;
  }

  saving(numbers) {
    for (const number of numbers) {
      if (this.sending.held.has(number)) continue;
      const row = this.byNumber.get(number);
      if (this.lostSince) row?.say("not saved yet, kept here", "waiting");
      else row?.say("saving");
    }
  }

  // `all` were written; `done` are those of them that nobody has changed here since.
  saved(done, at, all) {
    for (const mark of all) {
      const row = this.byNumber.get(mark.enrolment);
      if (row) [row.seen, row.seenMinutes, row.seenGround] = [mark.code, mark.minutes, mark.ground];
    }
    for (const mark of done) {
      const row = this.byNumber.get(mark.enrolment);
      row?.say(`saved ${at}`);
      if (row) this.proposeOther(row);
    }
    if (!this.sending.held.size) this.notices.clear("whole", "submit");
    this.savedLine.textContent = `saved ${at}`;
  }

  // The clock proposes one mark before closing and another after it; a person decides otherwise.
  proposeOther(row) {
    if (!this.data.lateFrom || !row.isLate) return;
    const { hasClosed } = this.marks;
    const { late, lateAfterClosing } = this.data;
    const other = hasClosed ? lateAfterClosing : late;
    const why = hasClosed ? "Came after closing" : "The register is still open";
    if (row.code !== other) row.offer(`${why}: use ${other}`, () => this.marks.choose(row, other));
  }

  refused(mark, sentence) {
    const row = this.byNumber.get(mark.enrolment);
    if (!row) return;
    row.show(mark.code, mark.minutes);
    row.say(sentence || "not saved", "problem");
    row.offer("Leave it as it was", () => this.giveUp(row, row.seen, row.seenMinutes, row.seenGround));
  }

  changed(mark, theirs) {
    const row = this.byNumber.get(mark.enrolment);
    if (!row) return;
    const when = theirs.at ? ` at ${theirs.at}` : "";
    row.show(mark.code, mark.minutes);
    row.say(`Not saved: ${theirs.by || "Somebody"} marked ${theirs.code}${when}.`, "problem");
    row.offer(`Keep ${theirs.code}`, () => this.giveUp(row, theirs.code, null));
    row.offer(`Use mine: ${mark.code}`, () => {
      row.seen = theirs.code;
      this.marks.put(row);
    });
  }

  giveUp(row, code, minutes, ground = "") {
    this.sending.drop(row.number);
    [row.seen, row.seenMinutes, row.seenGround] = [code, minutes, ground];
    row.show(code, minutes, ground);
    row.say("");
    this.marks.count();
    row.focus();
  }

  whole(sentence) {
    this.notices.say("whole", `Not saved. ${sentence}`);
    if (/why/i.test(sentence)) this.marks.reasonField?.focus();
  }

  trouble(status, sentence) {
    if (!status) return this.lost();
    this.lostSince ||= this.notices.now();
    this.saving(this.sending.pending.keys());
    const plain = `Not saved: the server could not answer (${status}). What you marked is kept here and sent again.`;
    return this.notices.say("trouble", sentence || plain);
  }

  lost() {
    if (this.lostSince) return;
    this.lostSince = this.notices.now();
    const kept = "It is kept on this device and sent when the connection is back.";
    const end = this.sending.isKept === false ? "This device keeps nothing: do not close this page." : kept;
    this.notices.say("lost", `No connection since ${this.notices.clock()}. What you mark is not saved yet. ${end}`);
    this.saving(this.sending.pending.keys());
  }

  well() {
    if (this.lostSince === null) return;
    this.lostSince = null;
    this.notices.clear("lost", "trouble");
    this.sending.failures = 0;
    this.saving(this.sending.pending.keys());
    this.sending.soon(0);
  }

  signedOut(isOther) {
    this.sending.stop();
    this.live.stopped = true;
    if (isOther) {
      this.form.remove(); // the names are not theirs to see here
      this.notices.say("out", "Somebody else is signed in on this device now.", [location.pathname, "Open this page as them"]);
      return;
    }
    const n = this.sending.nKept;
    const kept = n ? ` ${count(n)} not saved yet ${n === 1 ? "is" : "are"} kept on this device for you alone.` : "";
    const back = `${this.data.signIn}?next=${encodeURIComponent(location.pathname)}`;
    this.notices.say("out", `You have been signed out.${kept}`, [back, "Sign in and come back here"]);
  }
}
