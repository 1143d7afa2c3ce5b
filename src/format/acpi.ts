/**
 * ACPI's way from the root pointer to a table (ACPI 6.4, 5.2.5 to 5.2.8).
 *
 * All of it comes from the firmware and is believed only after length and checksum: a function takes the bytes that the
 * caller found at an address and returns a view of exactly one sound table. Who reads which address is the caller's matter
 * (`kernel/acpi-tables.ts`); what the tables say is in `acpi-hardware.ts`.
 *
 *     RSDP   0 "RSD PTR "   8 checksum of 20 bytes   15 revision   16 RSDT   20 length   24 XSDT   32 checksum of all
 *     table  0 signature   4 length   8 revision   9 checksum of all   10 who made it   36 content
 *     RSDT   36 addresses of tables, 32 bits each                 XSDT   36 the same, 64 bits each
 */

export const enum AcpiError {
  badSignature = 1,
  badLength = 2,
  badChecksum = 3,
}

/** How much of a root pointer the caller must be able to show. */
export const ROOT_POINTER_BYTES = 36;
export const TABLE_HEADER_BYTES = 36;
/** No table is longer; the largest known, a DSDT, has some 300 KiB. */
export const TABLE_BYTES_LIMIT = 0x40_0000;

const ROOT_SIGNATURE = "RSD PTR ";
const FIRST_PART_BYTES = 20;

const ROOT_POINTER = layout(ROOT_POINTER_BYTES, {
  signature: octets(0, 8),
  checksum: at8(8),
  oemId: octets(9, 6),
  revision: at8(15),
  rsdt: le32(16),
  length: le32(20),
  xsdt: le64(24),
  extendedChecksum: at8(32),
  reserved0: octets(33, 3),
});

const TABLE_HEADER = layout(TABLE_HEADER_BYTES, {
  signature: octets(0, 4),
  length: le32(4),
  revision: at8(8),
  checksum: at8(9),
  maker: octets(10, 26),
});

/** Where the list of tables is. */
export class AcpiRoot {
  listAddress: u64 = 0n;
  /** Whether it is an XSDT, whose entries have 64 bits. */
  isWide: boolean = false;
}

/** Reads the root pointer. One of revision 2 and later names an XSDT, which is preferred. */
export function parseRootPointer(bytes: Bytes, into: AcpiRoot): Result<void, AcpiError> {
  if (bytes.length < ROOT_POINTER_BYTES) return err(AcpiError.badLength);
  if (!ROOT_POINTER.signature.of(bytes).equals(utf8(ROOT_SIGNATURE))) return err(AcpiError.badSignature);
  if (!sumsToZero(bytes.slice(0, FIRST_PART_BYTES))) return err(AcpiError.badChecksum);
  into.listAddress = BigInt(ROOT_POINTER.rsdt.get(bytes));
  into.isWide = false;
  if (ROOT_POINTER.revision.get(bytes) < 2 || ROOT_POINTER.xsdt.get(bytes) === 0n) return ok();
  if (ROOT_POINTER.length.get(bytes) !== ROOT_POINTER_BYTES) return err(AcpiError.badLength);
  if (!sumsToZero(bytes.slice(0, ROOT_POINTER_BYTES))) return err(AcpiError.badChecksum);
  into.listAddress = ROOT_POINTER.xsdt.get(bytes);
  into.isWide = true;
  return ok();
}

/** The length that a table's header claims, in bytes; 0 where no table can have it. */
export function claimedTableBytes(header: Bytes): u32 {
  if (header.length < TABLE_HEADER_BYTES) return 0;
  const length = TABLE_HEADER.length.get(header);
  return length < TABLE_HEADER_BYTES || length > TABLE_BYTES_LIMIT ? 0 : length;
}

/** Checks a table and returns exactly its bytes. */
export function parseTable(bytes: Bytes): Result<Bytes, AcpiError> {
  const length = claimedTableBytes(bytes);
  if (length === 0 || length > bytes.length) return err(AcpiError.badLength);
  const table = bytes.slice(0, length);
  if (!sumsToZero(table)) return err(AcpiError.badChecksum);
  return ok(table);
}

/** Whether a table is of this kind: "APIC", "MCFG", … */
export function hasSignature(table: Bytes, signature: string): boolean {
  return TABLE_HEADER.signature.of(table).equals(utf8(signature));
}

/** How many tables a sound RSDT or XSDT lists. */
export function listedTableCount(list: Bytes, root: AcpiRoot): u32 {
  return Math.trunc((list.length - TABLE_HEADER_BYTES) / (root.isWide ? 8 : 4));
}

/** The address of one of them. */
export function listedTableAddress(list: Bytes, root: AcpiRoot, index: u16): u64 {
  if (root.isWide) return list.u64le(TABLE_HEADER_BYTES + index * 8);
  return BigInt(list.u32le(TABLE_HEADER_BYTES + index * 4));
}

/** The word for an error in messages. */
export function acpiErrorName(error: AcpiError): string {
  switch (error) {
    case AcpiError.badSignature:
      return "wrong signature";
    case AcpiError.badLength:
      return "impossible length";
    case AcpiError.badChecksum:
      return "wrong checksum";
  }
}

function sumsToZero(bytes: Bytes): boolean {
  let sum: u32 = 0;
  for (const byte of span(bytes, 0, bytes.length)) sum = (sum + byte) & 0xff;
  return sum === 0;
}
