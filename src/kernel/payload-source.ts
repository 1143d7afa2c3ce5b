/**
 * PayloadSource: the release that the boot manager left in memory, as the installer takes it.
 *
 * A payload is an allegation until the installer hashed it; here only its place is checked: all of it in memory that the
 * handoff calls payload, and of a length that a view can have. What fails that is not offered.
 */
import {
  findPayload,
  HANDOFF,
  memoryBase,
  memoryEnd,
  MemoryKind,
  memoryKind,
  payloadAddress,
  payloadSizeBytes,
  PayloadKind,
  payloadSha256,
} from "../format/handoff.ts";
import { ObjectKind } from "../format/manifest.ts";
import { bytesAt } from "../machine/intrinsics.ts";
import { imageVersionNumber, imageVersionText } from "../machine/image.ts";
import type { InstallationSource } from "../service/installation-source.ts";

/** Every kind that a handoff may bring, in the order in which they are installed. */
const KINDS: readonly PayloadKind[] = [
  PayloadKind.kernel,
  PayloadKind.bootManager,
  PayloadKind.configuration,
  PayloadKind.guestKernel,
  PayloadKind.guestInitrd,
  PayloadKind.guestDisk,
];
const KIND_COUNT = 6;

export class PayloadSource implements InstallationSource {
  private record: Bytes = utf8("");
  private count: u32 = 0;
  /** For each object: its index in the handoff, and its kind. */
  private readonly payloads = new Uint32Array(KIND_COUNT);
  private readonly kinds = fixedArray(KIND_COUNT, () => ObjectKind.other);

  /** Looks what the handoff brought. */
  open(handoff: Bytes): void {
    this.record = handoff;
    this.count = 0;
    for (let i: u32 = 0; i < KIND_COUNT; i++) {
      const index = findPayload(handoff, KINDS[i]);
      if (index < 0 || !isWhole(handoff, u32(index))) continue;
      this.payloads[this.count] = u32(index);
      this.kinds[this.count] = objectKindOf(KINDS[i]);
      this.count++;
    }
  }

  objectCount(): u32 {
    return this.count;
  }

  objectKind(index: u32): ObjectKind {
    assert(index < this.count);
    return this.kinds[index];
  }

  objectBytes(index: u32): Bytes {
    assert(index < this.count);
    const payload = this.payloads[index];
    const length = payloadSizeBytes(this.record, payload);
    return bytesAt(payloadAddress(this.record, payload), u32(Number(length)));
  }

  objectSha256(index: u32): Bytes {
    assert(index < this.count);
    return payloadSha256(this.record, this.payloads[index]);
  }

  versionNumber(): u32 {
    return imageVersionNumber();
  }

  versionText(into: Bytes): u32 {
    const text = imageVersionText();
    const length = text.length <= into.length ? text.length : into.length;
    into.slice(0, length).copyFrom(text.slice(0, length));
    return length;
  }
}

/** Whether a payload lies wholly in one stretch of payload memory. */
function isWhole(handoff: Bytes, index: u32): boolean {
  const from = payloadAddress(handoff, index);
  const length = payloadSizeBytes(handoff, index);
  if (length === 0n || length > 0xffff_ffffn || from > 0xffff_ffff_ffff_ffffn - length) return false;
  const count = HANDOFF.memoryCount.get(handoff);
  for (let i: u32 = 0; i < count; i++) {
    if (memoryKind(handoff, i) !== MemoryKind.payload) continue;
    if (memoryBase(handoff, i) <= from && from + length <= memoryEnd(handoff, i)) return true;
  }
  return false;
}

function objectKindOf(kind: PayloadKind): ObjectKind {
  switch (kind) {
    case PayloadKind.bootManager:
      return ObjectKind.bootManager;
    case PayloadKind.kernel:
      return ObjectKind.kernel;
    case PayloadKind.configuration:
      return ObjectKind.configuration;
    case PayloadKind.guestKernel:
      return ObjectKind.guestKernel;
    case PayloadKind.guestInitrd:
      return ObjectKind.guestInitrd;
    case PayloadKind.guestDisk:
      return ObjectKind.guestDisk;
    case PayloadKind.none:
      return ObjectKind.other;
  }
}
