/**
 * FuzzInput: the bytes that a fuzzer made, taken from their front.
 *
 * Behind the end there are zeros, so that every input means something and a short one changes little. Each target takes its decisions
 * first, then patches until the input ends.
 */

/** No patch writes more. */
export const PATCH_LIMIT_BYTES = 64;

/** What a patch does to the place that it names. The number is the input's, modulo 8. */
const enum PatchKind {
  byte = 0,
  half = 1,
  word = 2,
  long = 3,
  few = 4,
  many = 5,
  zeros = 6,
  ones = 7,
}

export class FuzzInput {
  private bytes: Bytes = utf8("");
  private position: u32 = 0;
  /** The patch that `nextPatch` made: where, before it is folded into an area, and what. */
  patchAt: u32 = 0;
  private patchLength: u32 = 0;
  private readonly patch = new Uint8Array(PATCH_LIMIT_BYTES);

  begin(bytes: Bytes): void {
    this.bytes = bytes;
    this.position = 0;
  }

  left(): u32 {
    return u32(this.bytes.length - this.position);
  }

  u8(): u8 {
    if (this.position >= this.bytes.length) return 0;
    this.position++;
    return this.bytes.u8(this.position - 1);
  }

  u16(): u16 {
    const low = this.u8();
    return u16(low | (this.u8() << 8));
  }

  u32(): u32 {
    const low = this.u16();
    return (low | (this.u16() << 16)) >>> 0;
  }

  /** The next `length` bytes, or as many as there are. */
  take(length: u32): Bytes {
    const taken = u32(Math.min(length, this.left()));
    this.position += taken;
    return this.bytes.slice(this.position - taken, taken);
  }

  /** Everything that is left. */
  rest(): Bytes {
    return this.take(this.left());
  }

  /** Makes the next patch: kind, place, then what the kind wants; false at the end of the input. */
  nextPatch(): boolean {
    if (this.left() === 0) return false;
    const kind = this.u8() & 7;
    this.patchAt = this.u16();
    const patch = bytesOf(this.patch);
    switch (kind) {
      case PatchKind.byte:
      case PatchKind.half:
      case PatchKind.word:
      case PatchKind.long:
        return this.copyPatch((1 << kind) & 15);
      case PatchKind.few:
        return this.copyPatch(this.u8() & 15);
      case PatchKind.many:
        return this.copyPatch(this.u8() & 63);
      default:
        this.patchLength = (this.u8() & 63) + 1;
        patch.slice(0, this.patchLength).fill(kind === PatchKind.zeros ? 0 : 0xff);
        return true;
    }
  }

  /** The bytes of the patch, as many of them as fit into `room`. */
  patchBytes(room: u32): Bytes {
    return bytesOf(this.patch).slice(0, u32(Math.min(this.patchLength, room)));
  }

  /** Patches a record until the input ends. */
  patchRecord(record: Bytes): void {
    while (this.nextPatch()) {
      const at: u32 = this.patchAt % record.length;
      const bytes = this.patchBytes(u32(record.length - at));
      record.slice(at, bytes.length).copyFrom(bytes);
    }
  }

  private copyPatch(length: u32): boolean {
    const bytes = this.take(length);
    this.patchLength = length;
    const patch = bytesOf(this.patch).slice(0, length);
    patch.fill(0);
    patch.slice(0, bytes.length).copyFrom(bytes);
    return true;
  }
}
