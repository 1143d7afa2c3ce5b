/**
 * A hello with a menu, as a UEFI application: the firmware starts it, and has the machine back when `main` returns.
 */
import { stall } from "../../uefi/boot-services.ts";
import { KeyStroke, readKeyStroke } from "../../uefi/text-input.ts";
import { outputString } from "../../uefi/text-output.ts";
import { utf16FromUtf8 } from "../../src/base/utf16.ts";

const LINE_BYTES = 160;
/** Two bytes a character, and the NUL at the end. */
const WIDE_BYTES = 322;
const LOOK_AGAIN_US = 10000n;
const KEY_GREET = 0x67;
const KEY_QUIT = 0x71;

const wide = new Uint8Array(WIDE_BYTES);

export function main(): void {
  say("Hello from TypeScript.");
  say("  g  greet again");
  say("  q  back to the firmware");
  const key = new KeyStroke();
  while (true) {
    if (!readKeyStroke(key)) {
      stall(LOOK_AGAIN_US);
      continue;
    }
    if (key.character === KEY_QUIT) break;
    if (key.character === KEY_GREET) say("Hello again.");
  }
  say("Bye.");
}

/** One line on the firmware's console, of at most 158 bytes. */
function say(text: string): void {
  const line = new Uint8Array(LINE_BYTES);
  const bytes = bytesOf(line);
  const length = utf8(text).length;
  assert(length + 2 <= LINE_BYTES);
  bytes.slice(0, length).copyFrom(utf8(text));
  bytes.setU8(length, 13);
  bytes.setU8(length + 1, 10);
  const target = bytesOf(wide);
  target.fill(0);
  utf16FromUtf8(bytes.slice(0, length + 2), target.slice(0, WIDE_BYTES - 2));
  outputString(target);
}
