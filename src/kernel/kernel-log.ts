/**
 * KernelLog: everything that the kernel says also goes to the persistent log, and what the log has to say is said.
 *
 *     begin (the boot manager's text, then memory) → attach (the boot disk's log partition) → step … → end
 *
 * Invariants: with the log on a disk, a marker is durable before it is said, so that whoever saw it finds it after a power cut; lines that are
 * no markers are durable at the next turn of the event loop. The log never keeps the system from running: what is wrong with its
 * partition or disk is one line on the console, and entries stay in memory.
 */
import { kernelStart, logInit, logRotated, logWritten, MARKER_BYTES } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { ioErrorName } from "../device/block-device.ts";
import { HANDOFF } from "../format/handoff.ts";
import { LogLevel } from "../format/log-entry.ts";
import { BootEnding, bootEndingName } from "../format/state-record.ts";
import { bytesAt } from "../machine/intrinsics.ts";
import { MachineClock } from "../machine/time.ts";
import { DiskRegistry } from "../service/disk-registry.ts";
import { LogPartition } from "../service/log-partition.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { BootHandoff } from "./boot-handoff.ts";
import { Task } from "./event-loop.ts";
import { ConsoleTap, KernelConsole } from "./kernel-console.ts";

const DETAILS_BYTES = 448;
const COMPONENT_BYTES = 24;
/** A message is cut off here, so that the quote behind it fits. */
const MESSAGE_BYTES = 300;
/** Of the boot manager's text: more lines than it ever writes. */
const EARLY_LINES = 128;
const MARKER_PREFIX: string = "RAYOS_";
const NEWLINE = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const UNDERSCORE = 0x5f;

export class KernelLog implements ConsoleTap, Task {
  private readonly line = new Uint8Array(MARKER_BYTES);
  private readonly details = new Uint8Array(DETAILS_BYTES);
  private readonly component = new Uint8Array(COMPONENT_BYTES);
  private wasDurable: boolean = false;

  constructor(
    private readonly log: PersistentLog,
    private readonly partition: LogPartition,
    private readonly disks: DiskRegistry,
    private readonly handoff: BootHandoff,
    private readonly clock: MachineClock,
    private readonly console: KernelConsole,
  ) {}

  /** Begins in memory: what the boot manager said, then everything that the console says. */
  begin(): void {
    const record = this.handoff.record();
    const marker = new TextWriter(bytesOf(this.line));
    this.log.create(this.clock, HANDOFF.bootId.of(record));
    // That marker came before there was a log.
    kernelStart(marker);
    const address = HANDOFF.logAddress.get(record);
    const length = HANDOFF.logBytes.get(record);
    if (address !== 0n && length !== 0) this.takeBootManagerText(bytesAt(address, length));
    this.log.append(LogLevel.info, utf8("kernel"), marker.written(), utf8(""));
    this.console.useTap(this);
  }

  /** The boot disk is `disk` of the registry, or unknown (-1): from here on entries are durable. RAYOS_LOG:INIT. */
  attach(disk: i32): void {
    if (disk < 0) {
      this.console.line("log: the boot medium is none of this kernel's disks; entries stay in memory");
      return;
    }
    const problem = this.partition.open(u32(disk));
    if (utf8(problem).length > 0) this.console.lineOf("log: entries stay in memory: ", problem);
    this.step();
  }

  /** A marker is about to be said. */
  takeMarker(line: Bytes): void {
    if (!beginsWith(line, MARKER_PREFIX)) {
      this.takeLine(line);
      return;
    }
    const written = this.log.write(LogLevel.info, this.componentOf(line), line, utf8(""));
    // Without a disk it waits in memory; a disk that fails is reported by the next turn.
    if (!written.ok) return;
  }

  /** A line that is no marker was said: `boot records: …` is a complaint of the component boot_records. */
  takeLine(line: Bytes): void {
    let end: u32 = 0;
    let spaces: u32 = 0;
    while (end < line.length && end < COMPONENT_BYTES && line.u8(end) !== COLON) {
      const character = line.u8(end);
      if (character === SPACE) spaces++;
      this.component[end] = character === SPACE ? UNDERSCORE : lowerCase(character);
      end++;
    }
    const from: u32 = end + 2;
    if (end === 0 || end === COMPONENT_BYTES || from >= line.length || spaces > 1) {
      this.message(LogLevel.info, utf8("kernel"), line);
    } else {
      this.message(
        LogLevel.warn,
        bytesOf(this.component).slice(0, end),
        line.slice(from, line.length - from),
      );
    }
  }

  /** One turn: what waits goes to the disk, and what happened to the log is said. */
  step(): boolean {
    this.flush();
    if (this.partition.takeNew()) this.greet();
    const file = this.log.takeRotated();
    if (file !== 0) {
      const marker = new TextWriter(bytesOf(this.line));
      logRotated(marker, file);
      this.console.emit(marker.written());
    }
    if (this.log.takeFillWarning()) {
      this.console.line("log: 80 % of the log partition is used; when it is full, the oldest file gives way");
    }
    if (this.wasDurable && !this.log.isDurable()) {
      this.wasDurable = false;
      this.console.lineOf(
        "log: the disk fails, entries stay in memory: ",
        ioErrorName(this.log.lastIoError()),
      );
    }
    return false;
  }

  /** The last entry of this boot, durable: how it ends. Before it, RAYOS_LOG:WRITTEN. */
  end(ending: BootEnding): void {
    if (!this.log.isDurable()) return;
    this.flush();
    this.sayWritten();
    const written = this.log.writeEnding(ending);
    if (!written.ok)
      this.console.lineOf("log: the end of this boot is not kept: ", ioErrorName(this.log.lastIoError()));
  }

  private greet(): void {
    const marker = new TextWriter(bytesOf(this.line));
    this.wasDurable = true;
    logInit(marker, this.disks.name(this.partition.disk()), this.log.capacityBytes());
    this.console.emit(marker.written());
    this.sayWritten();
    if (this.log.hasEarlierBoot()) this.sayLastEnding();
    if (this.log.didClockGoBack())
      this.console.line("log: the clock went back; entries keep the later time until it is reached");
    if (this.log.lostEntries() > 0)
      this.console.line("log: early entries were more than memory holds; the oldest are lost");
  }

  private sayWritten(): void {
    const marker = new TextWriter(bytesOf(this.line));
    logWritten(marker, this.log.writtenEntries());
    this.console.emit(marker.written());
  }

  private sayLastEnding(): void {
    const ending = this.log.lastBootEnding();
    // What else is known of it (by the boot records, by memory, by the chipset) follows as the reason of the restart.
    const name = ending === BootEnding.none ? "vanished, as far as the log knows" : bootEndingName(ending);
    this.console.lineOf("The last boot ended: ", name);
  }

  private flush(): void {
    const flushed = this.log.flush();
    // As above.
    if (!flushed.ok) return;
  }

  private takeBootManagerText(text: Bytes): void {
    let start: u32 = 0;
    let lines: u32 = 0;
    while (start < text.length && lines < EARLY_LINES) {
      let end: u32 = start;
      while (end < text.length && text.u8(end) !== NEWLINE) end++;
      const line = text.slice(start, end - start);
      if (beginsWith(line, MARKER_PREFIX)) this.log.append(LogLevel.info, utf8("bootmgr"), line, utf8(""));
      else if (line.length > 0) this.message(LogLevel.info, utf8("bootmgr"), line);
      start = end + 1;
      lines++;
    }
  }

  private message(level: LogLevel, component: Bytes, text: Bytes): void {
    const details = new TextWriter(bytesOf(this.details));
    details.text('text="');
    details.bytes(text.slice(0, text.length < MESSAGE_BYTES ? text.length : MESSAGE_BYTES));
    details.text('"');
    this.log.append(level, component, utf8("message"), details.written());
  }

  /** `RAYOS_BOOT_MARKER:GOLDEN` is of boot_marker; `RAYOS_READY` is of the kernel. */
  private componentOf(marker: Bytes): Bytes {
    const from = utf8(MARKER_PREFIX).length;
    const into = bytesOf(this.component);
    let length: u32 = 0;
    while (from + length < marker.length && marker.u8(from + length) !== COLON) {
      if (length === COMPONENT_BYTES) return utf8("kernel");
      into.setU8(length, lowerCase(marker.u8(from + length)));
      length++;
    }
    return from + length === marker.length ? utf8("kernel") : into.slice(0, length);
  }
}

function beginsWith(line: Bytes, prefix: string): boolean {
  const wanted = utf8(prefix);
  return line.length >= wanted.length && line.slice(0, wanted.length).equals(wanted);
}

function lowerCase(character: u8): u8 {
  return character >= 0x41 && character <= 0x5a ? u8(character + 0x20) : character;
}
