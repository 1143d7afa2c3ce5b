/**
 * EventLoop: what the kernel does from the prompt to its end: one task after the other, a step each, and sleep.
 *
 * Invariants: one loop on one processor, so a task is never interrupted by another; a step is short (its budget is
 * the task's own matter, a tenth of a second at most) and never waits for a person. The processor halts only after a
 * round in which no task had anything to do and no interrupt arrived; the timer's next tick ends the sleep at the latest.
 */
import type { Clock } from "../device/clock.ts";
import { interruptTotal, sleepSince } from "../machine/interrupts.ts";

const TASK_LIMIT = 16;

/** A part of the system that wants its turn. */
export interface Task {
  /** Does a little; true if there is more to do at once. */
  step(): boolean;
}

class TaskSlot {
  task: Task | null = null;
}

export class EventLoop {
  private readonly tasks = fixedArray(TASK_LIMIT, () => new TaskSlot());
  private count: u32 = 0;
  private rounds: u64 = 0n;

  constructor(private readonly clock: Clock) {}

  /** Adds a task behind the others. */
  add(task: Task): void {
    assert(this.count < TASK_LIMIT);
    this.tasks[this.count].task = task;
    this.count++;
  }

  /** Runs for ever. */
  run(): void {
    while (true) {
      const seen = interruptTotal();
      if (!this.round()) sleepSince(seen);
    }
  }

  /** How many rounds were begun: that it grows is the watchdog's sign of life. */
  roundCount(): u64 {
    return this.rounds;
  }

  /** One step of every task; true if any has more to do. */
  private round(): boolean {
    let isBusy: boolean = false;
    this.rounds = u64(this.rounds + 1n);
    // A clock on a counter that wraps within seconds stays right only if it is asked often.
    this.clock.monotonicNs();
    for (let i: u32 = 0; i < this.count; i++) {
      const task = this.tasks[i].task;
      if (task !== null && task.step()) isBusy = true;
    }
    return isBusy;
  }
}
