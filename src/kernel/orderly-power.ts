/**
 * OrderlyPower: restart and power-off as a user means them: the boot's end recorded and logged, every disk flushed and at rest, then
 * the watchdog at rest too, which does not know how long the firmware takes, and no crash record left in memory; and the machine's own way (`machine/acpi-power.ts`). The
 * crash path goes to that directly.
 */
import type { Power } from "../device/power.ts";
import { BootEnding } from "../format/state-record.ts";
import { Watchdog } from "../service/watchdog.ts";
import { BootKeeper } from "./boot-keeper.ts";
import { Disks } from "./disks.ts";
import { CrashMemory } from "./crash-memory.ts";
import { KernelLog } from "./kernel-log.ts";
import { KernelConsole } from "./kernel-console.ts";

export class OrderlyPower implements Power {
  constructor(
    private readonly machine: Power,
    private readonly keeper: BootKeeper,
    private readonly log: KernelLog,
    private readonly disks: Disks,
    private readonly watchdog: Watchdog,
    private readonly memory: CrashMemory,
    private readonly console: KernelConsole,
  ) {}

  reboot(): void {
    this.keeper.end(BootEnding.reboot);
    this.log.end(BootEnding.reboot);
    this.disks.shutDown();
    this.console.line("RayOS restarts.");
    this.watchdog.disarm();
    this.memory.clear();
    this.machine.reboot();
  }

  powerOff(): void {
    this.keeper.end(BootEnding.powerOff);
    this.log.end(BootEnding.powerOff);
    this.disks.shutDown();
    this.console.line("RayOS is down; the power goes off.");
    this.watchdog.disarm();
    this.memory.clear();
    this.machine.powerOff();
  }
}
