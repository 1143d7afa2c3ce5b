// A stock Linux that appends (appender.c): its machine, with the disk and the driver's modules, and the console's dialogue.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { runOrFail } from "../child.ts";
import { testTool, type Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";
import type { DiskDrive } from "../qemu/command.ts";
import { makeInitramfs } from "../qemu/initramfs.ts";
import { findLinux, loadModules } from "../qemu/linux-files.ts";
import { Machine } from "../qemu/machine.ts";

const APPENDER = "build/tool/appender";
const INITRD = "build/run/appender-initrd.cpio";
/** O_DIRECT writes whole sectors. */
const SECTOR_BYTES = 512;
const MODULES = { nvme: ["nvme"], ahci: ["ahci", "sd_mod"] } as const;
/** The log partition of an installed disk. */
const PARTITION = { nvme: "/dev/nvme0n1p5", ahci: "/dev/sda5" } as const;
const FLAGS: readonly string[] = [
  ...["-O2", "-Wall", "-Wextra", "-Werror", "-static", "-nostdlib", "-ffreestanding"],
  ...["-fno-stack-protector", "-fno-builtin", "-Wno-fuse-ld-path"],
];

const SCRIPT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in MODULES; do insmod /modules/$module.ko || echo "APPENDER cannot load $module"; done
tries=0
while [ ! -b PARTITION ] && [ $tries -lt 60 ]; do sleep 1; tries=$((tries + 1)); done
/bin/appender PARTITION RECORDS SECTOR ROUNDS
poweroff -f
`;

export interface LinuxPlan {
  readonly records: number;
  readonly rounds: number;
  readonly transcriptFile: string;
  readonly extra: readonly string[];
}

/** Compiles the appender and starts Linux with it. */
export async function startLinuxAppender(
  paths: Paths,
  tools: Toolbox,
  disk: DiskDrive,
  plan: LinuxPlan,
): Promise<Machine> {
  mkdirSync(paths.of("build/tool"), { recursive: true });
  const args = [...FLAGS, `-fuse-ld=${tools.ldElf}`, "-o", APPENDER, "tools/count/appender.c"];
  await runOrFail(tools.clang, args, { cwd: paths.root, deadlineMs: 60_000 });
  const linux = findLinux(paths);
  const modules = loadModules(linux, MODULES[disk.bus]);
  const script = SCRIPT.replaceAll("PARTITION", PARTITION[disk.bus])
    .replace("MODULES", modules.map(([name]) => name).join(" "))
    .replace("RECORDS", `${plan.records}`)
    .replace("SECTOR", `${disk.sectorBytes ?? SECTOR_BYTES}`)
    .replace("ROUNDS", `${plan.rounds}`);
  const archive = makeInitramfs(
    ["bin", "dev", "proc", "sys", "modules"],
    [
      { name: "init", content: Buffer.from(script) },
      { name: "bin/busybox", content: readFileSync(testTool("busybox")) },
      { name: "bin/appender", content: readFileSync(paths.of(APPENDER)) },
      ...modules.map(([name, content]) => ({ name: `modules/${name}.ko`, content })),
    ],
  );
  writeFileSync(paths.of(INITRD), archive);
  const kernel = ["-kernel", linux.kernel, "-initrd", paths.of(INITRD)];
  return Machine.start(tools, {
    variables: "none",
    disks: [disk],
    transcriptFile: plan.transcriptFile,
    extra: [...kernel, "-append", "console=ttyS0 quiet panic=-1", ...plan.extra],
  });
}
