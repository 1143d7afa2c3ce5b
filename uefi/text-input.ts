/** Simple Text Input (UEFI 2.10, section 12.3): keys from the keyboard and, where the firmware has one, the serial terminal. */
import { call2, Cell, load64 } from "./memory.ts";
import { failed } from "./status.ts";
import { consoleIn } from "./system-table.ts";

const TEXT_INPUT = layout(24, { reset: le64(0), readKeyStroke: le64(8), waitForKey: le64(16) });

export const SCAN_UP = 1;
export const SCAN_DOWN = 2;
export const SCAN_HOME = 5;
export const SCAN_END = 6;
export const SCAN_ESCAPE = 0x17;

/** A key: its UTF-16 character, or 0 and the scan code of a key without one. */
export class KeyStroke {
  scanCode: u16 = 0;
  character: u16 = 0;
}

/** Takes the next key, if one waits. */
export function readKeyStroke(into: KeyStroke): boolean {
  if (consoleIn() === 0n) return false;
  const key = new Cell();
  const read = load64(u64(consoleIn() + BigInt(TEXT_INPUT.readKeyStroke.offset)));
  if (failed(call2(read, consoleIn(), key.address()))) return false;
  into.scanCode = u16(Number(key.value() & 0xffffn));
  into.character = u16(Number((key.value() >> 16n) & 0xffffn));
  return true;
}

/** The event that is signalled while a key waits; 0 where there is no keyboard. */
export function waitForKeyEvent(): u64 {
  if (consoleIn() === 0n) return 0n;
  return load64(u64(consoleIn() + BigInt(TEXT_INPUT.waitForKey.offset)));
}
