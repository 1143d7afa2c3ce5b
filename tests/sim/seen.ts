/**
 * Seen: which states there were, by their fingerprints, so that the same one counts once however it came about.
 *
 * Two numbers of 32 bits stand for a state: of a million different states two are the same to it with a probability of one in ten million. A table
 * of fixed size, searched from the place that the first number says; once it is three quarters full nothing more is
 * kept, and everything that it does not know is new.
 */
const PLACES = 2097152;
const MOST = 1572864;

export class Seen {
  private used: u32 = 0;
  private readonly first = new Uint32Array(PLACES);
  private readonly second = new Uint32Array(PLACES);

  /** How many different states there were. */
  count(): u32 {
    return this.used;
  }

  /** Whether that is all that it counts, and there may have been more. */
  isFull(): boolean {
    return this.used === MOST;
  }

  /** Whether it was not there. */
  add(first: u32, second: u32): boolean {
    // Zeros are a free place.
    const low: u32 = first === 0 && second === 0 ? 1 : first;
    let at: u32 = low % PLACES;
    while (this.first[at] !== 0 || this.second[at] !== 0) {
      if (this.first[at] === low && this.second[at] === second) return false;
      at = (at + 1) % PLACES;
    }
    if (this.isFull()) return true;
    this.first[at] = low;
    this.second[at] = second;
    this.used++;
    return true;
  }
}
