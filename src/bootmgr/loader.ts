/**
 * BootLoader: a kernel from the object store into memory, checked, placed and mapped.
 *
 * Steps: 1. the manifest and its kernel object, each proved by its SHA-256 (the store does not give out what it did not prove); 2. the
 * ELF file's segments into contiguous pages; 3. page tables: all physical memory in place as data, the kernel at its linked
 * addresses with its own rights, the trampoline executable. Nothing of the machine is changed yet: a failure at any step
 * leaves the way to the next candidate open.
 */
import { elfErrorText, ElfImage, PAGE_BYTES, parseElf } from "../format/elf.ts";
import { findObject, objectAt, ObjectKind } from "../format/manifest.ts";
import { ObjectStore, objectBlocks, StoreError, storeErrorText } from "../storage/object-store.ts";
import {
  giveMemoryBack,
  hasHugePages,
  memoryAt,
  trampolinePage,
  readMemoryMap,
  takeMemory,
} from "./firmware.ts";
import { MemoryMap } from "../format/firmware-memory.ts";
import { PageRights, PageTables, tablePagesFor } from "../format/page-tables.ts";

/** What a kernel and what it starts need to run at all. */
export const LEAST_MEMORY_BYTES = 0x400_0000n;
/** Everything below is mapped whatever the memory map says: devices live there. */
const LEAST_IDENTITY_BYTES = 0x1_0000_0000n;
const LARGE_PAGE = 0x20_0000n;
const PAGE = 4096n;

/** A kernel that stands ready. All addresses are physical, but `entry`. */
export class BootLoader {
  readonly image = new ElfImage();
  readonly tables = new PageTables();
  /** The file as it was read, for the payload. */
  fileAddress: u64 = 0n;
  fileBytes: u32 = 0;
  base: u64 = 0n;
  byteLength: u32 = 0;
  tableAddress: u64 = 0n;
  tableBytes: u32 = 0;

  /** Loads the kernel that `manifest` names; empty, or why not as a sentence. */
  load(store: ObjectStore, manifest: Bytes): string {
    const index = findObject(manifest, ObjectKind.kernel);
    if (index < 0) return "it contains no kernel";
    const object = objectAt(manifest, u32(index));
    const blocks = objectBlocks(object);
    if (blocks === 0 || blocks > 0x1_0000) return "its kernel has an impossible size";
    const fileBytes: u32 = blocks * PAGE_BYTES;
    this.fileAddress = takeMemory(BigInt(fileBytes));
    if (this.fileAddress === 0n) return "there is not enough memory for the kernel file";
    const read = store.readObject(object, memoryAt(this.fileAddress, fileBytes));
    if (!read.ok) {
      giveMemoryBack(this.fileAddress, BigInt(fileBytes));
      return kernelFault(read.error);
    }
    this.fileBytes = read.value.length;
    const parsed = parseElf(read.value, this.image);
    if (!parsed.ok) {
      giveMemoryBack(this.fileAddress, BigInt(fileBytes));
      return elfErrorText(parsed.error);
    }
    if (!this.placeSegments(read.value)) return "there is not enough memory for the kernel";
    return "";
  }

  /** Builds the page tables for a loaded kernel; false for want of memory. */
  map(map: MemoryMap, frameBufferBase: u64, frameBufferBytes: u64): boolean {
    if (!readMemoryMap(map)) return false;
    const identity = identityBytes(map);
    const pages = tablePagesFor(identity, BigInt(this.byteLength), hasHugePages());
    if (pages > 0x4000) return false;
    this.tableBytes = pages * PAGE_BYTES;
    this.tableAddress = takeMemory(BigInt(this.tableBytes));
    if (this.tableAddress === 0n) return false;
    const pool = memoryAt(this.tableAddress, this.tableBytes);
    this.tables.begin(pool, this.tableAddress, hasHugePages());
    if (!this.mapPhysical(pool, identity)) return false;
    if (!this.mapFar(pool, identity, frameBufferBase, frameBufferBytes)) return false;
    return this.mapSegments(pool);
  }

  /** Copies the segments to where they will run; what the file does not fill is zero. Gaps between segments are not mapped. */
  private placeSegments(file: Bytes): boolean {
    const image = this.image;
    this.byteLength = image.spanBytes();
    this.base = takeMemory(BigInt(this.byteLength));
    if (this.base === 0n) return false;
    const memory = memoryAt(this.base, this.byteLength);
    for (let i: u32 = 0; i < image.segmentCount; i++) {
      const segment = image.segments[i];
      const at = u32(Number(segment.address - image.start()));
      const pageStart = u32(at - (at % PAGE_BYTES));
      const lead = memory.slice(pageStart, at - pageStart);
      lead.fill(0);
      memory.slice(at, segment.fileBytes).copyFrom(file.slice(segment.fileOffset, segment.fileBytes));
      const filled = u32(at + segment.fileBytes);
      const end = roundUp(u32(at + segment.memoryBytes));
      memory.slice(filled, end - filled).fill(0);
    }
    return true;
  }

  /** All physical memory in place, as data; the trampoline's page alone is code. */
  private mapPhysical(pool: Bytes, identity: u64): boolean {
    const tables = this.tables;
    const code = trampolinePage();
    if (!tables.map(pool, 0n, 0n, code, PageRights.readWrite)) return false;
    if (!tables.map(pool, code, code, PAGE, PageRights.readExecute)) return false;
    const behind: u64 = code + PAGE;
    return tables.map(pool, behind, behind, u64(identity - behind), PageRights.readWrite);
  }

  /** A frame buffer above all RAM, where large graphics cards put theirs. */
  private mapFar(pool: Bytes, identity: u64, base: u64, byteLength: u64): boolean {
    if (byteLength === 0n || base + byteLength <= identity) return true;
    const from: u64 = base < identity ? identity : base - (base % LARGE_PAGE);
    const end = base + byteLength + LARGE_PAGE - 1n;
    return this.tables.map(pool, from, from, u64(end - (end % LARGE_PAGE) - from), PageRights.readWrite);
  }

  /** The kernel at its linked addresses, page by page, each with the rights of its segment. */
  private mapSegments(pool: Bytes): boolean {
    const image = this.image;
    for (let i: u32 = 0; i < image.segmentCount; i++) {
      const segment = image.segments[i];
      const page: u64 = segment.address - (segment.address % PAGE);
      const physical: u64 = this.base + (page - image.start());
      const end = segment.address + BigInt(segment.memoryBytes) + PAGE - 1n;
      const byteLength = u64(end - (end % PAGE) - page);
      if (
        !this.tables.map(pool, page, physical, byteLength, rightsOf(segment.isWritable, segment.isExecutable))
      )
        return false;
    }
    return true;
  }
}

function rightsOf(isWritable: boolean, isExecutable: boolean): PageRights {
  if (isExecutable) return PageRights.readExecute;
  return isWritable ? PageRights.readWrite : PageRights.readOnly;
}

/** Up to the end of RAM, 4 GiB at least, in whole large pages. */
function identityBytes(map: MemoryMap): u64 {
  const top = map.topOfRam();
  const end = (top > LEAST_IDENTITY_BYTES ? top : LEAST_IDENTITY_BYTES) + LARGE_PAGE - 1n;
  return u64(end - (end % LARGE_PAGE));
}

function roundUp(byteLength: u32): u32 {
  const end = byteLength + PAGE_BYTES - 1;
  return u32(end - (end % PAGE_BYTES));
}

function kernelFault(error: StoreError): string {
  return error === StoreError.corrupt ? "its kernel does not match its checksum" : storeErrorText(error);
}
