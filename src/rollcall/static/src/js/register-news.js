// Brings what others have done into the page, in place, without touching what is being typed.

export class News {
  constructor({ data, rows, byNumber, notices, marks, sending }) {
    Object.assign(this, { data, rows, byNumber, notices, marks, sending });
  }

  arrive(told) {
    const again = [location.pathname, "Load it again"];
    const numbers = Object.keys(told.rows).map(Number);
    const isSame = numbers.length === this.rows.length && numbers.every((number) => this.byNumber.has(number));
    if (!isSame) this.notices.say("list", "The class list has changed.", again);
    document.getElementById("register-head").innerHTML = told.head;
    for (const number of numbers) {
      const row = this.byNumber.get(number);
      if (row) this.freshen(row, told.rows[number]);
    }
    this.noticeMode(told, again);
    this.marks.count();
  }

  noticeMode(told, again) {
    const isIn = told.in ? "yes" : "no";
    if (told.mode === this.data.mode && isIn === this.data.in) return;
    [this.data.mode, this.data.in] = [told.mode, isIn];
    this.notices.say("mode", told.in ? "This register is in now." : "The register has closed.", again);
  }

  freshen(row, told) {
    row.note(told.note);
    row.element.dataset.expected = told.expected;
    row.element.dataset.expectedGround = told.expected_ground;
    if (this.sending.owns(row.number) || row.isBeingTyped) return;
    const same = told.code === row.seen && told.minutes === row.seenMinutes && told.ground === row.seenGround;
    if (same) return row.showExpected();
    const isFocused = row.element.contains(document.activeElement);
    [row.seen, row.seenMinutes, row.seenGround] = [told.code, told.minutes, told.ground];
    row.show(told.code, told.minutes, told.ground);
    row.say(told.code === "-" ? "cleared by somebody else" : "marked by somebody else");
    if (isFocused) row.focus();
    return undefined;
  }
}
