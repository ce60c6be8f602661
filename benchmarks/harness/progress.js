// @ts-check
// What happens meanwhile, on standard error: one line that is rewritten in a terminal, else one
// line a process.

export class Progress {
  /** @param {number} total How many processes there will be. */
  constructor(total) {
    this.unit = "";
    this.stream = process.stderr;
    this.live = this.stream.isTTY === true;
    this.total = total;
    this.done = 0;
    this.began = performance.now();
    this.label = "";
  }

  /** @param {string} text */
  write(text) {
    if (this.live) this.stream.write(`\r\x1b[2K${text.slice(0, (this.stream.columns ?? 80) - 1)}`);
    else this.stream.write(`${text}\n`);
  }

  /** @param {string} text */
  note(text) {
    this.write(text);
  }

  /** A process begins. @param {string} text */
  job(text) {
    const seconds = (performance.now() - this.began) / 1000;
    const left =
      this.done > 0
        ? `, about ${Math.ceil((seconds / this.done) * (this.total - this.done))} s left`
        : "";
    this.done++;
    this.label = `[${this.done}/${this.total}${left}] ${text}`;
    this.write(this.label);
  }

  /** @param {string} shape @param {number} value */
  shape(shape, value) {
    if (this.live) this.write(`${this.label}: ${shape} ${value.toFixed(1)} ${this.unit}`);
  }

  /** @param {string} text */
  failure(text) {
    if (this.live) this.stream.write("\r\x1b[2K");
    this.stream.write(`FAILED ${text}\n`);
  }

  end() {
    if (this.live) this.stream.write("\r\x1b[2K");
  }
}
