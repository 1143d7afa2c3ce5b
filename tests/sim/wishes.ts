/**
 * Wishes: how much of the simulator's states a program goes through. The program's entry, which is made for each run, sets them.
 */

/** All of them. */
export const ALL = 0xffffffff;

export class Wishes {
  seed: u32 = 1;
  /** Of the states of a cut recovery, one of so many is visited. */
  every: u32 = 1;
  /** Of the scenarios, those whose number leaves `part` when divided by `parts`. */
  part: u32 = 0;
  parts: u32 = 1;
  /** At least so many different disks have to be judged; 0 for any number. */
  least: u32 = 0;
  /** No scenario begins once so many states were judged. */
  most: u32 = ALL;
  /** How many of each cut's choices of survivors the seed makes up. */
  madeUp: u32 = 3;
  /** Of the tests that flip bits: 1 the log's, 2 the ring's, 3 the roots' alone; 0 all of them. */
  flips: u32 = 0;
  /** One scenario alone, and of it one state alone; or `ALL`. */
  scenario: u32 = ALL;
  cut: u32 = ALL;
  survivors: u32 = ALL;
  secondCut: u32 = ALL;
  secondSurvivors: u32 = ALL;
  /** Of failing calls: the one of this number, failing in this way. */
  call: u32 = ALL;
  kind: u32 = ALL;
  /** 1: every call fails in every way. */
  allKinds: u32 = 0;
  /** Of flipped bits: this one. */
  bit: u32 = ALL;

  /** Everything, from the first seed. */
  reset(): void {
    this.seed = 1;
    this.every = 1;
    this.part = 0;
    this.parts = 1;
    this.least = 0;
    this.most = ALL;
    this.madeUp = 3;
    this.flips = 0;
    this.scenario = ALL;
    this.cut = ALL;
    this.survivors = ALL;
    this.secondCut = ALL;
    this.secondSurvivors = ALL;
    this.call = ALL;
    this.kind = ALL;
    this.allKinds = 0;
    this.bit = ALL;
  }
}

export const wishes = new Wishes();
