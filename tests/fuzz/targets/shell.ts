/**
 * Fuzz target: the shell's line: keys, editing, history, completion, the table of commands and every command that a line can reach, on a
 * machine with an installed disk and an empty one.
 *
 *     input: bytes as they come from a serial line or a keyboard; a byte from 0x80 on stands for a word that commands know
 *
 * Without those words a fuzzer would have to guess them letter by letter.
 */
import { COMMANDS } from "../../../src/shell/command-table.ts";
import { bootDisk, console, disk, parts, session, shell, start } from "../../unit/shell/shell-machine.ts";
import { Digest } from "../support/digest.ts";

const GIBIBYTE: u64 = 1073741824n;
const DISK_BYTES: u64 = 4n * GIBIBYTE;
/** A dialogue that works on a disk of gigabytes is cut short. */
const STEPS_LIMIT = 3000;
/** Words beside the names of commands. */
const WORDS: readonly string[] = [
  "--to ",
  "--help\r",
  "--verify ",
  "--restore-table ",
  "--list-disks\r",
  "--groups ",
  "file0",
  "file1",
  "file0\r",
  "yes\r",
  "log\r",
  "999999999",
  "\x1b[A",
  "\x1b[B",
  "\x1b[1;5C",
  "\x1b[1;5D",
  "\x1b[3~",
  "\t\t",
  "\r",
];

export function prepare(): void {
  start(512, DISK_BYTES);
}

export function takeInput(bytes: Bytes, digest: Digest): void {
  // The history stays, as it does for a person; a disk that was written to is made anew.
  if (disk.writes + bootDisk.writes > 0) start(512, DISK_BYTES);
  console.clear();
  parts.clear();
  for (let i: u32 = 0; i < bytes.length; i++) {
    typeByte(bytes.u8(i));
    if (!settle()) break;
    if (console.output().length > 30000) break;
  }
  // Whatever was begun is left, so that the next input finds the prompt.
  for (let i: u32 = 0; i < 3; i++) {
    console.type(utf8("\x03\r"));
    if (!settle()) break;
  }
  session.dialogue = null;
  digest.bytes(console.output());
  digest.number(parts.reboots);
  digest.number(parts.powerOffs);
  digest.number(parts.panics);
}

function typeByte(byte: u8): void {
  if (byte < 0x80) {
    const one = new Uint8Array(1);
    one[0] = byte;
    console.type(bytesOf(one));
    return;
  }
  const index = u32(byte - 0x80);
  if (index < COMMANDS.length) {
    console.type(utf8(COMMANDS[index].name));
    console.type(utf8(" "));
  } else if (index - COMMANDS.length < WORDS.length) {
    console.type(utf8(WORDS[index - COMMANDS.length]));
  } else {
    const one = new Uint8Array(1);
    one[0] = byte;
    console.type(bytesOf(one));
  }
}

/** Lets the shell run until it waits; false where it works for too long. */
function settle(): boolean {
  for (let steps: u32 = 0; steps < STEPS_LIMIT; steps++) {
    if (!shell.step()) return true;
  }
  return false;
}
