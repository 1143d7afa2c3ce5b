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
  /** Of the tests that flip bits: 1 the log's, 2 the ring's, 3 the roots' alone; 0 all of them. */
  flips: u32 = 0;
  /** One scenario alone, and of it one state alone; or `ALL`. */
  scenario: u32 = ALL;
  cut: u32 = ALL;
  survivors: u32 = ALL;
  secondCut: u32 = ALL;
  secondSurvivors: u32 = ALL;

  /** Everything, from the first seed. */
  reset(): void {
    this.seed = 1;
    this.every = 1;
    this.part = 0;
    this.parts = 1;
    this.least = 0;
    this.flips = 0;
    this.scenario = ALL;
    this.cut = ALL;
    this.survivors = ALL;
    this.secondCut = ALL;
    this.secondSurvivors = ALL;
  }
}

export const wishes = new Wishes();
