/**
 * Disks that fail in the middle of an installation, one after the other in one machine: bad sectors (NVMe, SATA), a medium that
 * is gone, a controller that is pulled out of its slot, a disk that stops answering. Each ends in its marker and a sentence, the
 * shell goes on, and the same disk can be installed once it is well again. What was half written is neither booted nor mistaken.
 */
import { writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Test, t } from "tap";
import type { DiskDrive } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { confirmInstallation, install, INSTALL_DEADLINE_MS, powerOff, untilPrompt } from "./support/steps.ts";

const MEBIBYTE = 1_048_576;
const DISK_BYTES = 1536 * MEBIBYTE;
/** In the plan for an empty disk of this size the RayOS system partition starts here. */
const SYSTEM_FROM = 65 * MEBIBYTE;
const NAMES = ["nvme-bad", "nvme-stall", "sata-bad", "sata-gone", "nvme-pulled"] as const;
/** PCI's configuration mechanism 1: where an address is written, and where its data stands. */
const CONFIGURATION_ADDRESS = 0xcf8;
const CONFIGURATION_DATA = 0xcfc;
/** In a function's configuration: where the list of capabilities begins, and the number of PCI Express in it. */
const CAPABILITIES_AT = 0x34;
const PCI_EXPRESS = 0x10;
/** Behind the capability of PCI Express: the slot's control. Bits 8 and 9 the power indicator (3 is off), bit 10 power off. */
const SLOT_CONTROL_AT = 0x18;
const SLOT_OFF = 0x0700;
const SLOT = { bus: "pulled-slot", device: 0x1c };
const DISK_TEXT = "The disk does not boot RayOS";

void t.test("disks that fail while they are written", async (test) => {
  const stage = new Stage("failing-targets");
  test.teardown(() => stage.strike());
  const files = NAMES.map((name) => stage.disk(`${name}.img`));
  for (const file of files) makeDisk(file, DISK_BYTES);
  const machine = startFaulty(stage, files);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);

  await failWith(
    test,
    machine,
    "nvme0",
    /-(medium-error|io-error)/,
    "bad sectors of an NVMe disk",
    async () => undefined,
  );
  await failWith(
    test,
    machine,
    "sata0",
    /-(medium-error|io-error)/,
    "bad sectors of a SATA disk",
    async () => undefined,
  );
  await failWith(
    test,
    machine,
    "sata1",
    /-(medium-error|io-error|device-fault|timeout)/,
    "a medium that is gone",
    () => remove(machine),
  );
  await failWith(
    test,
    machine,
    "nvme2",
    /-(io-error|device-fault|timeout)/,
    "a controller that was pulled out",
    () => pull(stage),
  );
  await failWith(
    test,
    machine,
    "nvme1",
    /-(io-error|device-fault|timeout)/,
    "a disk that stops answering",
    () => limit(machine, 1),
  );

  await limit(machine, 0);
  test.match(
    await install(machine, "nvme1"),
    "RAYOS_INSTALLER:INSTALL_COMPLETE:nvme1",
    "a disk that is well again is installed",
  );
  test.equal(await powerOff(machine), 0, "poweroff switches the machine off, dead disks and all");
  await bootBesideHalfWritten(test, stage, files);
});

/** Two disks have bad sectors, one sits in a slot of its own. */
function startFaulty(stage: Stage, files: readonly string[]): Machine {
  const faults = join(stage.folder, "faults.conf");
  const sector = SYSTEM_FROM / 512;
  writeFileSync(
    faults,
    `[inject-error]\nevent = "none"\niotype = "write"\nerrno = "5"\nsector = "${sector}"\n`,
  );
  const bad = (file: string): string => `blkdebug:${faults}:${file}`;
  const report = "werror=report,rerror=report";
  const disks: DiskDrive[] = [
    { file: bad(files[0]!), bus: "nvme", format: "raw", serial: NAMES[0] },
    { file: files[1]!, bus: "nvme", format: "raw", serial: NAMES[1] },
    { file: bad(files[2]!), bus: "ahci", format: "raw", serial: NAMES[2], deviceOptions: report },
    { file: files[3]!, bus: "ahci", format: "raw", serial: NAMES[3], deviceOptions: report },
  ];
  const extra = [
    ...["-device", `pcie-root-port,id=${SLOT.bus},chassis=1,addr=0x${SLOT.device.toString(16)}`],
    ...["-drive", `if=none,id=pulled,format=raw,file=${files[4]!}`],
    ...["-device", `nvme,bus=${SLOT.bus},drive=pulled,serial=${NAMES[4]}`],
    ...["-qtest", `unix:${join(stage.folder, "qtest")},server=on,wait=off`, "-qtest-log", "none"],
  ];
  return stage.start("faulty", { stick: stage.image, disks, extra });
}

/** An installation that `strike` hits when the first writes are done. */
async function failWith(
  test: Test,
  machine: Machine,
  name: string,
  reason: RegExp,
  what: string,
  strike: () => Promise<void>,
): Promise<void> {
  await confirmInstallation(machine, `install --to ${name}`, name);
  await machine.waitFor("boot-files", ANSWER_DEADLINE_MS);
  await strike();
  const said = await untilPrompt(machine, INSTALL_DEADLINE_MS);
  const failed = /RAYOS_INSTALLER:INSTALL_FAILED:(\S+)/.exec(said)?.[1] ?? "";
  test.match(failed, reason, `${what}: the installation fails and says at what`);
  test.match(said, `install: failed: ${failed}`, "in words, too");
  test.match(said, DISK_TEXT, "and what that means for the disk");
  test.match(await machine.ask("version", PROMPT, ANSWER_DEADLINE_MS), /RayOS \d/, "the shell goes on");
}

/** The medium leaves its drive: every access fails from now on. */
async function remove(machine: Machine): Promise<void> {
  await (await machine.control()).command("human-monitor-command", { "command-line": "drive_del disk3" });
}

/** Bytes a second that the disk takes; 0: as many as come. */
async function limit(machine: Machine, bytes: number): Promise<void> {
  const none = { bps: 0, bps_rd: 0, iops: 0, iops_rd: 0, iops_wr: 0 };
  await (
    await machine.control()
  ).command("block_set_io_throttle", { device: "disk1", bps_wr: bytes, ...none });
}

/** Switches the slot off, power and indicator, by its port's slot control register: its device is gone from the bus at once. */
async function pull(stage: Stage): Promise<void> {
  const socket = createConnection(join(stage.folder, "qtest"));
  socket.setEncoding("latin1");
  let capability = await readConfiguration(socket, CAPABILITIES_AT);
  for (let seen = 0; (await readConfiguration(socket, capability)) !== PCI_EXPRESS; seen++) {
    if (capability === 0 || seen === 48) throw new Error("the slot's port has no capability of PCI Express");
    capability = await readConfiguration(socket, capability + 1);
  }
  await select(socket, capability + SLOT_CONTROL_AT);
  await ask(socket, `outw ${CONFIGURATION_DATA} ${SLOT_OFF}`);
  socket.destroy();
}

async function readConfiguration(socket: Socket, at: number): Promise<number> {
  await select(socket, at);
  return Number(await ask(socket, `inb ${CONFIGURATION_DATA + (at % 4)}`));
}

/** Names a register of the slot's port to the configuration mechanism. RayOS uses another one, so nobody is disturbed. */
async function select(socket: Socket, at: number): Promise<void> {
  await ask(socket, `outl ${CONFIGURATION_ADDRESS} ${0x8000_0000 + SLOT.device * 0x800 + at - (at % 4)}`);
}

/** QEMU's test protocol: a line, and a line back that begins with OK. */
function ask(socket: Socket, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error(`no answer to ${line}`)), ANSWER_DEADLINE_MS);
    socket.once("data", (text: string) => {
      clearTimeout(deadline);
      if (text.startsWith("OK")) resolve(text.slice(2).trim());
      else reject(new Error(`${line}: ${text}`));
    });
    socket.write(`${line}\n`);
  });
}

/** All disks, well again, and no stick. */
async function bootBesideHalfWritten(test: Test, stage: Stage, files: readonly string[]): Promise<void> {
  const disks = files.map((file, index): DiskDrive => {
    return {
      file,
      bus: NAMES[index]!.startsWith("nvme") ? "nvme" : "ahci",
      format: "raw",
      serial: NAMES[index]!,
    };
  });
  const machine = stage.start("well-again", { disks });
  await machine.waitFor("RAYOS_BOOTMGR:DISCOVERED:1_installations", BOOT_DEADLINE_MS);
  test.pass("the boot manager finds the whole installation, and none of the half-written ones");
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  test.pass("it boots and turns golden");
  await machine.waitFor(PROMPT, ANSWER_DEADLINE_MS);
  await sleep(100);
  const listing = await machine.ask("install --list-disks", PROMPT, ANSWER_DEADLINE_MS);
  const unfinished = listing.match(/an unfinished installation of RayOS/g)?.length;
  test.equal(unfinished, 4, "the four half-written disks are known for what they are");
  test.equal(await powerOff(machine), 0, "poweroff switches the machine off");
}
