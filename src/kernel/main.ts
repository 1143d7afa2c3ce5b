/**
 * The kernel's main: everything that happens between the jump and the prompt, as a list.
 *
 * Entered by `runtime-c/kernel/entry.asm` on the kernel's own stack, interrupts off, with the boot manager's page tables
 * (docs/PROTOCOL.md). The only file that knows everybody; what a step does stands in a file of its own.
 */
import { kernelStart, MARKER_BYTES } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { Screen } from "../driver/framebuffer/screen.ts";
import { allowSleep } from "../driver/wait.ts";
import { HANDOFF, MemoryKind } from "../format/handoff.ts";
import { AcpiPower } from "../machine/acpi-power.ts";
import { loadProcessorTables, protectProcessor } from "../machine/cpu.ts";
import { loadInterruptTable } from "../machine/interrupts.ts";
import { activatePaging, beginPaging, mapImage } from "../machine/paging.ts";
import { COM1, SerialPort } from "../machine/serial.ts";
import { MachineClock } from "../machine/time.ts";
import { AcpiTables } from "./acpi-tables.ts";
import { BootHandoff } from "./boot-handoff.ts";
import { crashByException, prepareCrash } from "./crash.ts";
import { EventLoop } from "./event-loop.ts";
import { KernelConsole } from "./kernel-console.ts";
import { findPciFunctions, prepareInterrupts, preparePower, startClock, startTicking, wakeOnSerial } from "./platform.ts";

const console = new KernelConsole();
const serial = new SerialPort();
const screen = new Screen();
const handoff = new BootHandoff();
const acpi = new AcpiTables();
const power = new AcpiPower();
const clock = new MachineClock();
const loop = new EventLoop();
const markerLine = new Uint8Array(MARKER_BYTES);

export function main(): void {
  openSerial(); // what comes next can say what is wrong
  handoff.take(console); // the boot manager's record, checked and copied
  loadProcessorTables(); // own segments, own stacks for exceptions
  loadInterruptTable(crashByException); // a fault ends in a dump, not in a reset
  takeMemory(); // own page tables: nothing both writable and executable
  protectProcessor(); // WP, SMEP, SMAP, UMIP
  openScreen(); // the same text as on the serial line
  acpi.read(HANDOFF.acpiRoot.get(handoff.record()), console); // what the firmware says about the machine
  preparePower(power, acpi); // how it restarts and how it ends
  prepareInterrupts(acpi); // the local APIC on, everything else masked
  startClock(clock, acpi); // time runs
  prepareCrash(console, clock, power); // from here a crash is seen everywhere, and restarts
  startTicking(clock); // interrupts on: a hundred ticks a second
  allowSleep(); // drivers may halt while they wait
  wakeOnSerial(serial); // a typed byte ends a sleep
  findPciFunctions(acpi); // what is on the bus
  loop.run();
}

function openSerial(): void {
  serial.open(COM1);
  console.add(serial);
  const out = new TextWriter(bytesOf(markerLine));
  kernelStart(out);
  console.emit(out.written());
}

function takeMemory(): void {
  handoff.releaseMemory(MemoryKind.usable);
  beginPaging(HANDOFF.kernelBase.get(handoff.record()));
  handoff.mapMemory();
  mapImage();
  activatePaging();
  handoff.releaseMemory(MemoryKind.reclaimable);
  handoff.releaseMemory(MemoryKind.pageTables);
}

function openScreen(): void {
  const record = handoff.record();
  const started = screen.start(
    HANDOFF.frameBufferAddress.get(record),
    HANDOFF.frameBufferBytes.get(record),
    HANDOFF.frameBufferWidth.get(record),
    HANDOFF.frameBufferHeight.get(record),
    HANDOFF.frameBufferStride.get(record),
  );
  if (started) console.add(screen);
}
