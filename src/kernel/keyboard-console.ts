/** KeyboardConsole: the PS/2 keyboard as a part of the kernel's console. It gives characters and shows none. */
import type { Clock } from "../device/clock.ts";
import type { Console } from "../device/console.ts";
import { Ps2Keyboard } from "../driver/keyboard/keyboard.ts";

export class KeyboardConsole implements Console {
  private readonly keyboard = new Ps2Keyboard();

  /** Takes the keyboard; false where there is none. */
  start(clock: Clock): boolean {
    return this.keyboard.start(clock);
  }

  /** A keyboard shows nothing: what is written goes to the parts beside it. */
  write(text: Bytes): void {
    assert(text.length > 0);
  }

  poll(): i16 {
    return this.keyboard.poll();
  }
}
