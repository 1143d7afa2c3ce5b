/**
 * Survivors: of the writes that waited when the power went, which reach the medium, and how much of each.
 *
 * A drive with a write cache promises nothing about what was not flushed: any of the sectors may be there, in any order, and one may be cut in
 * its middle. Of few writes every subset is a choice of its own; of many the characteristic ones; besides, subsets that a seed makes up.
 * Choices are numbered from 0, the same number always being the same choice: it is a part of a state's id.
 */
import { CrashDisk, Trace } from "./crash-disk.ts";
import { wishes } from "./wishes.ts";

/** Up to so many writes, all their subsets are tried. */
const FEW_WRITES = 4;
/** More than those: none, all, only the last, all but the last, every second one, the others. */
const PATTERNS = 6;
/**
 * The last write torn: its first or second half, alone or with all the others; then every second sector; then of every write the first sector
 * alone; then a sector cut in its middle.
 */
const TEARS = 7;

export class Survivors {
  /** The first event that waits, and the one behind the last. */
  private from: u32 = 0;
  private end: u32 = 0;
  private writes: u32 = 0;
  private random: u32 = 1;

  constructor(private readonly disk: CrashDisk) {}

  /** Takes up the writes of the events from `from` to `end`, without `end`; how many choices there are. */
  begin(trace: Trace, from: u32, end: u32): u32 {
    this.from = from;
    this.end = end;
    this.writes = 0;
    for (let event: u32 = from; event < end; event++) {
      if (!this.disk.isFlush(trace, event)) this.writes++;
    }
    if (this.writes === 0) return 1;
    return this.subsets() + TEARS + wishes.madeUp;
  }

  /** Puts what survives onto the medium. */
  apply(trace: Trace, choice: u32, seed: u32): void {
    this.random = (Math.imul(seed, 2654435761) + Math.imul(choice + 1, 40503) + this.end) >>> 0;
    let number: u32 = 0;
    for (let event: u32 = this.from; event < this.end; event++) {
      if (this.disk.isFlush(trace, event)) continue;
      this.applyWrite(trace, event, number, choice);
      number++;
    }
  }

  private subsets(): u32 {
    return this.writes <= FEW_WRITES ? u32(1 << this.writes) : PATTERNS;
  }

  private applyWrite(trace: Trace, event: u32, number: u32, choice: u32): void {
    const subsets = this.subsets();
    if (choice < subsets) {
      if (this.isChosen(number, choice)) this.keepBytes(trace, event, 0, 0xffffffff);
    } else if (choice < subsets + TEARS) {
      this.tear(trace, event, number + 1 === this.writes, choice - subsets);
    } else {
      this.keepSome(trace, event);
    }
  }

  private isChosen(number: u32, choice: u32): boolean {
    if (this.writes <= FEW_WRITES) return ((choice >>> number) & 1) !== 0;
    switch (choice) {
      case 0:
        return false;
      case 1:
        return true;
      case 2:
        return number + 1 === this.writes;
      case 3:
        return number + 1 < this.writes;
      case 4:
        return number % 2 === 0;
      default:
        return number % 2 === 1;
    }
  }

  private tear(trace: Trace, event: u32, isLast: boolean, kind: u32): void {
    const half = u32(Math.trunc(this.lengthOf(trace, event) / 2));
    if (kind === 4) this.keepEverySecond(trace, event);
    else if (kind === 5) this.keepBytes(trace, event, 0, this.disk.sectorBytes());
    else if (!isLast && (kind === 1 || kind === 3)) return;
    else if (!isLast) this.keepBytes(trace, event, 0, 0xffffffff);
    else if (kind <= 1) this.keepBytes(trace, event, 0, half);
    else if (kind <= 3) this.keepBytes(trace, event, half, 0xffffffff);
    else this.keepBytes(trace, event, 0, this.placeInSector(half));
  }

  /** In the middle of a sector, the one at `half`. */
  private placeInSector(half: u32): u32 {
    const sectorBytes = this.disk.sectorBytes();
    const places = u32((sectorBytes >>> 3) - 4);
    return u32(half - (half % sectorBytes) + 8 * (1 + (this.next() % places)));
  }

  private lengthOf(trace: Trace, event: u32): u32 {
    let length: u32 = 0;
    const end = this.disk.firstPiece(trace, event + 1);
    for (let piece: u32 = this.disk.firstPiece(trace, event); piece < end; piece++)
      length += this.disk.pieceBytes(piece);
    return length;
  }

  /** The bytes of a write from `from` to `end`. */
  private keepBytes(trace: Trace, event: u32, from: u32, end: u32): void {
    let at: u32 = 0;
    const last = this.disk.firstPiece(trace, event + 1);
    for (let piece: u32 = this.disk.firstPiece(trace, event); piece < last; piece++) {
      const length = this.disk.pieceBytes(piece);
      const low = u32(Math.min(Math.max(from, at) - at, length));
      const high = u32(Math.max(Math.min(end, at + length) - at, low));
      this.disk.keep(piece, low, u32(high - low));
      at += length;
    }
  }

  private keepEverySecond(trace: Trace, event: u32): void {
    let sector: u32 = 0;
    const sectorBytes = this.disk.sectorBytes();
    const last = this.disk.firstPiece(trace, event + 1);
    for (let piece: u32 = this.disk.firstPiece(trace, event); piece < last; piece++) {
      for (let at: u32 = 0; at < this.disk.pieceBytes(piece); at += sectorBytes) {
        if (sector % 2 === 0) this.disk.keep(piece, at, sectorBytes);
        sector++;
      }
    }
  }

  private keepSome(trace: Trace, event: u32): void {
    const sectorBytes = this.disk.sectorBytes();
    const last = this.disk.firstPiece(trace, event + 1);
    for (let piece: u32 = this.disk.firstPiece(trace, event); piece < last; piece++) {
      for (let at: u32 = 0; at < this.disk.pieceBytes(piece); at += sectorBytes) {
        if (this.next() % 2 === 0) this.disk.keep(piece, at, sectorBytes);
      }
    }
  }

  /** Numerical Recipes' generator; its higher bits. */
  private next(): u32 {
    this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
    return this.random >>> 16;
  }
}
