/**
 * InstallerUi: the installation as a conversation: disk, plan, warning, two confirmations, progress bar, result.
 *
 * Invariant: the installer begins only after both right answers, and after the warning's where there is one; any other
 * answer, Ctrl-C included, ends it with nothing written. Started by `install --to`.
 */
import { LayoutRefusal, layoutRefusalText } from "../policy/disk-layout.ts";
import {
  diskContentsText,
  TargetRefusal,
  targetRefusalText,
  TargetWarning,
} from "../policy/target-validation.ts";
import { PartitionFacts } from "../service/partition-manager.ts";
import { Installer, InstallerState } from "../service/installer.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { writeDiskContents, writeDiskHead, writePlan } from "./disk-text.ts";
import { Output } from "./output.ts";
import { ProgressBar } from "./progress-bar.ts";
import { AnswersState, TwoAnswers } from "./two-answers.ts";

const enum UiStage {
  ended = 0,
  warning = 1,
  /** Both confirmations. */
  answers = 2,
  /** The warning was not answered. */
  refused = 3,
  installing = 4,
}

const OVERWRITE: string = "overwrite";
const ERASE: string = "erase";

export class InstallerUi implements Dialogue {
  private stage: UiStage = UiStage.ended;
  private readonly facts = new PartitionFacts();
  private readonly bar = new ProgressBar();

  constructor(
    readonly installer: Installer,
    private readonly answers: TwoAnswers,
  ) {}

  /** Chooses a disk: says why not, or shows the plan and is ready to ask. */
  begin(out: Output, disk: u32, wholeDisk: boolean): boolean {
    this.stage = UiStage.ended;
    const target = this.installer.target;
    if (!this.installer.validateTarget(disk, wholeDisk)) {
      this.explainRefusal(out);
      return false;
    }
    writeDiskHead(out, target.disks, disk);
    writeDiskContents(out, target.device(), target.partitions, target.contents(), this.facts);
    writePlan(out, target);
    const introduction = "Nothing has been written yet. First confirmation: the disk's name.";
    this.answers.begin(target.name(), introduction, "Type the disk's name in full: ", "Nothing was written.");
    this.stage = target.decision.warning === TargetWarning.none ? UiStage.answers : UiStage.warning;
    return true;
  }

  /** Whether a disk is being written: the watchdog then waits longer. */
  isInstalling(): boolean {
    return this.stage === UiStage.installing;
  }

  step(out: Output): DialogueState {
    switch (this.stage) {
      case UiStage.warning:
        this.warn(out);
        return DialogueState.asking;
      case UiStage.answers:
        return this.confirm(out);
      case UiStage.refused:
        out.text("Not confirmed. Nothing was written.\n");
        return this.refuse();
      case UiStage.installing:
        return this.install(out);
      case UiStage.ended:
        return DialogueState.done;
    }
  }

  question(): string {
    return this.stage === UiStage.warning
      ? "Go on? Type the word from the warning: "
      : this.answers.question();
  }

  answer(line: Bytes): void {
    if (this.stage === UiStage.answers) this.answers.answer(line);
    else this.stage = line.equals(utf8(this.warningWord())) ? UiStage.answers : UiStage.refused;
  }

  cancel(): void {
    if (this.stage === UiStage.answers) this.answers.cancel();
    else this.stage = UiStage.refused;
  }

  /** What follows from the two answers so far. */
  private confirm(out: Output): DialogueState {
    switch (this.answers.step(out)) {
      case AnswersState.asking:
        return DialogueState.asking;
      case AnswersState.refused:
        return this.refuse();
      case AnswersState.confirmed:
        this.installer.begin();
        this.bar.begin(out);
        this.stage = UiStage.installing;
        return DialogueState.working;
    }
  }

  private refuse(): DialogueState {
    this.stage = UiStage.ended;
    this.installer.refuse("not-confirmed");
    return DialogueState.done;
  }

  private explainRefusal(out: Output): void {
    const target = this.installer.target;
    out.text("install: ");
    out.bytes(target.name());
    out.text(": ");
    if (target.decision.refusal !== TargetRefusal.none) {
      out.text(targetRefusalText(target.decision.refusal));
    } else {
      out.text(layoutRefusalText(target.layoutRefusal()));
      if (target.layoutRefusal() !== LayoutRefusal.noSlots) this.writeSizes(out);
    }
    out.text(". Nothing was written.\n");
  }

  /** What is needed and what there is, where room is what is missing. */
  private writeSizes(out: Output): void {
    const layout = this.installer.target.layout;
    out.text(": RayOS needs ");
    out.size(layout.neededBytes);
    out.text(", there are ");
    out.size(layout.availableBytes);
  }

  private warningWord(): string {
    return this.installer.target.decision.warning === TargetWarning.replacesRayos ? OVERWRITE : ERASE;
  }

  private warn(out: Output): void {
    const target = this.installer.target;
    out.text("WARNING: ");
    out.bytes(target.name());
    out.text(" holds ");
    out.text(diskContentsText(target.contents()));
    if (target.decision.warning === TargetWarning.replacesRayos) {
      out.text(". That installation, its snapshots, logs and data will be lost.\n");
    } else {
      out.text(". ALL of it will be lost.\n");
    }
    out.text("To go on, type ");
    out.text(this.warningWord());
    out.text(".\n");
  }

  private install(out: Output): DialogueState {
    const state = this.installer.step();
    this.bar.show(out, this.installer.permille(), this.installer.stageText());
    if (state === InstallerState.working) return DialogueState.working;
    this.stage = UiStage.ended;
    this.bar.end(out);
    if (state === InstallerState.done) {
      out.text("RayOS is installed on ");
      out.bytes(this.installer.target.name());
      out.text(
        ". Everything was read back and its checksums agree.\nRemove the installation medium and type reboot.\n",
      );
    } else {
      this.explainFailure(out);
    }
    return DialogueState.done;
  }

  private explainFailure(out: Output): void {
    out.text("install: failed: ");
    out.bytes(this.installer.reason());
    out.text("\n");
    if (!this.installer.changedDisk()) {
      out.text("Nothing was written.\n");
      return;
    }
    if (this.installer.isCommitted()) {
      out.text(
        "RayOS is on the disk and boots, but the disk failed in the last step. It may not be sound.\n",
      );
      return;
    }
    out.text(
      "The disk does not boot RayOS. Try again, or put its old partition table back: install --restore-table ",
    );
    out.bytes(this.installer.target.name());
    out.text("\n");
  }
}
