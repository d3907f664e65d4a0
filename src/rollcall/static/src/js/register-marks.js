// Choosing marks: one, all who are left, undo; and the counts that follow. `sending` takes each from here.

export class Marks {
  constructor({ data, rows, notices, reasonField }) {
    Object.assign(this, { data, rows, notices, reasonField });
    this.undone = [];
    this.rest = document.getElementById("mark-rest");
    this.undoButton = document.getElementById("undo");
  }

  choose(row, code, { minutes = null, isUndo = false } = {}) {
    if (row.isLocked) return;
    if (!isUndo) this.remember([row]);
    const late = code === "L" || code === "U";
    row.show(code, late ? (minutes ?? (row.isLate ? row.minutes : this.minutesNow())) : null);
    if (late) this.proposeReason();
    if (row.needsGround && !row.ground) this.askGround(row);
    else this.put(row);
    this.count();
  }

  put(row) {
    const mark = row.mark();
    if (mark.code === row.seen && mark.minutes === row.seenMinutes && !this.sending.owns(row.number)) row.say("");
    else this.sending.put(mark);
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
    row.say("Say on which ground, then press Enter.", "hint");
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
    this.undone.push(rows.map((row) => ({ row, code: row.code, minutes: row.minutes })));
    this.undoButton.disabled = false;
  }

  undo() {
    for (const { row, code, minutes } of this.undone.pop() || []) this.choose(row, code, { minutes, isUndo: true });
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
