/**
 * A kernel that hangs at its very first instruction: nothing of it runs, so the chipset's timer, which the boot manager armed before the
 * jump, resets the machine. The boot counts as failed, the next one knows why, and after the third failure the last known good starts.
 * With the TCO timer of q35 and an NVMe disk.
 *
 * The kernel is the real one: in memory, at the jump, its first instruction is made one that jumps to itself.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Test, t } from "tap";
import type { Bus, DiskDrive } from "../../tools/qemu/command.ts";
import { Debugger } from "./support/debugger.ts";
import { installDisk, powerOff } from "./support/installed.ts";
import { ANSWER_DEADLINE_MS, BOOT_DEADLINE_MS, PROMPT, Stage } from "./support/stage.ts";

/** In an ELF header: the entry's address. */
const ENTRY_AT = 24;
/** `jmp` to itself. */
const FOR_EVER = Buffer.from([0xeb, 0xfe]);
const TIMEOUT_SECONDS = 30;
const GRACE_SECONDS = 2;
const RESET_DEADLINE_MS = 120_000;

interface Chipset {
  readonly title: string;
  readonly bus: Bus;
  readonly extra: readonly string[];
}

const CHIPSETS: readonly Chipset[] = [
  { title: "Intel TCO", bus: "nvme", extra: ["-global", "ICH9-LPC.noreboot=false"] },
];

for (const chipset of CHIPSETS) {
  void t.test(chipset.title, (test) => hangAtEntry(test, chipset));
}

async function hangAtEntry(test: Test, chipset: Chipset): Promise<void> {
  const stage = new Stage(`handover-hang-${chipset.bus}`);
  test.teardown(() => stage.strike());
  const disk = await installDisk(stage, chipset.bus);
  await becomeGolden(stage, disk);
  await vanish(stage, disk);
  await vanish(stage, disk);

  const entry = readFileSync(stage.paths.of(stage.paths.kernel)).readBigUInt64LE(ENTRY_AT);
  const socket = join(stage.folder, "gdb");
  const machine = stage.start("hangs", {
    disks: [disk],
    extra: [...chipset.extra, ...Debugger.words(socket)],
  });
  await machine.waitFor("Starts in ", BOOT_DEADLINE_MS);
  const control = await machine.control();
  const debug = await Debugger.connect(socket);
  await debug.runTo(entry, BOOT_DEADLINE_MS);
  await debug.write(entry, FOR_EVER);
  await debug.detach();
  const start = Date.now();
  await machine.waitFor("RAYOS_BOOTMGR:BOOT_ATTEMPT:3/3", ANSWER_DEADLINE_MS);
  const reset = await control.waitForEvent("RESET", control.events.length, RESET_DEADLINE_MS);
  const passed = (reset.timeMs - start) / 1000;
  test.ok(
    passed > TIMEOUT_SECONDS - 2 && passed < TIMEOUT_SECONDS + GRACE_SECONDS,
    `the machine is reset after ${passed.toFixed(1)} s`,
  );
  test.notMatch(machine.transcript, "RAYOS_KERNEL_START", "nothing of the kernel ran");

  await machine.waitFor("RAYOS_BOOTMGR:RECOVERY_FALLBACK:three-failures", BOOT_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:FAILURE_COUNT:3", BOOT_DEADLINE_MS);
  test.pass("the boot counts as failed: the next one falls back by itself");
  await machine.waitFor("Reason of the last restart: watchdog (chipset", BOOT_DEADLINE_MS);
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  test.pass("it knows that the chipset did it, and becomes golden");
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  const watchdog = await machine.ask("watchdog status", PROMPT, ANSWER_DEADLINE_MS);
  test.match(watchdog, new RegExp(`chipset +on, ${chipset.title}`), "the kernel took the timer over");
  test.match(watchdog, /last restart: +watchdog \(chipset/, "watchdog status knows the reason");
  const boots = await machine.ask("bootmgr status", PROMPT, ANSWER_DEADLINE_MS);
  test.same(
    [...boots.matchAll(/ended: (\S+)/g)].map((match) => match[1]!),
    ["watchdog-chipset", "power-lost", "power-lost", "power-off"],
    "and so does bootmgr status",
  );
  await powerOff(machine);
}

/** Without a boot that was good there is no last known good to fall back to. */
async function becomeGolden(stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = stage.start("golden", { disks: [disk] });
  await machine.waitFor("RAYOS_BOOT_MARKER:GOLDEN", BOOT_DEADLINE_MS);
  await machine.waitFor(PROMPT, BOOT_DEADLINE_MS);
  await powerOff(machine);
}

/** A boot that loses its power at the kernel's first marker. */
async function vanish(stage: Stage, disk: DiskDrive): Promise<void> {
  const machine = stage.start("vanishes", { disks: [disk] });
  await machine.waitFor("RAYOS_KERNEL_START", BOOT_DEADLINE_MS);
  await machine.stop();
}
