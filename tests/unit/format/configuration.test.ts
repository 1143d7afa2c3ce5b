import { TextWriter } from "../../../src/base/text-writer.ts";
import {
  KEY_MENU_SECONDS,
  mergeSettings,
  setting,
  settingNumber,
} from "../../../src/format/configuration.ts";
import { equal, isTrue, test } from "../harness.ts";

function menuSeconds(text: string): u32 {
  return settingNumber(utf8(text), KEY_MENU_SECONDS, 3, 600);
}

class Scratch {
  readonly merged = new Uint8Array(256);
}

const scratch = new Scratch();

function merges(text: string, changes: string, expected: string): void {
  const out = new TextWriter(bytesOf(scratch.merged));
  mergeSettings(utf8(text), utf8(changes), out);
  isTrue(out.written().equals(utf8(expected)));
}

export function main(): void {
  test("a number behind its key");
  equal(menuSeconds("boot.menu-seconds = 10\n"), 10);
  equal(menuSeconds("boot.menu-seconds=0"), 0);
  equal(menuSeconds("# remark\r\n\r\n  boot.menu-seconds\t=  600 \r\n"), 600);
  test("the last line that names the key counts");
  equal(menuSeconds("boot.menu-seconds = 5\nboot.menu-seconds = 7\n"), 7);
  test("what is missing, no number or out of range is the default");
  equal(menuSeconds(""), 3);
  equal(menuSeconds("boot.menu = 5\n"), 3);
  equal(menuSeconds("boot.menu-seconds\n"), 3);
  equal(menuSeconds("boot.menu-seconds = \n"), 3);
  equal(menuSeconds("boot.menu-seconds = -1\n"), 3);
  equal(menuSeconds("boot.menu-seconds = 601\n"), 3);
  equal(menuSeconds("boot.menu-seconds = 5s\n"), 3);
  equal(menuSeconds("boot.menu-seconds = 99999999999999999999\n"), 3);
  equal(menuSeconds("# boot.menu-seconds = 5\n"), 3);
  equal(menuSeconds("=\n==\n\n= boot.menu-seconds\n"), 3);
  test("a value keeps the equals signs and spaces within");
  isTrue(setting(utf8("name =  a = b c \n"), "name").equals(utf8("a = b c")));
  test("changes take the place of the lines that set their keys; remarks and unknown keys stay");
  merges("", "a = 1\n", "a = 1\n");
  merges("a = 1\nb = 2\n", "a = 3\n", "b = 2\na = 3\n");
  merges("# a = 1\n a=0\nfuture.key = x = y\na = 1\n", "a = 2\n", "# a = 1\nfuture.key = x = y\na = 2\n");
  merges("noise\n\n= 1", "a = 1\nb = 2\n", "noise\n\n= 1\na = 1\nb = 2\n");
}
