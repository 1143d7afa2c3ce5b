/** Text from devices is made harmless. */
import { test, isTrue, equal } from "../harness.ts";
import { deviceText } from "../../../src/format/device-text.ts";

class Scratch {
  readonly text = new Uint8Array(8);
}

const scratch = new Scratch();

export function main(): void {
  const text = bytesOf(scratch.text);
  test("padding around a text goes, blanks within it stay");
  equal(deviceText(utf8("  a b  "), scratch.text), 3);
  isTrue(text.slice(0, 3).equals(utf8("a b")));
  equal(deviceText(utf8("   "), scratch.text), 0);
  equal(deviceText(utf8(""), scratch.text), 0);
  test("what could steer a terminal is replaced");
  equal(deviceText(utf8("x\u001b[2J\u00e9"), scratch.text), 7);
  isTrue(text.slice(0, 7).equals(utf8("x?[2J??")));
  test("what does not fit is cut off");
  equal(deviceText(utf8("0123456789"), scratch.text), 8);
  isTrue(text.equals(utf8("01234567")));
}
