/** FatError: what can go wrong with a FAT volume, and the words for it. */

export const enum FatError {
  none = 0,
  /** The device failed; the volume's `ioError` says how. */
  io = 1,
  /** No FAT32 file system. */
  notFat32 = 2,
  /** A chain or a directory contradicts itself. */
  corrupt = 3,
  notFound = 4,
  notDirectory = 5,
  isDirectory = 6,
  /** No free clusters, or the directory cannot grow. */
  noSpace = 7,
  /** A path or name that FAT cannot hold. */
  badName = 8,
  /** The volume is too small for FAT32, or too large. */
  badSize = 9,
}

/** The word for an error in messages. */
export function fatErrorName(error: FatError): string {
  switch (error) {
    case FatError.none:
      return "none";
    case FatError.io:
      return "io-error";
    case FatError.notFat32:
      return "not-fat32";
    case FatError.corrupt:
      return "corrupt-file-system";
    case FatError.notFound:
      return "not-found";
    case FatError.notDirectory:
      return "not-a-directory";
    case FatError.isDirectory:
      return "is-a-directory";
    case FatError.noSpace:
      return "no-space";
    case FatError.badName:
      return "bad-name";
    case FatError.badSize:
      return "bad-size";
  }
}
