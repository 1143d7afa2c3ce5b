// Lanes: orders handed to processes, one a core. A process is replaced now and then, since Node never forgets a module, and
// when it hangs or dies: that costs the order at hand, whose answer is then a fault.

import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { bundle } from "../../../tools/bundle.mjs";

/** So many orders a process takes before it is replaced. */
const LIFETIME = 20;

export interface Fault {
  readonly fault: string;
}

export interface Work<Order, Answer> {
  readonly root: string;
  /** The program of the process, relative to the root: it calls `serve`. */
  readonly program: string;
  readonly orders: readonly Order[];
  /** For one order, on a machine that others use too. */
  readonly deadlineMs: number;
  /** Gets the answers as they come. */
  report(order: Order, answer: Answer | Fault): void;
}

export async function runInLanes<Order extends object, Answer extends object>(
  work: Work<Order, Answer>,
  width = availableParallelism(),
): Promise<void> {
  const script = await bundle(work.root, work.program, `build/tool/${work.program.replace(/\.ts$/, ".mjs")}`);
  let next = 0;
  const lane = async (): Promise<void> => {
    let process = new Lane<Order, Answer>(script);
    for (let done = 1; next < work.orders.length; done++) {
      const order = work.orders[next++]!;
      if (done % LIFETIME === 0 || process.isDead) {
        process.end();
        process = new Lane(script);
      }
      work.report(order, await process.ask(order, work.deadlineMs));
    }
    process.end();
  };
  await Promise.all(Array.from({ length: Math.min(width, work.orders.length) }, lane));
}

/** The other side: answers every order that comes, one after the other, until there are no more. */
export function serve<Order, Answer>(answer: (order: Order) => Promise<Answer>): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (order: Order) => {
    void answer(order)
      .catch((fault: unknown): Fault => ({ fault: describeFault(fault) }))
      .then((result) => process.send!(result));
  });
}

export function describeFault(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

class Lane<Order extends object, Answer extends object> {
  private readonly child: ChildProcess;
  isDead = false;

  constructor(script: string) {
    // Room for what is made for one order and gone after it: else the garbage collector copies it over and over.
    this.child = fork(script, { execArgv: ["--enable-source-maps", "--max-semi-space-size=64"] });
    this.child.on("close", () => (this.isDead = true));
  }

  ask(order: Order, deadlineMs: number): Promise<Answer | Fault> {
    return new Promise((resolve) => {
      const settle = (answer: Answer | Fault): void => {
        clearTimeout(deadline);
        this.child.removeAllListeners("message");
        this.child.off("close", died);
        resolve(answer);
      };
      let isLate = false;
      const died = (status: number | null): void => {
        const why = isLate ? `took more than ${deadlineMs / 1000} s` : `ended with ${status ?? "a signal"}`;
        settle({ fault: `the process ${why}` });
      };
      const deadline = setTimeout(() => {
        isLate = true;
        this.child.kill("SIGKILL");
      }, deadlineMs);
      this.child.once("close", died);
      this.child.once("message", settle);
      this.child.send(order);
    });
  }

  end(): void {
    if (!this.isDead) this.child.disconnect();
  }
}
