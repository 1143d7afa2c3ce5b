import { formatGuid, GUID_BYTES, GUID_TEXT_LENGTH, isGuid, isNilGuid } from "../../../src/base/guid.ts";
import { makeRandomGuid, parseGuid, setGuid } from "../../../src/base/guid.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const ESP: string = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";

class Scratch {
  readonly guid = new Uint8Array(GUID_BYTES);
  readonly text = new Uint8Array(GUID_TEXT_LENGTH);
}

const scratch = new Scratch();

export function main(): void {
  const guid = bytesOf(scratch.guid);
  const text = bytesOf(scratch.text);

  test("a GUID's first three groups are stored little-endian, the rest as written");
  isTrue(parseGuid(utf8(ESP), guid));
  equalBig(guid.u64be(0), 0x28732ac11ff8d211n);
  equalBig(guid.u64be(8), 0xba4b00a0c93ec93bn);

  test("formatGuid is the inverse of parseGuid, in capitals");
  isTrue(parseGuid(utf8("c12a7328-f81f-11d2-ba4b-00a0c93ec93b"), guid));
  formatGuid(guid, text);
  isTrue(text.equals(utf8(ESP)));

  test("isGuid and isNilGuid know a GUID by every one of its bits");
  setGuid(guid, ESP);
  isTrue(isGuid(guid, ESP));
  for (let bit: u32 = 0; bit < 128; bit++) {
    const at = bit >>> 3;
    guid.setU8(at, guid.u8(at) ^ ((1 << (bit & 7)) & 0xff));
    isTrue(!isGuid(guid, ESP));
    setGuid(guid, ESP);
  }
  isTrue(!isNilGuid(guid));
  guid.fill(0);
  isTrue(isNilGuid(guid));
  guid.setU8(15, 1);
  isTrue(!isNilGuid(guid));

  test("text that is no GUID is refused and leaves the target alone");
  guid.fill(0x5a);
  isTrue(!parseGuid(utf8(""), guid));
  isTrue(!parseGuid(utf8("C12A7328-F81F-11D2-BA4B-00A0C93EC93"), guid));
  isTrue(!parseGuid(utf8("C12A7328-F81F-11D2-BA4B-00A0C93EC93BB"), guid));
  isTrue(!parseGuid(utf8("C12A7328-F81F-11D2-BA4B-00A0C93EC93G"), guid));
  isTrue(!parseGuid(utf8("C12A7328+F81F-11D2-BA4B-00A0C93EC93B"), guid));
  isTrue(!parseGuid(utf8("{12A7328-F81F-11D2-BA4B-00A0C93EC93B"), guid));
  equalBig(guid.u64le(0), 0x5a5a5a5a5a5a5a5an);
  equalBig(guid.u64le(8), 0x5a5a5a5a5a5a5a5an);

  test("a random GUID says that it is of version 4");
  guid.fill(0xff);
  makeRandomGuid(guid);
  formatGuid(guid, text);
  isTrue(text.equals(utf8("FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF")));
  equal(guid.length, 16);
}
