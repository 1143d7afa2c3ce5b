/** Simple Text Output (UEFI 2.10, section 12.4): the firmware's console, screen and serial line alike. */
import { addressOf, bytesAt, call1, call2, call3, load64 } from "./memory.ts";
import { consoleOut } from "./system-table.ts";

const TEXT_OUTPUT = layout(80, {
  reset: le64(0),
  outputString: le64(8),
  testString: le64(16),
  queryMode: le64(24),
  setMode: le64(32),
  setAttribute: le64(40),
  clearScreen: le64(48),
  setCursorPosition: le64(56),
  enableCursor: le64(64),
  mode: le64(72),
});

const TEXT_MODE = layout(24, {
  maxMode: le32(0),
  mode: le32(4),
  attribute: le32(8),
  cursorColumn: le32(12),
  cursorRow: le32(16),
  cursorVisible: le32(20),
});

/** Light grey on black, and the reverse for what is selected. */
export const NORMAL_COLOURS = 0x07n;
export const SELECTED_COLOURS = 0x70n;

/** Writes UTF-16 text that ends with a NUL. */
export function outputString(text: Bytes): void {
  if (consoleOut() === 0n) return;
  call2(method(TEXT_OUTPUT.outputString.offset), consoleOut(), addressOf(text));
}

export function setAttribute(attribute: u64): void {
  if (consoleOut() === 0n) return;
  call2(method(TEXT_OUTPUT.setAttribute.offset), consoleOut(), attribute);
}

export function clearScreen(): void {
  if (consoleOut() === 0n) return;
  call1(method(TEXT_OUTPUT.clearScreen.offset), consoleOut());
}

export function setCursorPosition(column: u32, row: u32): void {
  if (consoleOut() === 0n) return;
  call3(method(TEXT_OUTPUT.setCursorPosition.offset), consoleOut(), BigInt(column), BigInt(row));
}

export function enableCursor(visible: boolean): void {
  if (consoleOut() === 0n) return;
  call2(method(TEXT_OUTPUT.enableCursor.offset), consoleOut(), visible ? 1n : 0n);
}

/** The row that the cursor is in, counted from 0. */
export function cursorRow(): u32 {
  if (consoleOut() === 0n) return 0;
  const mode = load64(u64(consoleOut() + BigInt(TEXT_OUTPUT.mode.offset)));
  return TEXT_MODE.cursorRow.get(bytesAt(mode, TEXT_MODE.byteLength));
}

function method(offset: u32): u64 {
  return load64(u64(consoleOut() + BigInt(offset)));
}
