/**
 * BootFiles: what the firmware needs of an installation: files on the EFI system partition.
 *
 *     \EFI\BOOT\BOOTX64.EFI     the removable path, written first: every firmware finds it
 *     \EFI\rayos\rayboot.efi    the same boot manager under its own name, for boot variables
 *     \EFI\rayos\table.sav      the partition table that the disk had before (saved-table.ts)
 *
 * Each file is durable and was read back and compared before the next one is begun. Used by the installer, the verifier and whoever
 * puts an old table back.
 */
import { FatError } from "../storage/fat-error.ts";
import { FatDirectoryWriter } from "../storage/fat-directory-writer.ts";
import { FatFileWriter } from "../storage/fat-file-writer.ts";
import { FatFile, FatVolume } from "../storage/fat-volume.ts";
import { Region } from "../storage/region.ts";

export const REMOVABLE_PATH: string = "\\EFI\\BOOT\\BOOTX64.EFI";
export const BOOT_MANAGER_PATH: string = "\\EFI\\rayos\\rayboot.efi";
export const SAVED_TABLE_PATH: string = "\\EFI\\rayos\\table.sav";
const BOOT_DIRECTORY: string = "\\EFI\\BOOT";
const RAYOS_DIRECTORY: string = "\\EFI\\rayos";

export class BootFiles {
  private readonly volume = new FatVolume();
  private readonly directories = new FatDirectoryWriter();
  private readonly writer = new FatFileWriter();
  private readonly file = new FatFile();

  /** Takes up the EFI system partition in `region`. */
  mount(region: Region): Result<void, FatError> {
    return this.volume.mount(region);
  }

  /** Makes both directories. */
  makeDirectories(seconds: u64): Result<void, FatError> {
    const boot = this.directories.makeDirectories(this.volume, utf8(BOOT_DIRECTORY), seconds);
    if (!boot.ok) return boot;
    return this.directories.makeDirectories(this.volume, utf8(RAYOS_DIRECTORY), seconds);
  }

  /** Writes a file and reads it back through `scratch`; `corrupt` where the disk gives back something else. */
  write(path: string, content: Bytes, seconds: u64, scratch: Bytes): Result<void, FatError> {
    const begun = this.writer.begin(this.volume, utf8(path), content.length);
    if (!begun.ok) return begun;
    const appended = this.writer.append(content);
    if (!appended.ok) return appended;
    const committed = this.writer.commit(seconds);
    if (!committed.ok) return committed;
    const same = this.isSame(path, content, scratch);
    if (!same.ok) return err(same.error);
    return same.value ? ok() : err(FatError.corrupt);
  }

  /** Whether the file has exactly this content. */
  isSame(path: string, content: Bytes, scratch: Bytes): Result<boolean, FatError> {
    const opened = this.volume.open(utf8(path), this.file);
    if (!opened.ok) return err(opened.error);
    if (this.file.sizeBytes !== content.length) return ok(false);
    let at: u32 = 0;
    while (at < content.length) {
      const read = this.volume.read(this.file, at, scratch);
      if (!read.ok) return err(read.error);
      if (read.value === 0) return err(FatError.corrupt);
      if (!scratch.slice(0, read.value).equals(content.slice(at, read.value))) return ok(false);
      at += read.value;
    }
    return ok(true);
  }

  /** Opens a file to be read piece by piece; its size in bytes. */
  open(path: string): Result<u32, FatError> {
    const opened = this.volume.open(utf8(path), this.file);
    return opened.ok ? ok(this.file.sizeBytes) : err(opened.error);
  }

  /** Reads of the file that was opened, from `offset` on; how many bytes. */
  read(offset: u32, target: Bytes): Result<u32, FatError> {
    return this.volume.read(this.file, offset, target);
  }
}
