import { crc32cExtend, crc32cExtendU32 } from "../../../src/base/crc32c.ts";
import { equal, test } from "../harness.ts";

export function main(): void {
  test("crc32c gives the check value of the CRC catalogue, once both ends are inverted");
  equal((crc32cExtend(0xffffffff, utf8("123456789")) ^ 0xffffffff) >>> 0, 0xe3069283);

  test("a chain does not depend on where it is cut, and numbers go in with the lowest byte first");
  const first = crc32cExtend(0xffffffff, utf8("1234"));
  equal(crc32cExtend(first, utf8("56789")), crc32cExtend(0xffffffff, utf8("123456789")));
  equal(crc32cExtendU32(0xffffffff, 0x34333231), first);
}
