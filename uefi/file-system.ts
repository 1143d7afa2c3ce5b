/** Simple File System and File (UEFI 2.10, sections 13.4 and 13.5): the firmware's own view of an EFI system partition. */
import { protocolOf } from "./boot-services.ts";
import { addressOf, call1, call2, call3, call5, Cell, load64 } from "./memory.ts";
import { failed } from "./status.ts";

export const SIMPLE_FILE_SYSTEM: string = "964E5B22-6459-11D2-8E39-00A0C969723B";
const OPEN_VOLUME_OFFSET = 8n;

const FILE = layout(88, {
  revision: le64(0),
  open: le64(8),
  close: le64(16),
  remove: le64(24),
  read: le64(32),
  write: le64(40),
  getPosition: le64(48),
  setPosition: le64(56),
  getInfo: le64(64),
  setInfo: le64(72),
  flush: le64(80),
});

const MODE_READ = 1n;

/** The root folder of the file system on a handle, or 0. To be closed with `closeFile`. */
export function openVolume(handle: u64): u64 {
  const protocol = protocolOf(handle, SIMPLE_FILE_SYSTEM);
  if (protocol === 0n) return 0n;
  const root = new Cell();
  const status = call2(load64(u64(protocol + OPEN_VOLUME_OFFSET)), protocol, root.address());
  return failed(status) ? 0n : root.value();
}

/** Opens a file or folder for reading by its path from `folder`, UTF-16 with a NUL at the end; 0 where it is not there. */
export function openFile(folder: u64, path: Bytes): u64 {
  const file = new Cell();
  const open = method(folder, FILE.open.offset);
  const status = call5(open, folder, file.address(), addressOf(path), MODE_READ, 0n);
  return failed(status) ? 0n : file.value();
}

/** Reads on in a file, or the next entry of a folder; how many bytes came, 0 at the end, -1 on errors. */
export function readFile(file: u64, into: Bytes): i64 {
  const size = new Cell();
  size.set(BigInt(into.length));
  const status = call3(method(file, FILE.read.offset), file, size.address(), addressOf(into));
  return failed(status) ? -1n : i64(size.value());
}

export function closeFile(file: u64): void {
  call1(method(file, FILE.close.offset), file);
}

function method(file: u64, offset: u32): u64 {
  return load64(u64(file + BigInt(offset)));
}
