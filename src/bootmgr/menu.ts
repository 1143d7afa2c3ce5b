/**
 * BootMenu: what can be started, as a list on the screen and the serial line, and what a person chose from it.
 *
 *     RayOS boot manager                                  row 0
 *     <what went wrong, if anything did>                  rows 1 and 2
 *     Skipped: <why an entry was passed over>             row 3
 *
 *     > 1  RayOS 0.1.0                                    rows 5 …
 *       2  Boot Recovery (Snapshot 2026-01-06 14:30)
 *       …
 *     Starts in 3 s. …                                    below
 *
 * Owns the entries, no decision: the session says what is the default, main does what was chosen. Any key stops the countdown.
 */
import { writeMinute } from "../base/calendar.ts";
import { TextWriter } from "../base/text-writer.ts";
import { MANIFEST_BYTES, versionText } from "../format/manifest.ts";
import { BootAction, BootCandidate, NOT_GOLDEN } from "../policy/boot-choice.ts";
import { BootSession } from "./boot-session.ts";
import { Installation, Installations, writeDiskName } from "./discovery.ts";
import {
  FirmwareConsole,
  KEY_DOWN,
  KEY_END,
  KEY_ENTER,
  KEY_HOME,
  KEY_UP,
  NO_KEY,
} from "./firmware-console.ts";
import { OtherLoaders } from "./other-loaders.ts";

/** As many as fit a screen of 25 rows. */
const ENTRY_LIMIT = 17;
const TEXT_BYTES = 72;
const FIRST_ROW = 5;
const ONE_SECOND = 1000;
const DIGIT_ONE = 0x31;
const DIGIT_NINE = 0x39;

export const enum MenuAction {
  /** Start a candidate of the session; `index` is its place in the facts. */
  boot = 0,
  /** The same without anything optional. */
  rescue = 1,
  /** Turn to another installation; `index` is its place in the list. */
  otherInstallation = 2,
  otherLoader = 3,
  firmwareSetup = 4,
  reboot = 5,
  powerOff = 6,
}

export class BootEntry {
  action: MenuAction = MenuAction.boot;
  index: u32 = 0;
  textLength: u32 = 0;
  readonly text = new Uint8Array(TEXT_BYTES);
}

export class BootMenu {
  private count: u32 = 0;
  private selected: u32 = 0;
  private readonly entries = fixedArray(ENTRY_LIMIT, () => new BootEntry());
  private readonly manifest = new Uint8Array(MANIFEST_BYTES);

  /** Lists everything that can be started. What the session decided is selected. */
  build(session: BootSession, installations: Installations, loaders: OtherLoaders): void {
    this.count = 0;
    this.selected = 0;
    if (installations.length() > 0) this.addCandidates(session);
    for (let i: u32 = 0; i < installations.length(); i++) {
      if (installations.at(i) !== session.chosenInstallation()) this.addInstallation(installations.at(i), i);
    }
    for (let i: u32 = 0; i < loaders.length(); i++) this.addLoader(loaders.name(i), i);
    this.addPlain(MenuAction.firmwareSetup, "Firmware setup");
    this.addPlain(MenuAction.reboot, "Reboot");
    this.addPlain(MenuAction.powerOff, "Power off");
  }

  /**
   * Shows the menu for `seconds`, or until somebody chooses where that is 0. Returns the entry that was chosen: the
   * selected one when the time is over.
   */
  display(console: FirmwareConsole, seconds: u32, explanation: string, skipReason: string): BootEntry {
    this.draw(console, explanation, skipReason);
    let left: u32 = seconds;
    let isCounting: boolean = seconds > 0;
    this.drawFoot(console, isCounting, left);
    while (true) {
      const key = console.waitKey(ONE_SECOND);
      const wasCounting = isCounting;
      if (key !== NO_KEY) isCounting = false;
      else if (isCounting) left--;
      if (wasCounting && left === 0) break;
      if (wasCounting) this.drawFoot(console, isCounting, left);
      if (this.takeKey(key, console)) break;
    }
    this.finish(console);
    return this.entries[this.selected];
  }

  /** Whether the key chose something. */
  private takeKey(key: u16, console: FirmwareConsole): boolean {
    if (key === KEY_ENTER) return true;
    if (key === KEY_UP && this.selected > 0) this.select(u32(this.selected - 1), console);
    if (key === KEY_DOWN && this.selected + 1 < this.count) this.select(u32(this.selected + 1), console);
    if (key === KEY_HOME) this.select(0, console);
    if (key === KEY_END) this.select(u32(this.count - 1), console);
    if (key < DIGIT_ONE || key > DIGIT_NINE || key - DIGIT_ONE >= this.count) return false;
    this.select(u32(key - DIGIT_ONE), console);
    return true;
  }

  private select(index: u32, console: FirmwareConsole): void {
    const before = this.selected;
    this.selected = index;
    this.drawEntry(console, before);
    this.drawEntry(console, index);
  }

  private draw(console: FirmwareConsole, explanation: string, skipReason: string): void {
    console.clear();
    console.showCursor(false);
    console.writeAt(0, 0, utf8("RayOS boot manager"), false);
    if (explanation !== "") console.writeAt(0, 1, utf8(explanation), false);
    if (skipReason !== "") {
      console.writeAt(0, 3, utf8("Skipped: "), false);
      console.writeAt(9, 3, utf8(skipReason), false);
    }
    for (let i: u32 = 0; i < this.count; i++) this.drawEntry(console, i);
  }

  private drawEntry(console: FirmwareConsole, index: u32): void {
    const entry = this.entries[index];
    const line = new Uint8Array(96);
    const out = new TextWriter(bytesOf(line));
    out.text(index === this.selected ? " > " : "   ");
    if (index < 9) out.text(`${index + 1}  `);
    else out.text("   ");
    out.bytes(bytesOf(entry.text).slice(0, entry.textLength));
    out.text(" ");
    console.writeAt(0, u8(FIRST_ROW + index), out.written(), index === this.selected);
  }

  private drawFoot(console: FirmwareConsole, isCounting: boolean, left: u32): void {
    const line = new Uint8Array(96);
    const out = new TextWriter(bytesOf(line));
    if (isCounting) out.text(`Starts in ${left} s. Any key stops the countdown. `);
    else out.text("Arrow keys and Enter, or a digit, choose.      ");
    console.writeAt(0, u8(FIRST_ROW + this.count + 1), out.written(), false);
  }

  /** Leaves the cursor below everything, so that what follows does not overwrite it. */
  private finish(console: FirmwareConsole): void {
    console.writeAt(0, u8(FIRST_ROW + this.count + 2), utf8(" "), false);
    console.write(utf8("\n"));
    console.showCursor(true);
  }

  /** The current release and the previous one, each snapshot and golden one, and recovery mode: of the current one, or of what is whole. */
  private addCandidates(session: BootSession): void {
    const facts = session.facts;
    const decided = session.decision.action === BootAction.boot;
    let current: i32 = -1;
    for (let i: u32 = 0; i < facts.candidateCount; i++) {
      const candidate = facts.candidates[i];
      if (candidate.isCurrent && current < 0 && !candidate.damaged) current = i32(i);
      // Room is kept for what is below, however many snapshots there are.
      if (this.count + 8 >= ENTRY_LIMIT && !(decided && i === session.decision.index)) continue;
      if (decided && i === session.decision.index) this.selected = this.count;
      this.addCandidate(session, candidate, i);
    }
    if (current < 0) current = firstWhole(session);
    if (current < 0) return;
    this.addPlain(MenuAction.rescue, "Recovery mode, without anything optional");
    this.entries[this.count - 1].index = u32(current);
  }

  private addCandidate(session: BootSession, candidate: BootCandidate, index: u32): void {
    const entry = this.add(MenuAction.boot, index);
    if (entry === null) return;
    const out = new TextWriter(bytesOf(entry.text));
    if (candidate.isCurrent || candidate.isPrevious) this.writeRelease(out, session, candidate);
    else {
      out.text("Boot Recovery (Snapshot ");
      writeMinute(out, session.createdSeconds(candidate));
      out.text(")");
    }
    if (candidate.isPrevious && !candidate.isCurrent) out.text(", previous release");
    if (candidate.goldenRank !== NOT_GOLDEN) out.text(", known good");
    if (candidate.fromRecoveryStore) out.text(", recovery copy");
    if (candidate.damaged) out.text(", DAMAGED");
    entry.textLength = out.written().length;
  }

  private writeRelease(out: TextWriter, session: BootSession, candidate: BootCandidate): void {
    out.text("RayOS ");
    const read = session.storeOf(candidate).readManifest(candidate.manifestId, bytesOf(this.manifest));
    if (read.ok) out.bytes(versionText(bytesOf(this.manifest)));
    else out.text("of unknown version");
  }

  private addInstallation(installation: Installation, index: u32): void {
    const entry = this.add(MenuAction.otherInstallation, index);
    if (entry === null) return;
    const out = new TextWriter(bytesOf(entry.text));
    out.text("RayOS on the ");
    writeDiskName(out, installation);
    entry.textLength = out.written().length;
  }

  private addLoader(name: Bytes, index: u32): void {
    const entry = this.add(MenuAction.otherLoader, index);
    if (entry === null) return;
    const out = new TextWriter(bytesOf(entry.text));
    out.text("Other system: ");
    out.bytes(name);
    entry.textLength = out.written().length;
  }

  private addPlain(action: MenuAction, text: string): void {
    const entry = this.add(action, 0);
    if (entry === null) return;
    const out = new TextWriter(bytesOf(entry.text));
    out.text(text);
    entry.textLength = out.written().length;
  }

  /** The next entry, or null where the screen is full. */
  private add(action: MenuAction, index: u32): BootEntry | null {
    if (this.count === ENTRY_LIMIT) return null;
    const entry = this.entries[this.count];
    this.count++;
    entry.action = action;
    entry.index = index;
    return entry;
  }
}

/** The first candidate that is not known to be damaged, or -1. */
function firstWhole(session: BootSession): i32 {
  const facts = session.facts;
  for (let i: u32 = 0; i < facts.candidateCount; i++) {
    if (!facts.candidates[i].damaged) return i32(i);
  }
  return -1;
}
