// An initial RAM disk: an archive in cpio's "newc" format, which Linux unpacks before it starts /init.
//
// Each entry: a header of 110 ASCII characters (magic, then 13 numbers in hexadecimal), the name with a zero, padding to 4
// bytes, the content, padding to 4 bytes. The last entry is called TRAILER!!!.

const DIRECTORY = 0o040755;
const EXECUTABLE = 0o100755;
const CHARACTER_DEVICE = 0o020600;

export interface ArchiveFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Folders first, then the files, all executable, and the console that /init speaks to. */
export function makeInitramfs(folders: readonly string[], files: readonly ArchiveFile[]): Buffer {
  const empty = Buffer.alloc(0);
  let inode = 1;
  const parts = folders.map((name) => entry(inode++, name, DIRECTORY, empty, 0, 0));
  parts.push(entry(inode++, "dev/console", CHARACTER_DEVICE, empty, 5, 1));
  for (const file of files) parts.push(entry(inode++, file.name, EXECUTABLE, file.content, 0, 0));
  parts.push(entry(0, "TRAILER!!!", 0, empty, 0, 0));
  return Buffer.concat(parts);
}

function entry(
  inode: number,
  name: string,
  mode: number,
  content: Buffer,
  major: number,
  minor: number,
): Buffer {
  const numbers = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, name.length + 1, 0];
  const header = `070701${numbers.map((each) => each.toString(16).padStart(8, "0")).join("")}${name}\0`;
  return Buffer.concat([padded(Buffer.from(header, "latin1")), padded(content)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
