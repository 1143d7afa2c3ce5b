/** The watchdog group: whether it is armed and how, and why the machine started again. */
import {
  actionName,
  LEAST_TIMEOUT_SECONDS,
  LONGEST_TIMEOUT_SECONDS,
  rebootReasonName,
  STAGE_COUNT,
  stageFrom,
  stageName,
  WatchdogAction,
  WatchdogPolicy,
  WatchdogStage,
} from "../policy/watchdog-policy.ts";
import { SettingChanges } from "../service/setting-changes.ts";
import { Command } from "./command.ts";
import { Session } from "./session.ts";
import { keepForNextBoots } from "./setting-keeping.ts";

const COLUMN = 16;

export const WATCHDOG_STATUS = new Command(
  "watchdog status",
  "show the watchdog's stages and the last restart's reason",
  "watchdog status\nShows whether the watchdog is armed, its time-out, its stages, and why the machine started again.",
  "",
  runStatus,
);
export const WATCHDOG_ARM = new Command(
  "watchdog arm",
  "arm the watchdog, or change its time-out",
  "watchdog arm [<seconds>]\nArms all stages: 30 s after the last round of the main loop, or so many seconds, the machine restarts.\nFrom 2 to 1200 seconds. Later boots do the same.",
  "",
  runArm,
);
export const WATCHDOG_DISARM = new Command(
  "watchdog disarm",
  "disarm the watchdog until it is armed again",
  "watchdog disarm\nEnds all stages until watchdog arm, in later boots too: a hang is no longer noticed. Recovery mode is watched all the same.",
  "",
  runDisarm,
);
export const WATCHDOG_KICK = new Command(
  "watchdog kick",
  "say how often the main loop was heard of",
  "watchdog kick\nSays how many rounds of the main loop the watchdog has seen. Only the loop itself is a sign of life: this command\nasks, it does not kick.",
  "",
  runKick,
);
export const WATCHDOG_POLICY = new Command(
  "watchdog policy",
  "show or set what the stages do",
  "watchdog policy [<stage> <action> [recovery]]\nShows what each stage does, or sets it, for later boots too. Stages: soft (the main loop stopped), hard (interrupts are\noff), chipset (the processor is dead). Actions: reboot, report (not chipset), none. With recovery the next boot is of the\nlast known good at once, instead of after the third failure (not chipset).",
  "soft hard chipset reboot report none recovery",
  runPolicy,
);

class Scratch {
  readonly policy = new WatchdogPolicy();
  readonly changes = new SettingChanges();
}

const scratch = new Scratch();

function runStatus(session: Session): void {
  if (!session.expectsNothing()) return;
  const out = session.out;
  const watchdog = session.watchdog;
  if (watchdog.isArmed()) out.text(`armed, ${watchdog.timeoutSeconds()} s, ${watchdog.kickCount()} kicks\n`);
  else out.text("not armed\n");
  for (let i: u32 = 0; i < STAGE_COUNT; i++) writeStage(session, stageFrom(i));
  out.text("last restart:");
  out.tab(COLUMN);
  out.text(rebootReasonName(watchdog.getLastRebootReason()));
  out.text("\n");
}

/** `soft            on` */
function writeStage(session: Session, stage: WatchdogStage): void {
  const out = session.out;
  out.text(stageName(stage));
  out.tab(COLUMN);
  if (session.watchdog.isStageOn(stage)) out.text("on");
  else out.text(session.watchdog.hasStage(stage) ? "off" : "this machine has none");
  if (stage === WatchdogStage.chipset && session.watchdog.hasStage(stage)) {
    out.text(", ");
    out.text(session.watchdog.chipsetName());
  }
  out.text("\n");
}

function runArm(session: Session): void {
  const given = session.arguments;
  if (given.count() > 1) {
    session.misuse("takes a number of seconds, or nothing");
    return;
  }
  session.watchdog.getPolicy(scratch.policy);
  const seconds: i32 = given.count() === 0 ? i32(scratch.policy.timeoutSeconds) : given.number(0);
  session.out.flush();
  if (seconds >= 0 && session.watchdog.start(u32(seconds))) {
    scratch.changes.putArmed(u32(seconds));
    keepForNextBoots(session, scratch.changes);
    return;
  }
  session.complain("the time-out is a number of seconds from 2 to 1200");
  assert(LEAST_TIMEOUT_SECONDS === 2 && LONGEST_TIMEOUT_SECONDS === 1200);
}

function runDisarm(session: Session): void {
  if (!session.expectsNothing()) return;
  session.watchdog.disarm();
  session.out.text("The watchdog is off until watchdog arm: a hang is no longer noticed.\n");
  scratch.changes.putDisarmed();
  keepForNextBoots(session, scratch.changes);
}

function runKick(session: Session): void {
  if (!session.expectsNothing()) return;
  session.out.flush();
  session.watchdog.sayKicks();
}

function runPolicy(session: Session): void {
  session.watchdog.getPolicy(scratch.policy);
  const isChange = session.arguments.count() > 0;
  if (isChange && !change(session)) return;
  const out = session.out;
  out.text(`time-out ${scratch.policy.timeoutSeconds} s`);
  if (session.watchdog.timeoutSeconds() !== scratch.policy.timeoutSeconds) {
    out.text(`, at present ${session.watchdog.timeoutSeconds()} s`);
  }
  out.text("\n");
  for (let i: u32 = 0; i < STAGE_COUNT; i++) {
    const stage = scratch.policy.stages[i];
    out.text(stageName(stageFrom(i)));
    out.tab(COLUMN);
    out.text(actionName(stage.action));
    if (stage.recoveryFollows) out.text(", recovery follows");
    out.text("\n");
  }
  if (!isChange) return;
  scratch.changes.putStage(scratch.policy, u32(stageIndex(session)));
  keepForNextBoots(session, scratch.changes);
}

/** Changes one stage as the arguments say; false, and said why, where they do not make sense. */
function change(session: Session): boolean {
  const given = session.arguments;
  const index = stageIndex(session);
  const isRecovery = given.count() === 3 && given.is(2, "recovery");
  if (index < 0 || given.count() < 2 || (given.count() > 2 && !isRecovery) || !isAction(session)) {
    session.misuse("wants a stage and an action");
    return false;
  }
  const stage = scratch.policy.stages[u32(index)];
  stage.action = given.is(1, "reboot")
    ? WatchdogAction.reboot
    : given.is(1, "report")
      ? WatchdogAction.report
      : WatchdogAction.none;
  stage.recoveryFollows = isRecovery;
  if (session.watchdog.setPolicy(scratch.policy)) return true;
  session.complain("the chipset can only restart the machine, and leaves no wish behind");
  return false;
}

function stageIndex(session: Session): i32 {
  for (let i: u32 = 0; i < STAGE_COUNT; i++) {
    if (session.arguments.is(0, stageName(stageFrom(i)))) return i32(i);
  }
  return -1;
}

function isAction(session: Session): boolean {
  const given = session.arguments;
  return given.is(1, "reboot") || given.is(1, "report") || given.is(1, "none");
}
