import { Sha256, sha256, SHA256_BYTES } from "../../../src/base/sha256.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

class Scratch {
  readonly message = new Uint8Array(1000);
  readonly digest = new Uint8Array(SHA256_BYTES);
  readonly other = new Uint8Array(SHA256_BYTES);
}

const scratch = new Scratch();
const hash = new Sha256();

export function main(): void {
  test("sha256 gives the examples of FIPS 180-4");
  digestIs("abc", 0xba7816bf8f01cfean, 0xb410ff61f20015adn);
  digestIs("", 0xe3b0c44298fc1c14n, 0xa495991b7852b855n);
  digestIs(
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    0x248d6a61d20638b8n,
    0xf6ecedd419db06c1n,
  );

  test("sha256 of a million letters a, taken in pieces of 1000");
  const message = bytesOf(scratch.message);
  const digest = bytesOf(scratch.digest);
  message.fill(0x61);
  hash.begin();
  for (let i: u32 = 0; i < 1000; i++) hash.update(message);
  hash.finish(digest);
  equalBig(digest.u64be(0), 0xcdc76e5c9914fb92n);
  equalBig(digest.u64be(24), 0x046d39ccc7112cd0n);

  test("sha256 does not depend on how the message is cut");
  for (let i: u32 = 0; i < message.length; i++) message.setU8(i, Math.imul(i, 31) & 0xff);
  for (let length: u32 = 0; length < 200; length++) cutsAgree(message.slice(0, length));

  test("every length around a block boundary has a digest of its own");
  let same: u32 = 0;
  for (let length: u32 = 50; length < 130; length++) {
    sha256(message.slice(0, length), digest);
    sha256(message.slice(0, length + 1), bytesOf(scratch.other));
    if (digest.equals(bytesOf(scratch.other))) same++;
  }
  equal(same, 0);
}

function digestIs(message: string, first: u64, last: u64): void {
  const digest = bytesOf(scratch.digest);
  sha256(utf8(message), digest);
  equalBig(digest.u64be(0), first);
  equalBig(digest.u64be(24), last);
}

function cutsAgree(message: Bytes): void {
  const digest = bytesOf(scratch.digest);
  const other = bytesOf(scratch.other);
  sha256(message, digest);
  const half: u32 = message.length >>> 1;
  const third = u32(Math.trunc(message.length / 3));
  hash.begin();
  hash.update(message.slice(0, third));
  hash.update(message.slice(third, half - third));
  hash.update(message.slice(half, message.length - half));
  hash.finish(other);
  isTrue(digest.equals(other));
}
