/**
 * Journal: what the services acknowledged, and after how many events of the disk they did.
 *
 * Every operation notes that it begins, and once its service said `ok`, that it is done. A cut at an event leaves exactly the facts that were
 * noted with at most so many events: what is done then has to be there, what has only begun may be there, wholly or not at all.
 */
import { CrashDisk, Trace } from "./crash-disk.ts";

const FACT_LIMIT = 512;

export const enum Fact {
  /** The entry with this mark was given to the log. */
  logging = 0,
  logged = 1,
  /** This manifest is to become the current one. */
  currentBegins = 2,
  current = 3,
  snapshotBegins = 4,
  snapshot = 5,
  /** An attempt of this manifest is to be recorded, before the jump. */
  attemptBegins = 6,
  attempt = 7,
  goldenBegins = 8,
  golden = 9,
  /** This manifest is to be the newest golden one of both stores. */
  keepingBegins = 10,
  keeping = 11,
  installBegins = 12,
  install = 13,
  /** What was damaged in the system store is whole again. */
  mended = 14,
  /** The record of an installation that is under way is durable. */
  installKept = 15,
  /** The firmware is to find the boot manager of this version. */
  bootFilesBegin = 16,
  bootFiles = 17,
  /** The log is to go on in another file. */
  rotationBegins = 18,
  rotation = 19,
  /** The current manifest with other settings is to become the current one. */
  settingsBegin = 20,
  settings = 21,
  /** An attempt in recovery mode is to be recorded: it counts as no failure. */
  rescueBegins = 22,
  rescue = 23,
}

export class Journal {
  private count: u32 = 0;
  private isOpen: boolean = false;
  private readonly after = new Uint32Array(FACT_LIMIT);
  private readonly facts = new Uint8Array(FACT_LIMIT);
  private readonly values = new Uint32Array(FACT_LIMIT);

  constructor(
    private readonly disk: CrashDisk,
    private readonly trace: Trace,
  ) {}

  /** Notes what happens from here on, in an empty journal. The trace is being recorded. */
  begin(): void {
    this.count = 0;
    this.isOpen = true;
  }

  end(): void {
    this.isOpen = false;
  }

  /** Forgets everything. */
  clear(): void {
    this.count = 0;
    this.isOpen = false;
  }

  note(fact: Fact, value: u32): void {
    if (!this.isOpen) return;
    assert(this.count < FACT_LIMIT, "the journal is full");
    this.after[this.count] = this.disk.eventsSince(this.trace);
    this.facts[this.count] = fact;
    this.values[this.count] = value;
    this.count++;
  }

  /** How many facts a cut at the event of this number leaves. */
  lengthAt(event: u32): u32 {
    let length: u32 = 0;
    while (length < this.count && this.after[length] <= event) length++;
    return length;
  }

  fact(index: u32): Fact {
    assert(index < this.count);
    return factFrom(this.facts[index]);
  }

  value(index: u32): u32 {
    assert(index < this.count);
    return this.values[index];
  }
}

function factFrom(value: u8): Fact {
  switch (value) {
    case 0:
      return Fact.logging;
    case 1:
      return Fact.logged;
    case 2:
      return Fact.currentBegins;
    case 3:
      return Fact.current;
    case 4:
      return Fact.snapshotBegins;
    case 5:
      return Fact.snapshot;
    case 6:
      return Fact.attemptBegins;
    case 7:
      return Fact.attempt;
    case 8:
      return Fact.goldenBegins;
    case 9:
      return Fact.golden;
    case 10:
      return Fact.keepingBegins;
    case 11:
      return Fact.keeping;
    case 12:
      return Fact.installBegins;
    case 13:
      return Fact.install;
    case 14:
      return Fact.mended;
    case 15:
      return Fact.installKept;
    case 16:
      return Fact.bootFilesBegin;
    case 17:
      return Fact.bootFiles;
    case 18:
      return Fact.rotationBegins;
    case 19:
      return Fact.rotation;
    case 20:
      return Fact.settingsBegin;
    case 21:
      return Fact.settings;
    case 22:
      return Fact.rescueBegins;
    default:
      return Fact.rescue;
  }
}
