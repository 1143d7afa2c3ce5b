// Writer: lines of a generated source, indented, with `#line` where the source line changes.

export class Writer {
  private readonly lines: string[] = [];
  private depth = 0;
  /** The source line that the next line would be taken for; 0: none. */
  private next = 0;

  /** `file`: what `#line` names, or "" for a language without it. */
  constructor(private file: string) {}

  text(line: string): void {
    this.lines.push(line === "" ? "" : "  ".repeat(this.depth) + line);
    if (this.next > 0) this.next++;
  }

  /** A line that stands for `line` of the source. */
  at(line: number, text: string): void {
    if (this.file !== "" && this.next !== line) this.lines.push(`#line ${line} "${this.file}"`);
    this.next = line;
    this.text(text);
  }

  /** What follows has no source of its own. */
  plain(): void {
    this.next = 0;
  }

  /** Lines that stand for those of another file. */
  within(file: string, work: () => void): void {
    const outer = this.file;
    [this.file, this.next] = [file, 0];
    work();
    [this.file, this.next] = [outer, 0];
  }

  indented(work: () => void): void {
    this.depth++;
    work();
    this.depth--;
  }

  toString(): string {
    return `${this.lines.join("\n")}\n`;
  }
}
