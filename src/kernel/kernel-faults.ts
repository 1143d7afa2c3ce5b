/** KernelFaults: the ways in which the kernel fails on purpose, for the tests of crash record and watchdog. */
import type { TestFaults } from "../device/test-faults.ts";
import { interruptSelf } from "../machine/apic.ts";
import { claimVectorFor, InterruptRecorder } from "../machine/interrupts.ts";
import { breakpoint, disableInterrupts, loadIdt, pauseProcessor } from "../machine/intrinsics.ts";
import { panic } from "./crash.ts";

/** A device that raises its interrupt again as soon as it was taken. */
class Storm implements InterruptRecorder {
  vector: u8 = 0;

  recordInterrupt(): void {
    interruptSelf(this.vector);
  }
}

export class KernelFaults implements TestFaults {
  private readonly interrupts = new Storm();

  panic(): void {
    panic("asked for by the shell's command panic");
  }

  hang(interruptsOff: boolean): void {
    if (interruptsOff) disableInterrupts();
    while (true) pauseProcessor();
  }

  storm(): void {
    this.interrupts.vector = claimVectorFor(this.interrupts);
    interruptSelf(this.interrupts.vector);
  }

  tripleFault(): void {
    disableInterrupts();
    loadIdt(0n, 0);
    breakpoint();
  }
}
