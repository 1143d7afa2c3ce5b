// The programs of `bench rayc`: which there are, how much room they work in, and which ratio of instructions is too much.

export interface BenchProgram {
  /** Of its sources in `tests/bench/`, and of its input. */
  readonly name: string;
  readonly title: string;
  readonly workBytes: number;
  /** `--check` fails above it: what was measured, and some five hundredths for other versions of clang. */
  readonly bound: number;
}

/** What the specification of rayc asks for: the geometric mean, and no program above this. */
export const MEAN_BOUND = 1.08;
export const LARGEST_BOUND = 1.3;

const MIB = 1024 * 1024;

export const PROGRAMS: readonly BenchProgram[] = [
  { name: "crc32", title: "CRC-32 of 1 MiB", workBytes: 4, bound: 1.05 },
  { name: "sha256", title: "SHA-256 of 1 MiB", workBytes: 32, bound: 1.05 },
  { name: "lz4", title: "LZ4 block to 1 MiB", workBytes: MIB, bound: 1.26 },
  { name: "blit", title: "blit with alpha, 1024 × 768", workBytes: 1024 * 768 * 4, bound: 1.07 },
  { name: "fat32", title: "FAT32 directory walk", workBytes: 4, bound: 1.1 },
  { name: "hash-table", title: "hash table", workBytes: 4, bound: 1.1 },
  { name: "quicksort", title: "quicksort of 65536 words", workBytes: 262144, bound: LARGEST_BOUND },
  { name: "mix64", title: "64-bit mixing of 1 MiB", workBytes: MIB, bound: 1.05 },
  { name: "gpt", title: "GPT parse", workBytes: 65536, bound: 1.06 },
  { name: "ring", title: "ring append", workBytes: 512, bound: LARGEST_BOUND },
];
