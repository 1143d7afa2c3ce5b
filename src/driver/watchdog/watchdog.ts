/**
 * The chipset's watchdog timer, whichever this machine has. An extra device is preferred: somebody put it there.
 *
 * Called by the kernel's main once the bus is scanned. A machine without one is no fault; `watchdog status` says so.
 */
import type { WatchdogTimer } from "../../device/watchdog-timer.ts";
import { Mmio } from "../../machine/mmio.ts";
import { pciAt, pciCount } from "../../machine/pci.ts";
import { I6300Esb } from "./i6300esb.ts";
import { TcoTimer } from "./tco.ts";

class WatchdogTimers {
  readonly extra = new I6300Esb();
  readonly tco = new TcoTimer();
  readonly tcoRegisters = new Mmio();
}

const timers = new WatchdogTimers();

/** The timer, or none. */
export function findWatchdogTimer(): WatchdogTimer | null {
  for (let i: u32 = 0; i < pciCount(); i++) {
    if (!timers.extra.start(pciAt(i))) continue;
    pciAt(i).driver = "i6300esb";
    return timers.extra;
  }
  for (let i: u32 = 0; i < pciCount(); i++) {
    if (!timers.tco.start(pciAt(i), timers.tcoRegisters)) continue;
    pciAt(i).driver = "tco";
    return timers.tco;
  }
  return null;
}
