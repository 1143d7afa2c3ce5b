/**
 * Crash: the kernel's last words, what is kept of them, and the end.
 *
 * An exception of the processor (by `interrupts.ts`), a failed check of the language (by `runtime-c/kernel/trap.c`), a panic and
 * the watchdog all end here: banner, what happened and where in the source, the registers, the control registers, and the
 * callers, each as function and line. The same goes into the crash artifact, which `crash-keeper.ts` puts on the disk.
 * Then the machine restarts.
 *
 * It runs in any state of the kernel: it allocates nothing, trusts no stack (`readStackFrame`), and has buffers of its own.
 * A crash within the crash says one line on the serial port and ends at once. Interrupts are off.
 */
import { MARKER_BYTES, watchdogRebootRecovery, watchdogTimeout } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import type { Clock } from "../device/clock.ts";
import type { Power } from "../device/power.ts";
import { CrashKind } from "../format/crash-artifact.ts";
import { isCode, readStackFrame, returnAddressBesideFrame, StackFrame } from "../machine/image.ts";
import { INTERRUPT_FRAME } from "../machine/interrupts.ts";
import { disableInterrupts, framePointer, haltForever, pauseProcessor } from "../machine/intrinsics.ts";
import { COM1, SerialPort } from "../machine/serial.ts";
import { hangReason, WatchdogStage } from "../policy/watchdog-policy.ts";
import { LogRing } from "../service/log-ring.ts";
import { Watchdog } from "../service/watchdog.ts";
import { CrashKeeper } from "./crash-keeper.ts";
import { CrashMemory } from "./crash-memory.ts";
import { CrashRecord } from "./crash-record.ts";
import { CrashText } from "./crash-text.ts";
import { KernelConsole } from "./kernel-console.ts";

const BANNER: string = "\n======== RayOS stopped ========\n";
const BACKTRACE_LIMIT = 32;
/** What nobody has kept has to be read from the screen. */
const PAUSE_SECONDS = 10;
const PAUSE_SECONDS_KEPT = 3;
const SECOND_NS: u64 = 1_000_000_000n;
const MILLISECOND_NS: u64 = 1_000_000n;
/** Ends the pause on a machine whose clock stands still. */
const PAUSE_LOOKS = 200_000_000;

class CrashState {
  console: KernelConsole | null = null;
  clock: Clock | null = null;
  power: Power | null = null;
  keeper: CrashKeeper | null = null;
  watchdog: Watchdog | null = null;
  log: LogRing | null = null;
  /** How often the path was entered: the second time something within it failed. */
  depth: u32 = 0;
  readonly serial = new SerialPort();
  readonly text = new CrashText();
  readonly record = new CrashRecord();
  readonly frame = new StackFrame();
  readonly line = new Uint8Array(MARKER_BYTES);
}

const crash = new CrashState();

/** Says where the dump goes beside the serial port, and by what the machine restarts. What is not said yet is done without. */
export function prepareCrash(console: KernelConsole, clock: Clock, power: Power): void {
  crash.console = console;
  crash.clock = clock;
  crash.power = power;
}

/** Says who keeps what, who watches meanwhile, where the log's last entries are, and, by the handoff, which boot this is. */
export function keepCrashes(keeper: CrashKeeper, watchdog: Watchdog, log: LogRing, handoff: Bytes): void {
  crash.keeper = keeper;
  crash.watchdog = watchdog;
  crash.log = log;
  crash.record.prepare(handoff);
}

/** From here on memory holds what would be known of this boot if it vanished. */
export function watchOverBoot(memory: CrashMemory): void {
  crash.record.begin(CrashKind.reset, crash.clock);
  memory.put(crash.record.record());
}

/** An exception of the processor, by the frame that its entry pushed. Does not return. */
export function crashByException(frame: Bytes): void {
  begin(CrashKind.exception);
  crash.text.exception(frame);
  sayCause();
  describe(frame);
  end();
}

/**
 * A failed check of the language, with the caller's frame pointer. Called by `ray_trap`; does not return. `kind` is range, index, null,
 * assert, unreachable or divide.
 */
export function crashByTrap(kind: string, message: string, file: string, line: u32, frame: u64): void {
  begin(CrashKind.check);
  crash.text.trap(kind, message, file, line);
  sayCause();
  crash.text.controlRegisters();
  flush();
  backtrace(frame);
  end();
}

/** The kernel cannot go on, for a reason that it can name. Does not return. */
export function panic(reason: string): void {
  begin(CrashKind.panic);
  crash.text.reason(reason);
  sayCause();
  crash.text.controlRegisters();
  flush();
  backtrace(framePointer());
  end();
}

/** The watchdog found the main loop stopped; `frame` is what its interrupt interrupted. Does not return. */
export function crashByWatchdog(
  frame: Bytes,
  stage: WatchdogStage,
  seconds: u32,
  recoveryFollows: boolean,
): void {
  const silentMs = silenceMs();
  begin(stage === WatchdogStage.soft ? CrashKind.watchdogSoft : CrashKind.watchdogHard);
  const begun = now();
  const marker = new TextWriter(bytesOf(crash.line));
  watchdogTimeout(marker, utf8(hangReason(stage)));
  say(marker);
  crash.text.hang(hangReason(stage), seconds);
  sayCause();
  describe(frame);
  keep(recoveryFollows);
  marker.clear();
  watchdogRebootRecovery(marker);
  say(marker);
  crash.text.restart(u64(silentMs + u64(now() - begun) / MILLISECOND_NS));
  flush();
  restart();
}

/** How long the main loop has been silent, in milliseconds. */
function silenceMs(): u64 {
  const watchdog = crash.watchdog;
  return watchdog === null ? 0n : watchdog.silenceMs();
}

function now(): u64 {
  const clock = crash.clock;
  return clock === null ? 0n : clock.monotonicNs();
}

function begin(kind: CrashKind): void {
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
  const watchdog = crash.watchdog;
  if (watchdog !== null) watchdog.yieldToCrash();
  const console = crash.console;
  if (console !== null) console.dropTap();
  crash.record.begin(kind, crash.clock);
  crash.text.clear();
  crash.text.plain(BANNER);
  flush();
}

/** The line at hand is what happened. */
function sayCause(): void {
  crash.record.cause(crash.text.written());
  flush();
}

/** Registers and callers of what was interrupted. */
function describe(frame: Bytes): void {
  crash.record.registers(frame);
  crash.text.registers(frame);
  crash.text.controlRegisters();
  flush();
  crash.text.plain("Called from:\n");
  const rip = INTERRUPT_FRAME.rip.get(frame);
  if (isCode(rip)) tellCaller(rip, rip);
  const beside = returnAddressBesideFrame(rip, INTERRUPT_FRAME.rsp.get(frame));
  if (beside !== 0n) tellCaller(beside, u64(beside - 1n));
  walkStack(INTERRUPT_FRAME.rbp.get(frame));
}

function backtrace(from: u64): void {
  crash.text.plain("Called from:\n");
  walkStack(from);
}

/** Each caller as function and line. A return address is that behind the call, so its line is sought a byte before. */
function walkStack(from: u64): void {
  let pointer: u64 = from;
  for (let depth: u32 = 0; depth < BACKTRACE_LIMIT; depth++) {
    if (!readStackFrame(pointer, crash.frame)) break;
    const address = crash.frame.returnAddress;
    tellCaller(address, u64(address - 1n));
    if (crash.frame.framePointer <= pointer) break;
    pointer = crash.frame.framePointer;
  }
  flush();
}

function tellCaller(address: u64, lookFor: u64): void {
  crash.record.caller(address, lookFor);
  crash.text.caller(address, lookFor);
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

/** A marker, on a line of its own. */
function say(marker: TextWriter): void {
  const console = crash.console;
  if (console !== null) console.emit(marker.written());
}

/** Puts on the disk what was gathered; whether it is there. */
function keep(recoveryFollows: boolean): boolean {
  const log = crash.log;
  if (log !== null) crash.record.lastEntries(log);
  const keeper = crash.keeper;
  return keeper !== null && keeper.keep(crash.record.record(), recoveryFollows);
}

function end(): void {
  const isKept = keep(false);
  const power = crash.power;
  if (power === null) {
    crash.text.plain("The machine is halted.\n");
    flush();
    haltForever();
    return;
  }
  crash.text.plain(
    isKept ? "The machine restarts in three seconds.\n" : "The machine restarts in ten seconds.\n",
  );
  flush();
  pause(isKept ? PAUSE_SECONDS_KEPT : PAUSE_SECONDS);
  restart();
}

/** Time to read the dump. The watchdog knows of it. */
function pause(seconds: u32): void {
  const clock = crash.clock;
  if (clock === null) return;
  const until = clock.monotonicNs() + BigInt(seconds) * SECOND_NS;
  for (let look: u32 = 0; look < PAUSE_LOOKS; look++) {
    if (clock.monotonicNs() >= until) return;
    const watchdog = crash.watchdog;
    if (watchdog !== null) watchdog.yieldToCrash();
    pauseProcessor();
  }
}

/** The chipset's timer ends with this boot: it does not know how long firmware and menu take. */
function restart(): void {
  const watchdog = crash.watchdog;
  if (watchdog !== null) watchdog.disarm();
  const power = crash.power;
  if (power !== null) power.reboot();
  haltForever();
}
