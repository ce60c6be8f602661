/**
 * Where in a template its values stand: what is safe in the text of an element is not safe everywhere.
 */

/**
 * "text": in an element, "quoted": in an attribute with quotes, or where a parser expects text only.
 * "closed": where no escape makes text safe - names, attributes without quotes, scripts, comments.
 */
export type Hole = "text" | "quoted" | "closed";

/** Elements whose text has no tags in it: it goes on until that of their own end. */
type RawElement = "script" | "style" | "title" | "textarea";

const RAW: ReadonlySet<string> = new Set<RawElement>(["script", "style", "title", "textarea"]);

/** Where the scanner is. `tag` is inside of one, between attributes; `value` behind an equals sign. */
type State = "text" | "tag" | "value" | "double" | "single" | "bare" | "comment" | RawElement;

/** What ends each state. */
const ENDS: Readonly<Record<Exclude<State, "value">, RegExp>> = {
  text: /<(?:!--(?:-?>)?|\/?[a-z][^\s/>]*|\/?$)/gi,
  tag: /[>=]/g,
  double: /"/g,
  single: /'/g,
  bare: /[\s>]/g,
  comment: /--!?>/g,
  script: /<\/script(?=[\s/>]|$)/gi,
  style: /<\/style(?=[\s/>]|$)/gi,
  title: /<\/title(?=[\s/>]|$)/gi,
  textarea: /<\/textarea(?=[\s/>]|$)/gi,
};

const HOLES: Readonly<Record<State, Hole>> = {
  text: "text",
  tag: "closed",
  value: "closed",
  double: "quoted",
  single: "quoted",
  bare: "closed",
  comment: "closed",
  script: "closed",
  style: "closed",
  title: "quoted",
  textarea: "quoted",
};

/** An attribute that is a script, or a page: what is text in it for the parser is code for the browser. */
const CODE = /[\s/"'](?:on\w+|srcdoc)\s*$/i;

class Scanner {
  private state: State = "text";
  /** The tag under way. */
  private name = "";
  /** Whether the attribute under way is code. */
  private isCode = false;

  get hole(): Hole {
    return this.isCode ? "closed" : HOLES[this.state];
  }

  /** What follows a hole: a value without quotes has begun with it. */
  resume(): void {
    if (this.state === "value") this.state = "bare";
  }

  scan(text: string): void {
    let at = 0;
    while (at < text.length)
      at = this.state === "value" ? this.begin(text, at) : this.next(text, at);
  }

  private begin(text: string, from: number): number {
    const at = text.slice(from).search(/\S/);
    if (at < 0) return text.length;
    const first = text[from + at];
    if (first === '"') this.state = "double";
    else if (first === "'") this.state = "single";
    else {
      this.state = "bare";
      return from + at;
    }
    return from + at + 1;
  }

  /** Goes on to the end of the state; returns the place behind it. */
  private next(text: string, from: number): number {
    const end = ENDS[this.state as keyof typeof ENDS];
    end.lastIndex = from;
    const found = end.exec(text);
    if (found === null) return text.length;
    this.leave(found[0], text.slice(from, found.index));
    return found.index + found[0].length;
  }

  private leave(end: string, before: string): void {
    switch (this.state) {
      case "text":
        /* A comment that ends as soon as it has begun is none. */
        if (end === "<!--") this.state = "comment";
        else if (!end.startsWith("<!")) this.open(end);
        return;
      case "tag":
      case "bare":
        if (end === ">") this.close();
        else this.state = end === "=" ? "value" : "tag";
        this.isCode = end === "=" && CODE.test(` ${before}`);
        return;
      case "double":
      case "single":
        this.state = "tag";
        this.isCode = false;
        return;
      case "comment":
        this.state = "text";
        return;
      default:
        this.open(end);
    }
  }

  private open(tag: string): void {
    this.state = "tag";
    this.name = tag.slice(1).toLowerCase();
  }

  private close(): void {
    this.state = RAW.has(this.name) ? (this.name as RawElement) : "text";
  }
}

/** Templates are the same object each time that their code runs. */
const known = new WeakMap<TemplateStringsArray, readonly Hole[]>();

/** Where each value of a template stands. */
export function holesOf(strings: TemplateStringsArray): readonly Hole[] {
  const before = known.get(strings);
  if (before !== undefined) return before;
  const scanner = new Scanner();
  const holes: Hole[] = [];
  for (const text of strings.slice(0, -1)) {
    scanner.scan(text);
    holes.push(scanner.hole);
    scanner.resume();
  }
  known.set(strings, holes);
  return holes;
}
