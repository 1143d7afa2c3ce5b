/**
 * UpdateUi: `install --update` as a conversation: from which version to which, a warning where one is due, two confirmations, progress,
 * result.
 *
 * Invariant: the update begins only after both right answers, and after the warning's where there is one; any other answer, Ctrl-C
 * included, ends it with nothing written.
 */
import { UpdateWarning, UpdateRefusal, updateRefusalText } from "../policy/update-decision.ts";
import { ReleaseUpdate, UpdateState } from "../service/release-update.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";
import { ProgressBar } from "./progress-bar.ts";
import { AnswersState, TwoAnswers } from "./two-answers.ts";

const enum UpdateUiStage {
  ended = 0,
  warning = 1,
  answers = 2,
  refused = 3,
  updating = 4,
}

/** What the warning wants to be typed. */
const REPLACE: string = "replace";

export class UpdateUi implements Dialogue {
  private stage: UpdateUiStage = UpdateUiStage.ended;
  private readonly bar = new ProgressBar();

  constructor(
    readonly update: ReleaseUpdate,
    private readonly answers: TwoAnswers,
  ) {}

  /** Turns to a disk: says why not, or shows the plan and is ready to ask. */
  begin(out: Output, disk: u32): boolean {
    this.stage = UpdateUiStage.ended;
    out.flush();
    if (!this.update.aim(disk)) {
      this.explainRefusal(out);
      return false;
    }
    this.writePlan(out);
    const introduction = "Nothing has been written yet. First confirmation: the disk's name.";
    this.answers.begin(
      this.update.name(),
      introduction,
      "Type the disk's name in full: ",
      "Nothing was written.",
    );
    const isPlain = this.update.decision.warning === UpdateWarning.none;
    this.stage = isPlain ? UpdateUiStage.answers : UpdateUiStage.warning;
    return true;
  }

  /** Whether a disk is being written: the watchdog then waits longer. */
  isUpdating(): boolean {
    return this.stage === UpdateUiStage.updating;
  }

  step(out: Output): DialogueState {
    switch (this.stage) {
      case UpdateUiStage.warning:
        this.warn(out);
        return DialogueState.asking;
      case UpdateUiStage.answers:
        return this.confirm(out);
      case UpdateUiStage.refused:
        out.text("Not confirmed. Nothing was written.\n");
        return this.refuse();
      case UpdateUiStage.updating:
        return this.work(out);
      case UpdateUiStage.ended:
        return DialogueState.done;
    }
  }

  question(): string {
    if (this.stage === UpdateUiStage.warning) return "Go on? Type the word from the warning: ";
    return this.answers.question();
  }

  answer(line: Bytes): void {
    if (this.stage === UpdateUiStage.answers) this.answers.answer(line);
    else this.stage = line.equals(utf8(REPLACE)) ? UpdateUiStage.answers : UpdateUiStage.refused;
  }

  cancel(): void {
    if (this.stage === UpdateUiStage.answers) this.answers.cancel();
    else this.stage = UpdateUiStage.refused;
  }

  private confirm(out: Output): DialogueState {
    switch (this.answers.step(out)) {
      case AnswersState.asking:
        return DialogueState.asking;
      case AnswersState.refused:
        return this.refuse();
      case AnswersState.confirmed:
        this.update.begin();
        this.bar.begin(out);
        this.stage = UpdateUiStage.updating;
        return DialogueState.working;
    }
  }

  private refuse(): DialogueState {
    this.stage = UpdateUiStage.ended;
    this.update.refuse("not-confirmed");
    return DialogueState.done;
  }

  private explainRefusal(out: Output): void {
    const update = this.update;
    out.text("install: ");
    out.bytes(update.name());
    out.text(": ");
    out.text(updateRefusalText(update.decision.refusal));
    if (update.decision.refusal === UpdateRefusal.damagedStore) {
      out.text(": ");
      out.text(update.storeProblem());
    }
    out.text(". Nothing was written.\n");
  }

  /** `nvme0: RayOS 0.1.0 (release 3) → 0.2.0`, in words. */
  private writePlan(out: Output): void {
    const update = this.update;
    out.bytes(update.name());
    out.text(": RayOS ");
    this.writeInstalled(out);
    out.text(` (release ${update.plan.installedId}) is updated to `);
    out.foreign(update.toVersion());
    out.text(", ");
    out.size(update.plan.releaseBytes);
    out.text(
      ".\n  It stays as the previous release. Configuration, data, log, boot records and snapshots stay as they are.\n  If three boots of the new release fail, the machine goes back to the last known good one by itself.\n",
    );
  }

  private writeInstalled(out: Output): void {
    if (this.update.fromVersion().length > 0) out.foreign(this.update.fromVersion());
    else out.text("of unknown version, which cannot be read,");
  }

  private warn(out: Output): void {
    const update = this.update;
    out.text("WARNING: ");
    out.foreign(update.toVersion());
    if (update.decision.warning === UpdateWarning.older) out.text(" is OLDER than what is installed.\n");
    else
      out.text(
        " is installed already, with other bytes: which of the two is newer, its version does not say.\n",
      );
    out.text("To go on, type ");
    out.text(REPLACE);
    out.text(".\n");
  }

  private work(out: Output): DialogueState {
    const state = this.update.step();
    this.bar.show(out, this.update.permille(), this.update.stageText());
    if (state === UpdateState.working) return DialogueState.working;
    this.stage = UpdateUiStage.ended;
    this.bar.end(out);
    if (state === UpdateState.done) this.conclude(out);
    else this.explainFailure(out);
    return DialogueState.done;
  }

  private conclude(out: Output): void {
    out.bytes(this.update.name());
    out.text(" starts RayOS ");
    out.foreign(this.update.toVersion());
    out.text(" from now on. Everything was read back and its checksums agree.\n");
    if (!this.update.keepsConfiguration()) {
      out.text("No configuration was kept: there was none, or it does not match its checksum.\n");
    }
    out.text("Remove the installation medium and type reboot.\n");
  }

  private explainFailure(out: Output): void {
    out.text("install: the update failed: ");
    out.bytes(this.update.reason());
    out.text("\n");
    if (this.update.isCommitted())
      out.text("The new release is the current one, but not whole: its checksum fails.\n");
    else out.text("The installed release starts as before.\n");
  }
}
