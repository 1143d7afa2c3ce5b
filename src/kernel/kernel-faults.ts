/** KernelFaults: the ways in which the kernel fails on purpose, for the tests of crash record and watchdog. */
import type { TestFaults } from "../device/test-faults.ts";
import { disableInterrupts, pauseProcessor } from "../machine/intrinsics.ts";
import { panic } from "./crash.ts";

export class KernelFaults implements TestFaults {
  panic(): void {
    panic("asked for by the shell's command panic");
  }

  hang(interruptsOff: boolean): void {
    if (interruptsOff) disableInterrupts();
    while (true) pauseProcessor();
  }
}
