/**
 * FaultDialogue: the second confirmation before the system is made to fail on purpose (`panic`, `hang` and their kinds).
 *
 * Invariant: nothing fails unless the word was typed in answer to this question; any other answer ends it.
 */
import { TestFaults } from "../device/test-faults.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";

export const enum TestFault {
  panic = 0,
  hang = 1,
  /** With interrupts off. */
  hangHard = 2,
  /** In a storm of interrupts. */
  storm = 3,
  /** The processor gives up. */
  tripleFault = 4,
}

const enum FaultStage {
  asking = 0,
  confirmed = 1,
  refused = 2,
}

export class FaultDialogue implements Dialogue {
  private fault: TestFault = TestFault.panic;
  private stage: FaultStage = FaultStage.refused;

  constructor(private readonly faults: TestFaults) {}

  /** Chooses what is to happen; the first step says so and the question follows. */
  begin(fault: TestFault): void {
    this.fault = fault;
    this.stage = FaultStage.asking;
  }

  step(out: Output): DialogueState {
    switch (this.stage) {
      case FaultStage.asking:
        out.text(
          "This stops the system on purpose, for a test of what follows. Nothing on a disk is lost.\n",
        );
        return DialogueState.asking;
      case FaultStage.refused:
        out.text("Not confirmed. Nothing happened.\n");
        return DialogueState.done;
      case FaultStage.confirmed:
        this.stage = FaultStage.refused;
        out.flush();
        this.fail();
        return DialogueState.done;
    }
  }

  question(): string {
    return this.isPanic() ? "Type panic to go on: " : "Type hang to go on: ";
  }

  answer(line: Bytes): void {
    const word = this.isPanic() ? "panic" : "hang";
    this.stage = line.equals(utf8(word)) ? FaultStage.confirmed : FaultStage.refused;
  }

  cancel(): void {
    this.stage = FaultStage.refused;
  }

  private fail(): void {
    switch (this.fault) {
      case TestFault.panic:
        this.faults.panic();
        break;
      case TestFault.tripleFault:
        this.faults.tripleFault();
        break;
      case TestFault.storm:
        this.faults.storm();
        break;
      case TestFault.hang:
      case TestFault.hangHard:
        this.faults.hang(this.fault === TestFault.hangHard);
        break;
    }
  }

  private isPanic(): boolean {
    return this.fault === TestFault.panic || this.fault === TestFault.tripleFault;
  }
}
