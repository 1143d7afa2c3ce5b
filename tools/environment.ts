// The environment: the programs and files of the machine that building, running and testing stand on.
//
// A *need* is one of them: how it is found, and which Debian 12 or Ubuntu 24.04 package brings it. Finding is looking
// into folders, nothing is started, so that a complete machine answers at once. What is missing goes to packages.ts.

import { accessSync, constants, existsSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** What a verb is going to do, and so what must be there. */
export type Purpose = "build" | "run" | "window" | "test" | "coverage" | "bench";

export interface Need {
  readonly name: string;
  readonly reason: string;
  /** The path of what was found, or null. */
  find(): string | null;
  /** Its packages; `%` stands for the version of LLVM that the machine's repositories have. */
  readonly packages: readonly string[];
}

/** Best first: 19 is what RayOS is developed with. Below 16 the flags of the kernel are not all known. */
const LLVM_VERSIONS: readonly number[] = [19, 20, 21, 18, 17, 16];

/** Administrators' programs are not on everybody's PATH. */
const MORE_FOLDERS: readonly string[] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The small firmware build starts a third sooner than the 4 MB one; Ubuntu 24.04 has only that. */
const FIRMWARE: readonly (readonly [string, string])[] = [
  ["/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"],
  ["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"],
  ["/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"],
  ["/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"],
];

export function findProgram(name: string): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...MORE_FOLDERS];
  for (const folder of folders) {
    if (folder === "") continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}

/** A program of LLVM, with the version in its name or, without one, in the folder that it stands in. */
export function findLlvm(name: string): string | null {
  for (const version of LLVM_VERSIONS) {
    const path = findProgram(`${name}-${version}`);
    if (path !== null) return path;
  }
  const plain = findProgram(name);
  return plain !== null && llvmVersion(plain) >= 16 ? plain : null;
}

/** The major version of a program of LLVM, or 0 where neither its name nor its folders tell it. */
export function llvmVersion(path: string): number {
  const told = /(?:-|llvm-|llvm)(\d+)(?:\/|$)/.exec(path) ?? /llvm-?(\d+)\//.exec(realpathSync(path));
  if (told !== null) return Number(told[1]);
  // Distributions without version folders keep the compiler's own headers in one named after it.
  const resources = join(dirname(realpathSync(path)), "../lib/clang");
  return existsSync(resources)
    ? Math.max(0, ...readdirSync(resources).map((name) => parseInt(name, 10) || 0))
    : 0;
}

/** The code and variable store of the UEFI firmware, or null. */
export function findFirmware(): { readonly code: string; readonly variables: string } | null {
  const pair = FIRMWARE.find(([code, variables]) => existsSync(code) && existsSync(variables));
  return pair === undefined ? null : { code: pair[0], variables: pair[1] };
}

function findSanitizer(): string | null {
  const clang = findLlvm("clang");
  if (clang === null) return null;
  const resources = join(dirname(realpathSync(clang)), "../lib/clang");
  if (!existsSync(resources)) return null;
  for (const version of readdirSync(resources)) {
    const library = join(resources, version, "lib");
    for (const platform of existsSync(library) ? readdirSync(library) : []) {
      for (const name of ["libclang_rt.asan-x86_64.a", "libclang_rt.asan.a"]) {
        if (existsSync(join(library, platform, name))) return join(library, platform, name);
      }
    }
  }
  return null;
}

/** A busybox that needs no libraries: alone in an initial RAM disk it must do. */
function findStaticBusybox(): string | null {
  const path = findProgram("busybox");
  if (path === null) return null;
  return readFileSync(path).subarray(0, 4096).includes("ld-linux") ? null : path;
}

const program = (name: string, reason: string, packages: readonly string[]): Need => ({
  name,
  reason,
  packages,
  find: () => findProgram(name),
});

const llvm = (name: string, reason: string, packages: readonly string[]): Need => ({
  name: `${name} 16 or newer`,
  reason,
  packages,
  find: () => findLlvm(name),
});

const NEEDS: Readonly<Record<Purpose, readonly Need[]>> = {
  build: [
    llvm("clang", "compiles the generated C", ["clang-%"]),
    llvm("ld.lld", "links the kernel", ["lld-%"]),
    llvm("lld-link", "links the boot manager", ["lld-%"]),
    program("nasm", "assembles entry code", ["nasm"]),
    program("qemu-img", "writes the qcow2 image", ["qemu-utils"]),
  ],
  run: [
    program("qemu-system-x86_64", "is the machine that RayOS runs on", ["qemu-system-x86"]),
    {
      name: "OVMF",
      reason: "is the UEFI firmware of that machine",
      packages: ["ovmf"],
      find: () => findFirmware()?.code ?? null,
    },
  ],
  window: [
    {
      name: "QEMU's window",
      reason: "shows the machine's screen",
      packages: ["qemu-system-gui"],
      find: () => findQemuModule("ui-gtk.so"),
    },
  ],
  bench: [program("valgrind", "counts executed instructions", ["valgrind"])],
  coverage: [llvm("llvm-cov", "reads the counts of executed lines", ["llvm-%"])],
  test: [
    {
      name: "AddressSanitizer",
      reason: "watches the native unit tests",
      packages: ["libclang-rt-%-dev"],
      find: findSanitizer,
    },
    program("sgdisk", "judges the partition tables", ["gdisk"]),
    program("fsck.vfat", "judges the FAT32 file systems", ["dosfstools"]),
    program("e2fsck", "judges the ext4 file systems", ["e2fsprogs"]),
    program("mcopy", "reads and writes FAT32 beside RayOS", ["mtools"]),
    program("objdump", "reads the machine code of both programs", ["binutils"]),
    program("gdb", "stops both programs at lines of their TypeScript", ["gdb"]),
    {
      name: "static busybox",
      reason: "is what the stock Linux starts",
      packages: ["busybox-static"],
      find: findStaticBusybox,
    },
  ],
};

/** Where distributions put the parts of QEMU that are loaded on demand. */
function findQemuModule(name: string): string | null {
  for (const folder of ["/usr/lib/x86_64-linux-gnu/qemu", "/usr/lib64/qemu", "/usr/lib/qemu"]) {
    if (existsSync(join(folder, name))) return join(folder, name);
  }
  return null;
}

/** What is not there, of everything that these purposes need. */
export function missingNeeds(purposes: readonly Purpose[]): Need[] {
  return purposes.flatMap((purpose) => NEEDS[purpose]).filter((need) => need.find() === null);
}

/** The programs and files that a build or a test uses; each was found, or `ensure` has said what to do. */
export class Toolbox {
  readonly clang: string = findLlvm("clang") ?? "clang";
  readonly ldElf: string = findLlvm("ld.lld") ?? "ld.lld";
  readonly ldPe: string = findLlvm("lld-link") ?? "lld-link";
  readonly nasm: string = findProgram("nasm") ?? "nasm";
  readonly qemu: string = findProgram("qemu-system-x86_64") ?? "qemu-system-x86_64";
  readonly qemuImg: string = findProgram("qemu-img") ?? "qemu-img";
  readonly firmware = findFirmware() ?? { code: "OVMF_CODE.fd", variables: "OVMF_VARS.fd" };
}

/** A tool that only tests use, by its name. */
export function testTool(name: string): string {
  return (name === "busybox" ? findStaticBusybox() : findProgram(name)) ?? name;
}
