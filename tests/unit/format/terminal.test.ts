/** What bytes do to a text screen: characters, controls, the sequences of the line editor, and noise. */
import { test, isTrue, equal } from "../harness.ts";
import { UNKNOWN_GLYPH } from "../../../src/format/console-font.ts";
import { Terminal } from "../../../src/format/terminal.ts";

const terminal = new Terminal();

export function main(): void {
  lines();
  wrapping();
  scrolling();
  cursor();
  erasing();
  shifting();
  unknown();
  changes();
  noise();
}

function fresh(columns: u32, rows: u32): void {
  terminal.grid.resize(columns, rows);
}

/** Whether a row shows `text`, and blanks behind it. */
function shows(row: u16, text: Bytes): boolean {
  for (let column: u16 = 0; column < terminal.grid.columnCount(); column++) {
    const expected: u8 = column < text.length ? text.u8(column) : 0x20;
    if (terminal.grid.characterAt(row, column) !== expected) return false;
  }
  return true;
}

function isAt(row: u16, column: u16): boolean {
  return terminal.grid.cursorRow() === row && terminal.grid.cursorColumn() === column;
}

function lines(): void {
  test("a line feed starts a new line, with or without a carriage return");
  fresh(10, 4);
  terminal.write(utf8("one\ntwo\r\nthree"));
  isTrue(shows(0, utf8("one")));
  isTrue(shows(1, utf8("two")));
  isTrue(shows(2, utf8("three")));
  isTrue(isAt(2, 5));
  test("a carriage return overwrites, a tab goes to the next eighth column");
  terminal.write(utf8("\rT\tx"));
  isTrue(shows(2, utf8("Three   x")));
  test("backspace moves only, and stops at the edge");
  terminal.write(utf8("\rab\u0008\u0008\u0008c"));
  isTrue(shows(2, utf8("cbree   x")));
}

function wrapping(): void {
  test("the cursor stays behind the last column until a character comes");
  fresh(5, 3);
  terminal.write(utf8("12345"));
  isTrue(isAt(0, 4));
  terminal.write(utf8("\n"));
  isTrue(isAt(1, 0));
  terminal.write(utf8("123456"));
  isTrue(shows(1, utf8("12345")));
  isTrue(shows(2, utf8("6")));
}

function scrolling(): void {
  test("at the bottom everything moves up");
  fresh(5, 3);
  terminal.write(utf8("a\nb\nc\nd\ne"));
  isTrue(shows(0, utf8("c")));
  isTrue(shows(1, utf8("d")));
  isTrue(shows(2, utf8("e")));
  terminal.write(utf8("\n\n\n"));
  isTrue(shows(0, utf8("")) && shows(1, utf8("")) && shows(2, utf8("")));
  test("a screen of one row");
  fresh(3, 1);
  terminal.write(utf8("abcdef\ng"));
  isTrue(shows(0, utf8("g")));
}

function cursor(): void {
  test("the cursor moves by count, and stays on the screen");
  fresh(10, 5);
  terminal.write(utf8("\u001b[3;4H"));
  isTrue(isAt(2, 3));
  terminal.write(utf8("\u001b[A\u001b[2C"));
  isTrue(isAt(1, 5));
  terminal.write(utf8("\u001b[3B\u001b[D"));
  isTrue(isAt(4, 4));
  terminal.write(utf8("\u001b[99A\u001b[99D"));
  isTrue(isAt(0, 0));
  terminal.write(utf8("\u001b[99999999999B\u001b[99C"));
  isTrue(isAt(4, 9));
  terminal.write(utf8("\u001b[7G"));
  isTrue(isAt(4, 6));
  terminal.write(utf8("\u001b[H"));
  isTrue(isAt(0, 0));
}

function erasing(): void {
  test("erase in line: behind, before, all");
  fresh(6, 3);
  terminal.write(utf8("abcdef\u001b[3G\u001b[K"));
  isTrue(shows(0, utf8("ab")));
  terminal.write(utf8("\rabcdef\u001b[3G\u001b[1K"));
  isTrue(shows(0, utf8("   def")));
  terminal.write(utf8("\u001b[2K"));
  isTrue(shows(0, utf8("")));
  isTrue(isAt(0, 2));
  test("erase in display: behind, before, all");
  terminal.write(utf8("\u001b[Haaaaaa\nbbbbbb\ncccccc\u001b[2;3H\u001b[J"));
  isTrue(shows(0, utf8("aaaaaa")) && shows(1, utf8("bb")) && shows(2, utf8("")));
  terminal.write(utf8("\u001b[Haaaaaa\nbbbbbb\ncccccc\u001b[2;3H\u001b[1J"));
  isTrue(shows(0, utf8("")) && shows(1, utf8("   bbb")) && shows(2, utf8("cccccc")));
  terminal.write(utf8("\u001b[2J"));
  isTrue(shows(0, utf8("")) && shows(1, utf8("")) && shows(2, utf8("")));
}

function shifting(): void {
  test("characters are inserted and deleted within a line");
  fresh(6, 2);
  terminal.write(utf8("abcdef\u001b[2G\u001b[2P"));
  isTrue(shows(0, utf8("adef")));
  terminal.write(utf8("\u001b[@"));
  isTrue(shows(0, utf8("a def")));
  terminal.write(utf8("\u001b[4@"));
  isTrue(shows(0, utf8("a     ")));
  terminal.write(utf8("\rabcdef\u001b[2G\u001b[99P"));
  isTrue(shows(0, utf8("a")));
}

function unknown(): void {
  test("colours and unknown sequences leave no trace");
  fresh(10, 2);
  terminal.write(utf8("\u001b[1;31ma\u001b[0mb\u001b[?25lc\u001bcd\u001b[5;5;5;5;5;5;5xe\u0007"));
  isTrue(shows(0, utf8("abcde")));
  test("a sequence may come in pieces");
  terminal.write(utf8("\u001b"));
  terminal.write(utf8("["));
  terminal.write(utf8("1"));
  terminal.write(utf8("G"));
  isTrue(isAt(0, 0));
  test("a character beyond ASCII takes one cell");
  terminal.write(utf8("\u00e9\u20ac!"));
  equal(terminal.grid.characterAt(0, 0), UNKNOWN_GLYPH);
  equal(terminal.grid.characterAt(0, 1), UNKNOWN_GLYPH);
  equal(terminal.grid.characterAt(0, 2), 0x21);
}

function changes(): void {
  test("only rows that may have changed are reported");
  fresh(10, 5);
  terminal.grid.settle();
  isTrue(terminal.grid.changedFrom() >= terminal.grid.changedEnd());
  terminal.write(utf8("\u001b[3;1Hx"));
  equal(terminal.grid.changedFrom(), 0);
  equal(terminal.grid.changedEnd(), 3);
  terminal.grid.settle();
  terminal.write(utf8("y"));
  equal(terminal.grid.changedFrom(), 2);
  equal(terminal.grid.changedEnd(), 3);
  terminal.grid.settle();
  terminal.write(utf8("\u001b[5;1H\n"));
  equal(terminal.grid.changedFrom(), 0);
  equal(terminal.grid.changedEnd(), 5);
}

class Noise {
  readonly bytes = new Uint8Array(257);
}

const noiseBytes = new Noise();

function noise(): void {
  test("noise of 100,000 bytes does no harm");
  fresh(80, 25);
  let seed: u32 = 12345;
  for (let round: u32 = 0; round < 400; round++) {
    for (let i: u32 = 0; i < 257; i++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const isSequence = i % 7 === 0;
      noiseBytes.bytes[i] = isSequence ? 0x1b : i % 7 === 1 ? 0x5b : (seed >>> 16) & 0xff;
    }
    terminal.write(bytesOf(noiseBytes.bytes));
    isTrue(terminal.grid.cursorRow() < 25 && terminal.grid.cursorColumn() < 80);
  }
  terminal.write(utf8("\u001bx\u001b[2J\u001b[Hdone"));
  isTrue(shows(0, utf8("done")));
}
