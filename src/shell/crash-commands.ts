/** The part of the log group that is about crashes: which there were, and all that is known of one. */
import { CrashCaller } from "../service/crash-artifacts.ts";
import { Command } from "./command.ts";
import { writeDateTime } from "./date-text.ts";
import { Session } from "./session.ts";

const ID_COLUMN = 6;
const KIND_COLUMN = 22;
const CAUSE_COLUMN = 43;
const REGISTERS = 20;
const REGISTERS_PER_LINE = 4;
const NANOSECONDS_PER_MS: u64 = 1_000_000n;

export const LOG_CRASHES = new Command(
  "log crashes",
  "list the crashes that were kept",
  "log crashes\nLists the crashes that this installation has kept, the newest first: id, kind, time, cause.",
  "",
  runCrashes,
);
export const LOG_CRASH = new Command(
  "log crash",
  "show everything about a crash",
  "log crash <id>\nShows a crash: cause, boot, version, registers, callers with function and line, and the last lines of the log before it.",
  "",
  runCrash,
);

class Scratch {
  readonly caller = new CrashCaller();
}

const scratch = new Scratch();

function runCrashes(session: Session): void {
  if (!session.expectsNothing() || !isThere(session)) return;
  const out = session.out;
  const crashes = session.crashes;
  if (crashes.count() === 0) out.text("No crash was kept.\n");
  for (let age: u32 = 0; age < crashes.count(); age++) {
    const id = crashes.idAt(age);
    const read = crashes.read(id);
    out.text(`${id}`);
    out.tab(ID_COLUMN);
    if (!read.ok || !read.value) {
      out.text("damaged, or of a newer version\n");
      continue;
    }
    out.text(crashes.kindName());
    out.tab(KIND_COLUMN);
    writeDateTime(out, crashes.unixSeconds());
    out.tab(CAUSE_COLUMN);
    out.foreign(crashes.cause());
    out.text("\n");
  }
}

function runCrash(session: Session): void {
  const id = session.arguments.number(0);
  if (session.arguments.count() !== 1 || id < 0) {
    session.misuse("wants the id that log crashes shows");
    return;
  }
  if (!isThere(session)) return;
  const read = session.crashes.read(u32(id));
  if (!read.ok) session.complain("the disk did not read");
  else if (!read.value) session.complain("there is no such crash; log crashes lists them");
  else writeCrash(session);
}

function isThere(session: Session): boolean {
  if (session.crashes.isOpen()) return true;
  session.complain("there is no log partition to keep crashes in");
  return false;
}

function writeCrash(session: Session): void {
  const out = session.out;
  const crashes = session.crashes;
  out.text("kind      ");
  out.text(crashes.kindName());
  out.text("\ncause     ");
  out.foreign(crashes.cause());
  out.text("\nwhen      ");
  writeDateTime(out, crashes.unixSeconds());
  out.text(` UTC, ${crashes.monotonicNs() / NANOSECONDS_PER_MS} ms after the start\nboot      `);
  const bootId = crashes.bootId();
  for (let i: u32 = 0; i < bootId.length; i++) out.hex(BigInt(bootId.u8(i)), 2);
  out.text(`, release ${crashes.manifestId()}\nkernel    `);
  out.foreign(crashes.versionText());
  out.text(" build ");
  out.hex(BigInt(crashes.buildId()), 8);
  out.text("\n");
  if (crashes.hasRegisters()) writeRegisters(session);
  writeControl(session);
  writeCallers(session);
  writeLog(session);
}

function writeRegisters(session: Session): void {
  const out = session.out;
  for (let i: u32 = 0; i < REGISTERS; i++) {
    out.text(" ");
    out.text(session.crashes.registerName(i));
    out.text(" ");
    out.hex(session.crashes.register(i), 16);
    if (i % REGISTERS_PER_LINE === REGISTERS_PER_LINE - 1) out.text("\n");
  }
  out.text(" error code ");
  out.hex(session.crashes.errorCode(), 8);
  out.text("\n");
}

function writeControl(session: Session): void {
  const out = session.out;
  const crashes = session.crashes;
  out.text(" CR0 ");
  out.hex(crashes.cr0(), 16);
  out.text(" CR2 ");
  out.hex(crashes.cr2(), 16);
  out.text(" CR3 ");
  out.hex(crashes.cr3(), 16);
  out.text(" CR4 ");
  out.hex(crashes.cr4(), 16);
  out.text("\n");
}

/** `ffffffff80101234  kernel_kernel_faults__KernelFaults_hang+0012 (src/kernel/kernel-faults.ts:12)` */
function writeCallers(session: Session): void {
  const out = session.out;
  const caller = scratch.caller;
  out.text("Called from:\n");
  for (let i: u32 = 0; i < session.crashes.callerCount(); i++) {
    session.crashes.describeCaller(i, caller);
    out.text("  ");
    out.hex(caller.address, 16);
    out.text("  ");
    if (caller.functionName.length === 0) out.text("?");
    out.foreign(caller.functionName);
    out.text("+");
    out.hex(BigInt(caller.offset), 4);
    if (caller.line > 0) {
      out.text(" (");
      out.foreign(caller.fileName);
      out.text(`:${caller.line})`);
    }
    out.text("\n");
  }
}

function writeLog(session: Session): void {
  const out = session.out;
  const lines = session.crashes.logLines();
  if (lines.length === 0) {
    out.text("The log's last lines were not kept.\n");
    return;
  }
  out.text("The log before it:\n");
  out.bytes(lines);
  out.endLine();
}
