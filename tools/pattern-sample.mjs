// A text that a pattern matches, drawn at random. Knows what the patterns of proto/ieum are made of:
// literals, escapes, classes, groups with alternatives, and ?, *, +, {n}, {n,m}, {n,}; anchors are
// passed over. Throws at anything else.

const MANY = 3; // repetitions drawn where a pattern sets no upper bound

class Reader {
  constructor(pattern, random) {
    Object.assign(this, { pattern, random, at: 0 });
  }
  peek() {
    return this.pattern[this.at];
  }
  take() {
    return this.pattern[this.at++];
  }
  below(n) {
    return Math.floor(this.random() * n);
  }

  // All alternatives are read, one is kept.
  alternatives() {
    const all = [this.sequence()];
    while (this.peek() === "|") {
      this.take();
      all.push(this.sequence());
    }
    return () => all[this.below(all.length)]();
  }

  sequence() {
    const parts = [];
    while (this.peek() !== undefined && this.peek() !== "|" && this.peek() !== ")") {
      parts.push(this.repeated(this.atom()));
    }
    return () => parts.map((part) => part()).join("");
  }

  atom() {
    const c = this.take();
    if (c === "^" || c === "$") return () => "";
    if (c === "[") return this.characters();
    if (c === "(") {
      if (this.pattern.startsWith("?:", this.at)) this.at += 2;
      const inner = this.alternatives();
      this.take(); // ")"
      return inner;
    }
    if (c === "\\") {
      const literal = this.take();
      if (/[A-Za-z0-9]/.test(literal)) throw new Error(`an escape that is not known: \\${literal}`);
      return () => literal;
    }
    if (c === ".") throw new Error("'.' is too wide for a contract");
    return () => c;
  }

  characters() {
    const all = [];
    if (this.peek() === "^") throw new Error("a negated class");
    while (this.peek() !== "]") {
      let from = this.take();
      if (from === "\\") from = this.take();
      const isRange = this.peek() === "-" && this.pattern[this.at + 1] !== "]";
      if (isRange) this.take();
      const to = isRange ? this.take() : from;
      for (let code = from.codePointAt(0); code <= to.codePointAt(0); code++) all.push(String.fromCodePoint(code));
    }
    this.take(); // "]"
    return () => all[this.below(all.length)];
  }

  repeated(part) {
    let range;
    const c = this.peek();
    if (c === "?") range = [0, 1];
    else if (c === "*") range = [0, MANY];
    else if (c === "+") range = [1, MANY];
    else if (c === "{") {
      const text = this.pattern.slice(this.at + 1, this.pattern.indexOf("}", this.at));
      const [least, most] = text.split(",");
      range = [Number(least), most === undefined ? Number(least) : Number(most || Number(least) + MANY)];
      this.at += text.length + 1;
    } else return part;
    this.take();
    return () => Array.from({ length: range[0] + this.below(range[1] - range[0] + 1) }, part).join("");
  }
}

export function patternSample(pattern, random) {
  return new Reader(pattern, random).alternatives()();
}
