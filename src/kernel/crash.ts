/**
 * Crash: the kernel's last words, and the end.
 *
 * An exception of the processor (by `interrupts.ts`) and a failed check of the language (by `runtime-c/kernel/trap.c`) both
 * end here: banner, what happened and where in the source, the registers, the control registers, and the callers, each as
 * function and line. Then the machine restarts.
 *
 * It runs in any state of the kernel: it allocates nothing, trusts no stack (`readStackFrame`), and has buffers of its own.
 * A crash within the crash says one line on the serial port and ends at once. Interrupts are off.
 */
import type { Clock } from "../device/clock.ts";
import type { Console } from "../device/console.ts";
import type { Power } from "../device/power.ts";
import { CrashText } from "./crash-text.ts";
import { isCode, readStackFrame, StackFrame } from "../machine/image.ts";
import { INTERRUPT_FRAME } from "../machine/interrupts.ts";
import { disableInterrupts, framePointer, haltForever, pauseProcessor } from "../machine/intrinsics.ts";
import { COM1, SerialPort } from "../machine/serial.ts";

const BANNER: string = "\n======== RayOS stopped ========\n";
const BACKTRACE_LIMIT = 32;
const PAUSE_SECONDS = 10;
const SECOND_NS: u64 = 1_000_000_000n;
/** Ends the pause on a machine whose clock stands still. */
const PAUSE_LOOKS = 200_000_000;

class CrashState {
  console: Console | null = null;
  clock: Clock | null = null;
  power: Power | null = null;
  /** How often the path was entered: the second time something within it failed. */
  depth: u32 = 0;
  readonly serial = new SerialPort();
  readonly text = new CrashText();
  readonly frame = new StackFrame();
}

const crash = new CrashState();

/** Says where the dump goes beside the serial port, and by what the machine restarts. What is not said yet is done without. */
export function prepareCrash(console: Console, clock: Clock, power: Power): void {
  crash.console = console;
  crash.clock = clock;
  crash.power = power;
}

/** An exception of the processor, by the frame that its entry pushed. Does not return. */
export function crashByException(frame: Bytes): void {
  begin();
  crash.text.exception(frame);
  flush();
  crash.text.registers(frame);
  crash.text.controlRegisters();
  flush();
  const rip = INTERRUPT_FRAME.rip.get(frame);
  if (isCode(rip)) crash.text.caller(rip, rip);
  backtrace(INTERRUPT_FRAME.rbp.get(frame));
  end();
}

/**
 * A failed check of the language, with the caller's frame pointer. Called by `ray_trap`; does not return. `kind` is range, index, null,
 * assert, unreachable or divide.
 */
export function crashByTrap(kind: string, message: string, file: string, line: u32, frame: u64): void {
  begin();
  crash.text.trap(kind, message, file, line);
  crash.text.controlRegisters();
  flush();
  backtrace(frame);
  end();
}

/** The kernel cannot go on, for a reason that it can name. Does not return. */
export function panic(reason: string): void {
  begin();
  crash.text.reason(reason);
  flush();
  backtrace(framePointer());
  end();
}

function begin(): void {
  disableInterrupts();
  crash.depth++;
  if (crash.depth > 1) {
    if (crash.depth === 2) {
      crash.serial.open(COM1);
      crash.serial.write(utf8("\nRayOS: a crash within the crash dump\n"));
      restart();
    }
    haltForever();
  }
  crash.text.clear();
  crash.text.plain(BANNER);
  flush();
}

/** Each caller as function and line. A return address is that behind the call, so its line is sought a byte before. */
function backtrace(from: u64): void {
  crash.text.plain("Called from:\n");
  let pointer: u64 = from;
  for (let depth: u32 = 0; depth < BACKTRACE_LIMIT; depth++) {
    if (!readStackFrame(pointer, crash.frame)) break;
    const address = crash.frame.returnAddress;
    crash.text.caller(address, u64(address - 1n));
    flush();
    if (crash.frame.framePointer <= pointer) break;
    pointer = crash.frame.framePointer;
  }
  flush();
}

/** Writes what was gathered: to the console once there is one, else to the serial port. */
function flush(): void {
  const written = crash.text.written();
  const console = crash.console;
  if (console !== null) console.write(written);
  else {
    crash.serial.open(COM1);
    crash.serial.write(written);
  }
  crash.text.clear();
}

function end(): void {
  const power = crash.power;
  if (power === null) {
    crash.text.plain("The machine is halted.\n");
    flush();
    haltForever();
    return;
  }
  crash.text.plain("The machine restarts in ten seconds.\n");
  flush();
  pause();
  restart();
}

/** Time to read the dump. */
function pause(): void {
  const clock = crash.clock;
  if (clock === null) return;
  const until = clock.monotonicNs() + BigInt(PAUSE_SECONDS) * SECOND_NS;
  for (let look: u32 = 0; look < PAUSE_LOOKS; look++) {
    if (clock.monotonicNs() >= until) return;
    pauseProcessor();
  }
}

function restart(): void {
  const power = crash.power;
  if (power !== null) power.reboot();
  haltForever();
}
