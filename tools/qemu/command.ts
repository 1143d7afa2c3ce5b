// The command line of QEMU for one machine: pure, from what is wanted to a list of words.

import type { Toolbox } from "../environment.ts";

export type Bus = "nvme" | "ahci";
export type MachineType = "q35" | "pc";

export interface DiskDrive {
  readonly file: string;
  readonly bus: Bus;
  readonly format: "raw" | "qcow2";
  /** Shown by the guest: how tests and people tell disks apart. */
  readonly serial: string;
  /** 512 unless the disk is to have sectors of 4096 bytes. */
  readonly sectorBytes?: 512 | 4096;
  /** Writes go to a file that is gone afterwards. */
  readonly discardWrites?: boolean;
  /** The drive refuses to be written. NVMe alone knows such disks. */
  readonly readOnly?: boolean;
  /** More words for QEMU's device, as `werror=report`. */
  readonly deviceOptions?: string;
}

export type Display =
  { readonly kind: "none" } | { readonly kind: "window" } | { readonly kind: "vnc"; readonly number: number };

export interface MachineSpecification {
  readonly machine: MachineType;
  readonly memoryMiB: number;
  readonly processors: number;
  readonly display: Display;
  /** A raw image on a USB stick, or null. The machine writes to a throw-away layer above it, unless `stickKeepsWrites`. */
  readonly stick: string | null;
  readonly stickKeepsWrites?: boolean;
  readonly disks: readonly DiskDrive[];
  /** This machine's own copy of the firmware's variables; null starts a legacy BIOS instead of UEFI. */
  readonly variables: string | null;
  /** Where QMP listens, or null. */
  readonly controlSocket: string | null;
  /** Ctrl-A X ends QEMU: for a terminal. Without it the serial line is the bare standard input and output. */
  readonly multiplexer: boolean;
  /** Wait for gdb before the first instruction. */
  readonly waitForDebugger: boolean;
  /** More words, behind everything else. */
  readonly extra?: readonly string[];
}

const DEBUGGER_PORT = 1234;

/** All words of the command, the program first. */
export function qemuCommand(tools: Toolbox, wanted: MachineSpecification): string[] {
  return [
    tools.qemu,
    ...["-machine", wanted.machine, "-accel", "tcg", "-cpu", "max"],
    ...["-m", String(wanted.memoryMiB), "-smp", String(wanted.processors), "-nic", "none"],
    ...firmware(tools, wanted.variables),
    ...display(wanted.display),
    ...["-serial", wanted.multiplexer ? "mon:stdio" : "stdio"],
    ...(wanted.multiplexer ? [] : ["-monitor", "none"]),
    ...(wanted.controlSocket === null
      ? []
      : ["-qmp", `unix:${escape(wanted.controlSocket)},server=on,wait=off`]),
    ...stick(wanted),
    ...disks(wanted),
    ...(wanted.waitForDebugger ? ["-gdb", `tcp:127.0.0.1:${DEBUGGER_PORT}`, "-S"] : []),
    ...(wanted.extra ?? []),
  ];
}

function firmware(tools: Toolbox, variables: string | null): string[] {
  if (variables === null) return [];
  return [
    ...["-drive", `if=pflash,unit=0,format=raw,readonly=on,file=${escape(tools.firmware.code)}`],
    ...["-drive", `if=pflash,unit=1,format=raw,file=${escape(variables)}`],
  ];
}

function display(wanted: Display): string[] {
  switch (wanted.kind) {
    case "none":
      return ["-display", "none"];
    case "window":
      return ["-display", "gtk,show-cursor=on"];
    case "vnc":
      return ["-display", `vnc=127.0.0.1:${wanted.number}`];
  }
}

function stick(wanted: MachineSpecification): string[] {
  if (wanted.stick === null) return [];
  const layer = wanted.stickKeepsWrites === true ? "" : ",snapshot=on";
  return [
    ...["-device", "qemu-xhci,id=xhci"],
    ...["-drive", `if=none,id=stick,format=raw,file=${escape(wanted.stick)}${layer}`],
    ...["-device", "usb-storage,bus=xhci.0,drive=stick,removable=on,bootindex=0"],
  ];
}

/** The chipset of q35 has AHCI; pc gets a controller of its own. */
function disks(wanted: MachineSpecification): string[] {
  const words: string[] = [];
  const hasAhci = wanted.disks.some((disk) => disk.bus === "ahci");
  if (hasAhci && wanted.machine === "pc") words.push("-device", "ich9-ahci,id=ahci");
  const ahci = wanted.machine === "pc" ? "ahci" : "ide";
  let port = 0;
  wanted.disks.forEach((disk, index) => {
    const layer = disk.discardWrites === true ? ",snapshot=on" : "";
    const access = disk.readOnly === true ? ",readonly=on" : "";
    const drive = `if=none,id=disk${index},format=${disk.format},file=${escape(disk.file)},discard=unmap${layer}${access}`;
    words.push("-drive", drive);
    const sectors = disk.sectorBytes === 4096 ? ",logical_block_size=4096,physical_block_size=4096" : "";
    const more = disk.deviceOptions === undefined ? "" : `,${disk.deviceOptions}`;
    const common = `drive=disk${index},serial=${disk.serial},bootindex=${index + 1}${sectors}${more}`;
    words.push("-device", disk.bus === "nvme" ? `nvme,${common}` : `ide-hd,bus=${ahci}.${port++},${common}`);
  });
  return words;
}

/** A comma ends an option of QEMU, unless it is doubled. */
function escape(path: string): string {
  return path.replaceAll(",", ",,");
}
