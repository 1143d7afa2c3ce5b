/**
 * ELF: which pieces of a kernel file go where in memory (System V gABI; ELF64, little-endian, x86-64, linked to fixed addresses).
 *
 *     file header 64 │ program headers n × 56 │ … pieces … │ sections (ignored)
 *
 * Its hash was checked before, and yet nothing is believed: every offset, length and address is tested before it is
 * used, pieces must follow each other on pages of their own, and none may be both writable and executable.
 * Called by the boot manager's loader.
 */

export const SEGMENT_LIMIT = 16;
export const PAGE_BYTES = 4096;
/** Larger than any kernel of RayOS by far; keeps all sums small. */
const IMAGE_LIMIT_BYTES = 0x1000_0000n;
/** Where a kernel may be linked to: the last 2 GiB of the address space. */
const LOWEST_ADDRESS = 0xffff_ffff_8000_0000n;
const HIGHEST_ADDRESS = 0xffff_ffff_ffff_0000n;

/** 0x7f "ELF", 64 bits, little-endian, version 1; read big endian. */
const IDENTITY = 0x7f45_4c46_0201_01n;
const TYPE_EXECUTABLE = 2;
const MACHINE_X86_64 = 62;
const SEGMENT_LOAD = 1;
const SEGMENT_DYNAMIC = 2;
const SEGMENT_INTERPRETER = 3;
const FLAG_EXECUTE = 1;
const FLAG_WRITE = 2;

const FILE_HEADER = layout(64, {
  identity: octets(0, 16),
  type: le16(16),
  machine: le16(18),
  version: le32(20),
  entry: le64(24),
  programHeaders: le64(32),
  sectionHeaders: le64(40),
  flags: le32(48),
  headerBytes: le16(52),
  programHeaderBytes: le16(54),
  programHeaderCount: le16(56),
  sectionHeaderBytes: le16(58),
  sectionHeaderCount: le16(60),
  sectionNames: le16(62),
});

const PROGRAM_HEADER = layout(56, {
  type: le32(0),
  flags: le32(4),
  fileOffset: le64(8),
  address: le64(16),
  loadAddress: le64(24),
  fileBytes: le64(32),
  memoryBytes: le64(40),
  alignment: le64(48),
});

export const enum ElfError {
  /** No ELF file, or one for another machine. */
  notAnElf = 1,
  /** An ELF file that cannot be loaded as it stands: relocatable, dynamic, or of a strange shape. */
  unsupported = 2,
  /** More loadable pieces than `SEGMENT_LIMIT`, or none. */
  segmentCount = 3,
  /** A piece reaches beyond the file. */
  truncated = 4,
  /** A piece lies where no kernel belongs, or overlaps the one before it, or shares a page with it. */
  badAddress = 5,
  /** A piece is writable and executable at once. */
  writableCode = 6,
  /** The first instruction lies in no executable piece. */
  badEntry = 7,
}

/** A piece of the file and its place in memory, in pages of its own. */
export class ElfSegment {
  fileOffset: u32 = 0;
  fileBytes: u32 = 0;
  address: u64 = 0n;
  /** What lies behind `fileBytes` is zero. */
  memoryBytes: u32 = 0;
  isWritable: boolean = false;
  isExecutable: boolean = false;
}

/** What `parseElf` found: segments ascending by address. */
export class ElfImage {
  entry: u64 = 0n;
  segmentCount: u32 = 0;
  readonly segments = fixedArray(SEGMENT_LIMIT, () => new ElfSegment());

  /** The first page's address. */
  start(): u64 {
    assert(this.segmentCount > 0);
    return pageOf(this.segments[0].address);
  }

  /** From the first page to the end of the last, in bytes. */
  spanBytes(): u32 {
    const last = this.segments[this.segmentCount - 1];
    return u32(Number(pageEnd(last) - this.start()));
  }
}

/** Reads the program headers of the whole file `file` into `image`. */
export function parseElf(file: Bytes, image: ElfImage): Result<void, ElfError> {
  image.segmentCount = 0;
  if (file.length < FILE_HEADER.byteLength) return err(ElfError.notAnElf);
  if (FILE_HEADER.identity.of(file).u64be(0) >> 8n !== IDENTITY) return err(ElfError.notAnElf);
  if (FILE_HEADER.machine.get(file) !== MACHINE_X86_64) return err(ElfError.notAnElf);
  if (FILE_HEADER.type.get(file) !== TYPE_EXECUTABLE) return err(ElfError.unsupported);
  if (FILE_HEADER.programHeaderBytes.get(file) !== PROGRAM_HEADER.byteLength)
    return err(ElfError.unsupported);
  const count = FILE_HEADER.programHeaderCount.get(file);
  const table = FILE_HEADER.programHeaders.get(file);
  if (!isWithin(file, table, BigInt(count * PROGRAM_HEADER.byteLength))) return err(ElfError.truncated);
  for (let i: u32 = 0; i < count; i++) {
    const at = u32(Number(table)) + i * PROGRAM_HEADER.byteLength;
    const fault = takeHeader(file, file.slice(at, PROGRAM_HEADER.byteLength), image);
    if (!fault.ok) return err(fault.error);
  }
  if (image.segmentCount === 0) return err(ElfError.segmentCount);
  image.entry = FILE_HEADER.entry.get(file);
  return entryIsCode(image) ? ok() : err(ElfError.badEntry);
}

/** The words for an error. */
export function elfErrorText(error: ElfError): string {
  switch (error) {
    case ElfError.notAnElf:
      return "the kernel is no ELF file for x86-64";
    case ElfError.unsupported:
      return "the kernel is an ELF file of a kind that cannot be loaded";
    case ElfError.segmentCount:
      return "the kernel has no loadable pieces, or too many";
    case ElfError.truncated:
      return "the kernel file is cut short";
    case ElfError.badAddress:
      return "the kernel asks for addresses that are not a kernel's";
    case ElfError.writableCode:
      return "the kernel has code that is writable";
    case ElfError.badEntry:
      return "the kernel's entry is not in its code";
  }
}

/** Adds what one program header says to `image`. */
function takeHeader(file: Bytes, header: Bytes, image: ElfImage): Result<void, ElfError> {
  const type = PROGRAM_HEADER.type.get(header);
  if (type === SEGMENT_DYNAMIC || type === SEGMENT_INTERPRETER) return err(ElfError.unsupported);
  const memoryBytes = PROGRAM_HEADER.memoryBytes.get(header);
  if (type !== SEGMENT_LOAD || memoryBytes === 0n) return ok();
  if (image.segmentCount >= SEGMENT_LIMIT) return err(ElfError.segmentCount);
  const fileBytes = PROGRAM_HEADER.fileBytes.get(header);
  const fileOffset = PROGRAM_HEADER.fileOffset.get(header);
  if (!isWithin(file, fileOffset, fileBytes)) return err(ElfError.truncated);
  const flags = PROGRAM_HEADER.flags.get(header);
  if ((flags & FLAG_WRITE) !== 0 && (flags & FLAG_EXECUTE) !== 0) return err(ElfError.writableCode);
  const address = PROGRAM_HEADER.address.get(header);
  if (!belongs(image, address, memoryBytes) || fileBytes > memoryBytes) return err(ElfError.badAddress);
  const segment = image.segments[image.segmentCount];
  segment.fileOffset = u32(Number(fileOffset));
  segment.fileBytes = u32(Number(fileBytes));
  segment.address = address;
  segment.memoryBytes = u32(Number(memoryBytes));
  segment.isWritable = (flags & FLAG_WRITE) !== 0;
  segment.isExecutable = (flags & FLAG_EXECUTE) !== 0;
  image.segmentCount++;
  return ok();
}

/** Whether a piece lies where kernels do, behind the last one and on pages of its own, and the image stays small. */
function belongs(image: ElfImage, address: u64, memoryBytes: u64): boolean {
  if (memoryBytes > IMAGE_LIMIT_BYTES) return false;
  if (address < LOWEST_ADDRESS || address + memoryBytes > HIGHEST_ADDRESS) return false;
  if (image.segmentCount === 0) return true;
  if (pageOf(address) < pageEnd(image.segments[image.segmentCount - 1])) return false;
  return address + memoryBytes - image.start() <= IMAGE_LIMIT_BYTES;
}

function entryIsCode(image: ElfImage): boolean {
  for (let i: u32 = 0; i < image.segmentCount; i++) {
    const segment = image.segments[i];
    const isInside =
      image.entry >= segment.address && image.entry - segment.address < BigInt(segment.fileBytes);
    if (isInside && segment.isExecutable) return true;
  }
  return false;
}

/** Whether the file has `length` bytes from `offset` on; without a sum that could wrap. */
function isWithin(file: Bytes, offset: u64, length: u64): boolean {
  const fileBytes = BigInt(file.length);
  return offset <= fileBytes && length <= fileBytes - offset;
}

function pageOf(address: u64): u64 {
  return u64(address - (address % BigInt(PAGE_BYTES)));
}

function pageEnd(segment: ElfSegment): u64 {
  const end = segment.address + BigInt(segment.memoryBytes) + BigInt(PAGE_BYTES - 1);
  return u64(end - (end % BigInt(PAGE_BYTES)));
}
