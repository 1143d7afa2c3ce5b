/** The shell as its user meets it: lines, keys, help, mistakes. */
import { test, isTrue, equal } from "../harness.ts";
import { console, parts, start, type } from "./shell-machine.ts";
import { COMMANDS } from "../../../src/shell/command-table.ts";

const GIB: u64 = 1073741824n;

class LongLine {
  readonly text = new Uint8Array(10001);
}

const longLine = new LongLine();

export function main(): void {
  lines();
  keys();
  badInput();
  commands();
  faults();
}

function lines(): void {
  test("the prompt is shown, a line is echoed and run, all three line ends count once");
  start(512, 4n * GIB);
  isTrue(console.shows("rayos> "));
  type("version\r");
  isTrue(console.shows("rayos> version\nRayOS 0.1.0 build abc123\nTest processor, processors: 2\nrayos> "));
  console.clear();
  type("date\r\n");
  isTrue(console.shows("2026-01-06 14:30:00 UTC\nrunning for 5 s\nrayos> "));
  isTrue(!console.shows("rayos> rayos> "));
  console.clear();
  type("\n");
  isTrue(console.shows("\nrayos> "));
}

function keys(): void {
  test("arrows, Home, End, Delete and control keys edit the line");
  start(512, 4n * GIB);
  type("ersionX\x1b[D\x1b[3~\x01v\x05\r");
  isTrue(console.shows("RayOS 0.1.0"));
  console.clear();
  type("nonsense\x15versionn\x7f\r");
  isTrue(console.shows("RayOS 0.1.0"));
  console.clear();
  type("version nonsense\x17\r");
  isTrue(console.shows("RayOS 0.1.0"));

  test("the history brings lines back, and the draft at its end");
  start(512, 4n * GIB);
  type("mem\r");
  type("date\r");
  console.clear();
  type("\x1b[A\x1b[A\r");
  isTrue(console.shows("512.0 MiB"));
  console.clear();
  type("vers\x1b[A\x1b[B\tion\x03");
  type("version\r");
  isTrue(console.shows("RayOS 0.1.0"));

  test("Tab completes commands, options and disks");
  start(512, 4n * GIB);
  type("bootm\tst\t");
  isTrue(console.shows("bootmgr status "));
  type("\x03");
  console.clear();
  type("install --t\tfile\t");
  isTrue(console.shows("install --to file"));
  type("\t");
  isTrue(console.shows("file0  file1  \n"));
  type("\x03");
}

function badInput(): void {
  test("a line of 10,000 characters is refused and runs nothing");
  start(512, 4n * GIB);
  console.clear();
  bytesOf(longLine.text).fill(0x61);
  longLine.text[10000] = 0x0d;
  console.type(bytesOf(longLine.text));
  type("");
  isTrue(console.shows("shell: the line has 10000 characters, more than 1000; nothing was run\n"));
  console.clear();
  type("version\r");
  isTrue(console.shows("RayOS 0.1.0"));

  test("binary noise is refused and runs nothing");
  start(512, 4n * GIB);
  bytesOf(longLine.text).fill(0);
  for (let i: u32 = 0; i < 200; i++) longLine.text[i] = 0x80 + (i & 0x7f);
  console.clear();
  console.type(bytesOf(longLine.text).slice(0, 200));
  type("\r");
  isTrue(console.shows("shell: the line held 200 bytes that are no text; nothing was run\n"));

  test("an unknown command is named, with the nearest that exists");
  console.clear();
  type("verison\r");
  isTrue(console.shows("verison: unknown command; did you mean version?"));
  console.clear();
  type("qqqqqqq\r");
  isTrue(console.shows("qqqqqqq: unknown command (help lists all)"));
  type("a b c d e f g h i j k l m n o p q\r");
  isTrue(console.shows("shell: too many words; nothing was run"));
  type("recovery\r");
  isTrue(console.shows("recovery: which one?\n"));
  type("mem now\r");
  isTrue(console.shows("mem: takes no arguments\nUsage: mem\n"));
}

function commands(): void {
  test("help lists every command, and every command answers --help");
  start(512, 4n * GIB);
  for (const command of COMMANDS) {
    console.clear();
    type("help\r");
    isTrue(console.shows(command.name));
    console.clear();
    type(command.name);
    type(" --help\r");
    isTrue(console.shows("Usage: "));
    isTrue(console.shows(command.usage));
  }
  equal(parts.reboots + parts.powerOffs + parts.panics + parts.hangs, 0);

  test("disks, pci and mem say what the machine says");
  console.clear();
  type("disks\r");
  isTrue(console.shows("file0       4.0 GiB, 8388608 sectors of 512"));
  isTrue(console.shows("boot disk"));
  type("pci\r");
  isTrue(console.shows("0000:00:1f.2 8086:2922 SATA controller [ahci]"));

  test("reboot and poweroff reach the machine");
  type("reboot\r");
  equal(parts.reboots, 1);
  type("poweroff\r");
  equal(parts.powerOffs, 1);

  test("bootmgr and recovery say so where there is no installation");
  console.clear();
  type("bootmgr status\r");
  isTrue(console.shows("No installation of RayOS on any disk."));
}

function faults(): void {
  test("panic and hang happen only after the second confirmation");
  start(512, 4n * GIB);
  type("panic\r");
  type("no\r");
  isTrue(console.shows("Not confirmed. Nothing happened."));
  equal(parts.panics, 0);
  type("panic\r");
  type("panic\r");
  equal(parts.panics, 1);
  type("panic\r");
  type("panic\x07\r");
  equal(parts.panics, 1);
  isTrue(console.shows("shell: the line held 1 bytes that are no text; nothing was run"));
  type("hang --cli\r");
  type("hang\x03");
  equal(parts.hardHangs, 0);
  type("hang --cli\r");
  type("hang\r");
  equal(parts.hardHangs, 1);
  equal(parts.hangs, 0);
  type("hang --storm\r");
  type("no\r");
  equal(parts.storms, 0);
  type("hang --storm\r");
  type("hang\r");
  equal(parts.storms, 1);
  type("panic --triple\r");
  type("hang\r");
  equal(parts.tripleFaults, 0);
  type("panic --triple\r");
  type("panic\r");
  equal(parts.tripleFaults, 1);
  equal(parts.panics, 1);
}
