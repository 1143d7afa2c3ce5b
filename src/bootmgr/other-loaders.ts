/**
 * OtherLoaders: the boot loaders of other systems on the EFI system partitions, for the menu.
 *
 * Looked for only when the menu is shown. Every folder below `\EFI` is tried for the names that systems give their loaders; what
 * is chosen is handed to the firmware, which loads, checks (Secure Boot) and starts it. Our own folder is left out.
 */
import { TextWriter } from "../base/text-writer.ts";
import { utf16FromUtf8, utf8FromUtf16 } from "../base/utf16.ts";
import { writeFileDevicePath } from "../format/load-option.ts";
import { handlesOf, loadImage, startImage } from "../../uefi/boot-services.ts";
import { devicePathOf } from "../../uefi/device-path.ts";
import { closeFile, openFile, openVolume, readFile, SIMPLE_FILE_SYSTEM } from "../../uefi/file-system.ts";
import { addressOf, Cell } from "../../uefi/memory.ts";
import { failed, statusName } from "../../uefi/status.ts";

export const LOADER_LIMIT = 8;
const PATH_LIMIT = 120;
const HANDLE_BYTES = 256;
const INFO_BYTES = 1024;
/** Entries of one folder that are looked at. */
const ENTRY_LIMIT = 64;
const ATTRIBUTE_DIRECTORY = 0x10n;

/** EFI_FILE_INFO (UEFI 2.10, section 13.5.16); the name follows. */
const FILE_INFO = layout(80, {
  byteLength: le64(0),
  fileBytes: le64(8),
  storedBytes: le64(16),
  times: octets(24, 48),
  attributes: le64(72),
});

/** What systems call their loaders, below their folder. The first that is there is taken. */
const LOADER_NAMES: readonly string[] = [
  "\\Boot\\bootmgfw.efi",
  "\\shimx64.efi",
  "\\grubx64.efi",
  "\\systemd-bootx64.efi",
  "\\refind_x64.efi",
];

class OtherLoader {
  handle: u64 = 0n;
  nameLength: u32 = 0;
  pathLength: u32 = 0;
  /** The folder, which bears the system's name. */
  readonly name = new Uint8Array(32);
  readonly path = new Uint8Array(PATH_LIMIT);
}

export class OtherLoaders {
  private count: u32 = 0;
  private readonly loaders = fixedArray(LOADER_LIMIT, () => new OtherLoader());
  private readonly handles = new Uint8Array(HANDLE_BYTES);
  private readonly info = new Uint8Array(INFO_BYTES);
  private readonly wide = new Uint8Array(512);
  private readonly pathNodes = new Uint8Array(1024);

  length(): u32 {
    return this.count;
  }

  /** What the system is called: the name of its folder. */
  name(index: u32): Bytes {
    assert(index < this.count);
    return bytesOf(this.loaders[index].name).slice(0, this.loaders[index].nameLength);
  }

  find(): void {
    this.count = 0;
    const volumes = handlesOf(SIMPLE_FILE_SYSTEM, bytesOf(this.handles));
    for (let i: u32 = 0; i < volumes; i++) {
      const handle = bytesOf(this.handles).u64le(i * 8);
      const root = openVolume(handle);
      if (root === 0n) continue;
      this.searchVolume(handle, root);
      closeFile(root);
    }
  }

  /** Starts a loader. Returns only when it gave up or could not be loaded, with the reason. */
  start(index: u32): string {
    assert(index < this.count);
    const loader = this.loaders[index];
    const nodes = bytesOf(this.pathNodes);
    const file = bytesOf(loader.path).slice(0, loader.pathLength);
    if (writeFileDevicePath(nodes, devicePathOf(loader.handle), file) === 0) return "its path is too long";
    const image = new Cell();
    const loaded = loadImage(addressOf(nodes), image);
    if (failed(loaded)) return statusName(loaded);
    const ended = startImage(image.value());
    return failed(ended) ? statusName(ended) : "it ended";
  }

  private searchVolume(handle: u64, root: u64): void {
    const folder = openFile(root, this.widePath(utf8("\\EFI")));
    if (folder === 0n) return;
    for (let i: u32 = 0; i < ENTRY_LIMIT; i++) {
      const length = readFile(folder, bytesOf(this.info));
      if (length <= 0n || length > BigInt(INFO_BYTES)) break;
      const entry = bytesOf(this.info).slice(0, u32(Number(length)));
      if (entry.length > FILE_INFO.byteLength) this.searchFolder(handle, root, entry);
    }
    closeFile(folder);
  }

  /** Adds the loader of one folder below `\EFI`, if it has one with a name that is known. */
  private searchFolder(handle: u64, root: u64, entry: Bytes): void {
    if ((FILE_INFO.attributes.get(entry) & ATTRIBUTE_DIRECTORY) === 0n || this.count >= LOADER_LIMIT) return;
    const loader = this.loaders[this.count];
    const wideName = entry.slice(FILE_INFO.byteLength, entry.length - FILE_INFO.byteLength);
    loader.nameLength = utf8FromUtf16(wideName, bytesOf(loader.name));
    const name = bytesOf(loader.name).slice(0, loader.nameLength);
    if (name.length === 0 || name.u8(0) === 0x2e || name.equals(utf8("rayos"))) return;
    const out = new TextWriter(bytesOf(loader.path));
    for (const known of LOADER_NAMES) {
      out.clear();
      out.text("\\EFI\\");
      out.bytes(name);
      out.text(known);
      if (out.truncated()) return;
      const file = openFile(root, this.widePath(out.written()));
      if (file === 0n) continue;
      closeFile(file);
      loader.handle = handle;
      loader.pathLength = out.written().length;
      this.count++;
      return;
    }
  }

  private widePath(path: Bytes): Bytes {
    const wide = bytesOf(this.wide);
    const length = utf16FromUtf8(path, wide.slice(0, wide.length - 2));
    wide.setU16le(length, 0);
    return wide.slice(0, length + 2);
  }
}
