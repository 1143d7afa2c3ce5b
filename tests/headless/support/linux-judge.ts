// The stock Linux as a judge: it is booted with the disk, lists what it sees, mounts the data partition, writes to it, and
// hashes the boot manager in the EFI system partition.

import { readFileSync, writeFileSync } from "node:fs";
import { testTool } from "../../../tools/environment.ts";
import type { DiskDrive } from "../../../tools/qemu/command.ts";
import { makeInitramfs } from "../../../tools/qemu/initramfs.ts";
import type { Partition } from "./judges.ts";
import { findLinux, loadModules } from "../../../tools/qemu/linux-files.ts";
import type { Stage } from "./stage.ts";

const DEADLINE_MS = 240_000;
const MODULES: readonly string[] = [
  ...["crc32c_generic", "crct10dif_generic", "nvme", "ahci", "sd_mod", "ext4"],
  ...["vfat", "nls_cp437", "nls_ascii", "nls_iso8859-1", "nls_utf8"],
];

/** What /init does; `DISK` is the disk's name there, `P` what stands between it and a partition's number. */
const SCRIPT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in MODULES; do insmod /modules/$module.ko || echo "JUDGE cannot load $module"; done
tries=0
while [ ! -b /dev/DISKP6 ] && [ $tries -lt 30 ]; do sleep 1; tries=$((tries + 1)); done
echo "JUDGE partitions"
cat /proc/partitions
for part in /sys/block/*/DISKP[1-6]; do echo "JUDGE extent $(cat $part/partition) $(cat $part/start) $(cat $part/size)"; done
mount -t vfat -o ro /dev/DISKP1 /esp && sha256sum /esp/EFI/BOOT/BOOTX64.EFI && umount /esp && echo "JUDGE vfat mounted"
mount -t ext4 /dev/DISKP6 /data && echo "JUDGE ext4 mounted" && ls -la /data
echo "written by Linux" > /data/linux.txt && sync && cat /data/linux.txt && umount /data && echo "JUDGE ext4 written"
echo "JUDGE done"
poweroff -f
`;

/** The partitions as Linux told them. Its unit in /sys is 512 bytes whatever the disk's sectors are. */
export function partitionsByLinux(said: string): Partition[] {
  return [...said.matchAll(/JUDGE extent (\d+) (\d+) (\d+)/g)].map((match) => ({
    number: Number(match[1]),
    name: "",
    from: Number(match[2]) * 512,
    length: Number(match[3]) * 512,
  }));
}

/** Boots Linux with the disk; returns what it said. */
export async function askLinux(stage: Stage, disk: DiskDrive): Promise<string> {
  const linux = findLinux(stage.paths);
  const modules = loadModules(linux, MODULES);
  const [name, separator] = disk.bus === "nvme" ? ["nvme0n1", "p"] : ["sda", ""];
  const names = modules.map(([module]) => module).join(" ");
  const script = SCRIPT.replace("MODULES", names).replaceAll("DISKP", `${name}${separator}`);
  const archive = makeInitramfs(
    ["bin", "dev", "proc", "sys", "modules", "esp", "data"],
    [
      { name: "init", content: Buffer.from(script) },
      { name: "bin/busybox", content: readFileSync(testTool("busybox")) },
      ...modules.map(([module, content]) => ({ name: `modules/${module}.ko`, content })),
    ],
  );
  const initrd = stage.disk("linux-initrd.cpio");
  writeFileSync(initrd, archive);
  const machine = stage.start("linux", {
    variables: "none",
    disks: [disk],
    extra: ["-kernel", linux.kernel, "-initrd", initrd, "-append", "console=ttyS0 quiet panic=-1"],
  });
  await machine.waitFor("JUDGE done", DEADLINE_MS);
  await machine.waitForExit(DEADLINE_MS);
  return machine.transcript;
}
