// The keys of a register: one press a pupil, two for a code of two characters, arrows to move.

export class Keys {
  constructor({ form, rows, codes, marks, help }) {
    Object.assign(this, { rows: rows.filter((row) => !row.isLocked), codes, marks, help });
    this.present = form.dataset.present;
    this.begun = null; // {row, text}: the first of two characters
    form.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    const row = this.rows.find((one) => one.element.contains(event.target));
    const typing = event.target.matches("input:not([type=radio]), select, textarea");
    if (typing) return this.inField(event, row);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") return this.take(event, () => this.marks.undo());
    if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
    if (event.key === "?") return this.take(event, () => this.help());
    if (!row || event.target.matches("button, a, summary")) return undefined;
    if (event.key === "ArrowDown") return this.take(event, () => this.move(row, 1));
    if (event.key === "ArrowUp") return this.take(event, () => this.move(row, -1));
    if (event.key === "Enter") return this.take(event, () => this.enter(row));
    if (event.key === " " || event.key === "/" || event.key === "\\") return this.take(event, () => this.set(row, this.present));
    if (event.key === "-") return this.take(event, () => this.set(row, "-"));
    if (/^[a-z0-9#]$/i.test(event.key)) return this.take(event, () => this.letter(row, event.key.toUpperCase()));
    return undefined;
  }

  // In minutes and ground Enter is done with it, and never submits the whole register.
  inField(event, row) {
    if (event.key !== "Enter" || event.target.matches("select")) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change"));
    if (row && !row.lacksGround) this.move(row, 1);
  }

  take(event, act) {
    event.preventDefault();
    act();
  }

  move(row, by) {
    this.begun = null;
    this.rows[this.rows.indexOf(row) + by]?.focus();
  }

  set(row, code) {
    if (this.marks.choose(row, code) && !row.isBeingTyped) this.move(row, 1);
  }

  enter(row) {
    if (row.expected && !row.isMarked) this.marks.choose(row, row.expected);
    this.move(row, 1);
  }

  letter(row, key) {
    const both = this.begun?.row === row ? this.begun.text + key : "";
    this.begun = null;
    if (both && this.codes[both]) return this.set(row, both);
    if (Object.keys(this.codes).some((code) => code.length === 2 && code.startsWith(key))) return this.begin(row, key);
    if (this.codes[key]) return this.set(row, key);
    return row.say(`${both || key} is no code for this session`, "hint");
  }

  begin(row, key) {
    this.begun = { row, text: key };
    if (this.codes[key]) this.marks.choose(row, key);
    else row.say(`${key} and then?`, "hint");
  }
}
