// Choosing marks: one, all who are left, undo; and the counts that follow. `sending` takes each from here.

export class Marks {
  constructor({ data, rows, notices, reasonField }) {
    Object.assign(this, { data, rows, notices, reasonField });
    this.undone = [];
    this.rest = document.getElementById("mark-rest");
    this.undoButton = document.getElementById("undo");
  }

  // False where the mark is not theirs to give: the line says why, and stays as it was.
  choose(row, code, { minutes = null, ground = null, isUndo = false } = {}) {
    if (row.isLocked) return false;
    const why = isUndo ? "" : this.whyNot(row, code);
    if (why) return this.leave(row, why);
    if (!isUndo) this.remember([row]);
    const late = row.goesWith(code) === "minutes";
    // Confirming what is expected brings its ground along; one that was typed stays.
    if (code === row.expected && row.goesWith(code) === "ground" && !row.ground) ground = row.expectedGround;
    row.show(code, late ? (minutes ?? (row.isLate ? row.minutes : this.minutesNow())) : null, ground);
    if (late) this.proposeReason();
    this.put(row);
    this.count();
    return true;
  }

  // Why a code is not theirs to give, where nothing expected says so: a sentence, or nothing.
  whyNot(row, code) {
    if (code === row.expected || code === row.seen) return "";
    return row.whyNot(code) || (code === this.data.lateAfterClosing && !this.hasClosed ? this.data.early : "");
  }

  get hasClosed() {
    return this.notices.now() >= new Date(this.data.closes);
  }

  leave(row, why) {
    row.show(row.code, row.minutes);
    row.say(why, "hint");
    return false;
  }

  // A mark without the ground it needs waits for it; nothing is sent until then.
  put(row) {
    if (row.lacksGround) return this.askGround(row);
    const mark = row.mark();
    const same = mark.code === row.seen && mark.minutes === row.seenMinutes && mark.ground === row.seenGround;
    if (same && !this.sending.owns(row.number)) row.say("");
    else this.sending.put(mark);
    return undefined;
  }

  // How late somebody is who comes in now; nothing on another day.
  minutesNow() {
    if (!this.data.lateFrom) return null;
    const late = Math.floor((this.notices.now() - Date.parse(this.data.lateFrom)) / 60000);
    return late >= 0 && late <= 240 ? late : null;
  }

  proposeReason() {
    const field = this.reasonField;
    if (field && !field.value.trim() && this.data.lateFrom) field.value = `Arrived at ${this.notices.clock()}`;
  }

  askGround(row) {
    row.say("Not saved yet: say in words on which ground, then press Enter.", "hint");
    row.groundField.focus();
  }

  // Present for who has no mark; never for a pupil of whom something else is expected.
  markTheRest() {
    const left = this.left().filter((row) => !this.sending.held.has(row.number));
    if (!left.length) return;
    this.remember(left);
    for (const row of left) this.choose(row, this.data.present, { isUndo: true });
    document.getElementById("submit-register")?.focus({ preventScroll: true });
  }

  left() {
    return this.rows.filter((row) => !row.isMarked && !row.expected && !row.isLocked);
  }

  remember(rows) {
    this.undone.push(rows.map((row) => ({ row, code: row.code, minutes: row.minutes, ground: row.ground })));
    this.undoButton.disabled = false;
  }

  undo() {
    for (const { row, ...before } of this.undone.pop() || []) this.choose(row, before.code, { ...before, isUndo: true });
    if (this.undoButton) this.undoButton.disabled = !this.undone.length;
  }

  count() {
    const shown = document.getElementById("n-marked");
    if (shown) shown.textContent = this.rows.filter((row) => row.isMarked).length;
    if (!this.rest) return;
    document.getElementById("n-left").textContent = this.left().length;
    this.rest.disabled = !this.left().length;
  }
}
