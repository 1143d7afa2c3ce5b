/**
 * ProgressBar: one line that is drawn over itself: `[#########-----------]  45 %  system-store`.
 *
 * Drawn only when what it shows has changed, so that a slow serial line is not what an installation waits for.
 */
import { Output } from "./output.ts";

const CELLS = 30;

export class ProgressBar {
  private percent: u32 = 0;
  private words: string = "";

  /** Draws an empty bar. */
  begin(out: Output): void {
    this.percent = 0;
    this.words = "";
    this.draw(out);
  }

  /** Shows how far it is, in thousandths, and at what. */
  show(out: Output, permille: u32, words: string): void {
    const percent = u32(Math.trunc(Math.min(permille, 1000) / 10));
    if (percent === this.percent && words === this.words) return;
    this.percent = percent;
    this.words = words;
    this.draw(out);
  }

  /** Leaves the bar as it is and goes to the next line. */
  end(out: Output): void {
    out.text("\n");
  }

  private draw(out: Output): void {
    const full = Math.trunc((this.percent * CELLS) / 100);
    out.text("\r[");
    for (let i: u32 = 0; i < CELLS; i++) out.text(i < full ? "#" : "-");
    out.text(`] ${this.percent} % `);
    out.text(this.words);
    out.text("\x1b[K");
  }
}
