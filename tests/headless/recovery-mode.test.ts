/**
 * Recovery mode: entered by itself when nothing known good is left, and by the menu. Nothing optional runs, the boot counts neither way, the
 * watchdog waits longer, and logs, crashes and snapshots are read and restored: by screen and keyboard once, by the serial line once.
 */
import { type Test, t } from "tap";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import { makeDisk } from "../../tools/qemu/disk-file.ts";
import type { Machine } from "../../tools/qemu/machine.ts";
import { readScreen, typeKeys, waitForScreen } from "./support/screen.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";
import { confirmRestore, install, powerOff } from "./support/steps.ts";

const DISK_BYTES = 1024 ** 3 + 1024 ** 2;
const RECOVERY_PROMPT = "rayos recovery> ";

void t.test("by itself, by screen and keyboard, on nvme", enterByItself);
void t.test("by the menu, by the serial line, on ahci", enterByMenu);

/** A release that never became golden fails three times: there is nothing to fall back to, but it is whole. */
async function enterByItself(test: Test): Promise<void> {
  const stage = new Stage("recovery-mode-nvme");
  test.teardown(() => stage.strike());
  const disk = await installed(stage, "nvme", "nvme0");
  for (let number = 1; number <= 3; number++) {
    const vanishing = stage.start(`vanishing-${number}`, { disks: [disk] });
    await vanishing.waitFor("RAYOS_KERNEL_START", BOOT_DEADLINE_MS);
    await vanishing.stop();
  }
  const machine = stage.start("recovery", { disks: [disk] });
  await machine.waitFor(RECOVERY_PROMPT, BOOT_DEADLINE_MS);
  checkEntered(test, machine, "RAYOS_BOOT_SELECT:release-1:three-failures");
  const look = (wanted: RegExp) => waitForScreen(machine, stage.folder, wanted, ANSWER_DEADLINE_MS);
  await look(/rayos recovery>$/);
  const rows = await readScreen(machine, stage.folder);
  test.ok(
    rows.some((row) => row.startsWith("RECOVERY MODE. Nothing optional runs")),
    "the screen says so too",
  );
  test.equal(
    rows.filter((row) => row !== "").at(-1),
    RECOVERY_PROMPT.trimEnd(),
    "and waits behind its own prompt",
  );

  await typeKeys(machine, "log show 400\r");
  await look(/RAYOS_RECOVERY_ENTERED/);
  test.pass("the log is read on the screen");
  await typeKeys(machine, "log crashes\r");
  await look(/rayos recovery> log crashes\n.+\n[^]*rayos recovery>$/);
  test.pass("and what crashed");
  await typeKeys(machine, "recovery snapshot kept\r");
  await look(/Snapshot 2 is kept\./);
  await typeKeys(machine, "recovery restore 2\r");
  await look(/Type the id:$/);
  await typeKeys(machine, "2\r");
  const [, word] = await look(/this word, once: ([a-z]{6})\nType the word:$/);
  await typeKeys(machine, `${word!}\r`);
  await look(/Restored: 2 is started by the next boot/);
  test.pass("a snapshot is made and restored with the keyboard, its word read from the screen");

  await typeKeys(machine, "reboot\r");
  await machine.waitFor("RAYOS_BOOT_SELECT:snapshot-2:default", BOOT_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOTMGR:BOOT_ATTEMPT:1/3", ANSWER_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const said = machine.transcript.slice(machine.transcript.lastIndexOf("RAYOS_BOOTLOADER_START"));
  test.notMatch(
    said,
    "RAYOS_RECOVERY_ENTERED",
    "what was restored has tries of its own, boots as usual and becomes golden",
  );
  await powerOff(machine);
}

/** A machine that crashed once, and whose owner chooses recovery mode in the menu. */
async function enterByMenu(test: Test): Promise<void> {
  const stage = new Stage("recovery-mode-ahci");
  test.teardown(() => stage.strike());
  const disk = await installed(stage, "ahci", "sata0");
  const machine = stage.start("crash", { disks: [disk] });
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await machine.ask("recovery snapshot before", PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask("watchdog policy soft none", PROMPT, ANSWER_DEADLINE_MS);
  await machine.ask("panic", "Type panic to go on: ", ANSWER_DEADLINE_MS);
  machine.type("panic\r");
  const [, crash] = await machine.waitFor(/It can be read later with: log crash (\d+)/, BOOT_DEADLINE_MS);
  const [, digit] = await machine.waitFor(/(\d)  Recovery mode, without anything optional/, BOOT_DEADLINE_MS);
  machine.type(digit!);
  await machine.waitFor(RECOVERY_PROMPT, BOOT_DEADLINE_MS);
  checkEntered(test, machine, "RAYOS_BOOT_SELECT:release-3:menu");
  test.match(
    await machine.ask("watchdog policy", RECOVERY_PROMPT, ANSWER_DEADLINE_MS),
    /soft +reboot/,
    "it goes by the defaults, not by the configuration",
  );
  const crashes = await machine.ask("log crashes", RECOVERY_PROMPT, ANSWER_DEADLINE_MS);
  test.match(crashes, "panic", "the crash is listed");
  test.match(
    await machine.ask(`log crash ${crash!}`, RECOVERY_PROMPT, ANSWER_DEADLINE_MS),
    /\.ts:\d+/,
    "and shown with its lines",
  );
  test.match(
    await machine.ask("log show 200", RECOVERY_PROMPT, ANSWER_DEADLINE_MS),
    "RAYOS_BOOT_MARKER:GOLDEN",
    "the log of the boot before is read",
  );
  const status = await machine.ask("bootmgr status", RECOVERY_PROMPT, ANSWER_DEADLINE_MS);
  test.match(
    status,
    "release 3 in recovery mode, try 1/1, menu: ShellReady, running",
    "bootmgr status knows how this boot was started",
  );
  const said = await confirmRestore(machine, "recovery restore 2", "2", RECOVERY_PROMPT);
  test.match(said, "RAYOS_ROLLBACK:3:2:restore", "the snapshot is restored");
  machine.type("reboot\r");
  await machine.waitFor("RAYOS_BOOT_SELECT:snapshot-2:default", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  test.pass("and boots as usual");
  await powerOff(machine);
}

/** What holds in recovery mode, whoever asked for it. */
function checkEntered(test: Test, machine: Machine, selection: string): void {
  const said = machine.transcript.slice(machine.transcript.lastIndexOf("RAYOS_BOOTLOADER_START"));
  test.match(said, selection, "what is started, and why");
  test.match(said, "RAYOS_RECOVERY_ENTERED", "recovery mode has its marker");
  test.match(said, "The watchdog waits 1200 s here", "the watchdog waits longer, and says so");
  test.match(said, "RAYOS_WATCHDOG:ARMED:1200", "from its beginning");
  test.match(said, "RAYOS_BOOT_MARKER:SHELL_READY", "the shell is ready");
  test.notMatch(said, "RAYOS_BOOT_MARKER:GOLDEN", "but the boot does not become golden");
}

async function installed(stage: Stage, bus: Bus, name: string): Promise<DiskDrive> {
  const disk: DiskDrive = { file: stage.disk("target.img"), bus, format: "raw", serial: "RAYOSTARGET" };
  makeDisk(disk.file, DISK_BYTES);
  const stick = stage.start("stick", { stick: stage.image, disks: [disk] });
  await stick.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await install(stick, name);
  await powerOff(stick);
  return disk;
}
