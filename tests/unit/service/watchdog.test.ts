/** Watchdog: what is a sign of life and what is none, by a clock that the test moves. */
import { Clock } from "../../../src/device/clock.ts";
import { MarkerSink } from "../../../src/device/marker-sink.ts";
import { WatchdogTimer } from "../../../src/device/watchdog-timer.ts";
import { BootMode } from "../../../src/format/boot-reason.ts";
import {
  RebootReason,
  WatchdogAction,
  WatchdogPolicy,
  WatchdogStage,
} from "../../../src/policy/watchdog-policy.ts";
import { Watchdog, WatchdogVerdict } from "../../../src/service/watchdog.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

const MILLISECOND: u64 = 1000000n;
const TICK: u64 = 10000000n;

class TestClock implements Clock {
  now: u64 = 0n;

  monotonicNs(): u64 {
    return this.now;
  }

  unixSeconds(): u64 {
    return 0n;
  }

  unixSecondsAt(monotonicNs: u64): u64 {
    return 0n;
  }
}

class TestTimer implements WatchdogTimer {
  armedMs: u32 = 0;
  reloads: u32 = 0;
  works: boolean = true;

  name(): string {
    return "test timer";
  }

  causedLastReset(): boolean {
    return false;
  }

  arm(timeoutMs: u32): boolean {
    this.armedMs = this.works ? timeoutMs : 0;
    return this.works;
  }

  reload(): void {
    this.reloads++;
  }

  disarm(): void {
    this.armedMs = 0;
  }
}

/** Keeps the last marker. */
class TestSink implements MarkerSink {
  private readonly bytes = new Uint8Array(256);
  private length: u32 = 0;
  count: u32 = 0;

  emit(line: Bytes): void {
    bytesOf(this.bytes).slice(0, line.length).copyFrom(line);
    this.length = line.length;
    this.count++;
  }

  is(text: string): boolean {
    return bytesOf(this.bytes).slice(0, this.length).equals(utf8(text));
  }
}

const clock = new TestClock();
const timer = new TestTimer();
const sink = new TestSink();
const policy = new WatchdogPolicy();
const plain = new Watchdog(clock);
const full = new Watchdog(clock);
let rounds: u64 = 0n;

export function main(): void {
  checkArming();
  checkLife();
  checkStall();
  checkNmi();
  checkPolicy();
  checkChipset();
  checkCrash();
}

/** A watchdog as new, armed with 5 s. */
function begin(watchdog: Watchdog): void {
  const fresh = new WatchdogPolicy();
  watchdog.disarm();
  watchdog.setPolicy(fresh);
  watchdog.create(sink, BootMode.normal);
  isTrue(watchdog.start(5));
}

/** Lets time pass in ticks of 10 ms; the last verdict that was not `alive`, or that. */
function tick(watchdog: Watchdog, milliseconds: u32): WatchdogVerdict {
  let verdict: WatchdogVerdict = WatchdogVerdict.alive;
  for (let passed: u32 = 0; passed < milliseconds; passed += 10) {
    clock.now = u64(clock.now + TICK);
    const now = watchdog.onTick();
    if (now !== WatchdogVerdict.alive) verdict = now;
  }
  return verdict;
}

function round(watchdog: Watchdog): void {
  rounds = u64(rounds + 1n);
  watchdog.kick(rounds);
}

function checkArming(): void {
  test("arming says so, with the time-out that holds");
  plain.create(sink, BootMode.normal);
  isTrue(!plain.isArmed());
  isTrue(plain.start(30));
  isTrue(plain.isArmed());
  isTrue(sink.is("RAYOS_WATCHDOG:ARMED:30"));

  test("armed while drivers start, it says the longer time-out, and the policy's when that is over");
  plain.create(sink, BootMode.normal);
  isTrue(!plain.setWorking(true));
  isTrue(plain.start(30));
  isTrue(sink.is("RAYOS_WATCHDOG:ARMED:300"));
  isTrue(plain.setWorking(false));
  isTrue(sink.is("RAYOS_WATCHDOG:ARMED:30"));

  test("seconds out of bounds change nothing");
  const said = sink.count;
  isTrue(!plain.start(1));
  isTrue(!plain.start(1201));
  equal(plain.timeoutSeconds(), 30);
  equal(sink.count, said);

  test("one that is not armed bites nobody");
  plain.disarm();
  isTrue(tick(plain, 60000) === WatchdogVerdict.alive);

  test("the reason of the last restart is what was noted");
  isTrue(plain.getLastRebootReason() === RebootReason.unknown);
  plain.noteRebootReason(RebootReason.watchdogHard);
  isTrue(plain.getLastRebootReason() === RebootReason.watchdogHard);
}

function checkLife(): void {
  test("a main loop that goes round lives for ever, even if each round takes a second");
  begin(plain);
  for (let i: u32 = 0; i < 60; i++) {
    isTrue(tick(plain, 1000) === WatchdogVerdict.alive);
    round(plain);
  }

  test("silence ends it at the time-out, not before");
  isTrue(tick(plain, 4990) === WatchdogVerdict.alive);
  isTrue(tick(plain, 10) === WatchdogVerdict.stop);

  test("a stage fires once");
  isTrue(tick(plain, 10000) === WatchdogVerdict.alive);

  test("a kick without progress is none: whoever kicks in an interrupt does not save a hung loop");
  begin(plain);
  round(plain);
  let verdict: WatchdogVerdict = WatchdogVerdict.alive;
  for (let i: u32 = 0; i < 500; i++) {
    plain.kick(rounds);
    const now = tick(plain, 10);
    if (now !== WatchdogVerdict.alive) verdict = now;
  }
  isTrue(verdict === WatchdogVerdict.stop);

  test("kicks are counted and said when asked for");
  begin(plain);
  const before = plain.kickCount();
  round(plain);
  round(plain);
  plain.kick(rounds);
  equalBig(plain.kickCount(), before + 2n);
  plain.sayKicks();
  isTrue(!sink.is("RAYOS_WATCHDOG:ARMED:5"));
}

function checkStall(): void {
  test("a machine that stood still as a whole was not silent");
  begin(plain);
  round(plain);
  clock.now = u64(clock.now + 600000n * MILLISECOND);
  isTrue(plain.onTick() === WatchdogVerdict.alive);
  isTrue(tick(plain, 4000) === WatchdogVerdict.alive);
  isTrue(tick(plain, 1000) === WatchdogVerdict.stop);

  test("a clock that goes back does no harm");
  begin(plain);
  clock.now = u64(clock.now - 5000n * MILLISECOND);
  isTrue(plain.onTick() === WatchdogVerdict.alive);
  isTrue(tick(plain, 4000) === WatchdogVerdict.alive);
  isTrue(tick(plain, 2000) === WatchdogVerdict.stop);
}

function checkNmi(): void {
  test("an NMI counts only where ticks have stopped");
  full.useNmi(100n * MILLISECOND);
  begin(full);
  for (let i: u32 = 0; i < 100; i++) {
    round(full);
    isTrue(tick(full, 100) === WatchdogVerdict.alive);
    isTrue(full.onNmi() === WatchdogVerdict.alive);
  }

  test("interrupts off: the NMI ends it at the time-out");
  round(full);
  isTrue(full.onNmi() === WatchdogVerdict.alive);
  for (let i: u32 = 0; i < 48; i++) isTrue(full.onNmi() === WatchdogVerdict.alive);
  isTrue(full.onNmi() === WatchdogVerdict.stop);

  test("silence of both kinds adds up");
  begin(full);
  isTrue(tick(full, 3000) === WatchdogVerdict.alive);
  isTrue(full.onNmi() === WatchdogVerdict.alive);
  for (let i: u32 = 0; i < 19; i++) isTrue(full.onNmi() === WatchdogVerdict.alive);
  isTrue(full.onNmi() === WatchdogVerdict.stop);
}

function checkPolicy(): void {
  test("a stage that is off lets the next one decide");
  begin(full);
  full.getPolicy(policy);
  policy.stages[WatchdogStage.soft].action = WatchdogAction.none;
  isTrue(full.setPolicy(policy));
  isTrue(tick(full, 20000) === WatchdogVerdict.alive);
  isTrue(!full.isStageOn(WatchdogStage.soft));
  isTrue(full.isStageOn(WatchdogStage.hard));

  test("report is said, not done");
  policy.stages[WatchdogStage.soft].action = WatchdogAction.report;
  isTrue(full.setPolicy(policy));
  isTrue(tick(full, 5000) === WatchdogVerdict.report);

  test("a policy that is not sound changes nothing");
  policy.timeoutSeconds = 0;
  isTrue(!full.setPolicy(policy));
  equal(full.timeoutSeconds(), 5);

  test("long work has a longer time-out, which is over with it");
  begin(full);
  isTrue(full.setWorking(true));
  isTrue(sink.is("RAYOS_WATCHDOG:ARMED:300"));
  isTrue(!full.setWorking(true));
  isTrue(tick(full, 60000) === WatchdogVerdict.alive);
  isTrue(full.setWorking(false));
  isTrue(sink.is("RAYOS_WATCHDOG:ARMED:5"));
  isTrue(tick(full, 4000) === WatchdogVerdict.alive);
  isTrue(tick(full, 1000) === WatchdogVerdict.stop);
}

function checkChipset(): void {
  test("the chipset's timer runs a little longer than the time-out, and is reloaded by rounds alone");
  begin(full);
  full.useChipset(timer);
  isTrue(timer.armedMs > 5000 && timer.armedMs < 7000);
  isTrue(full.isStageOn(WatchdogStage.chipset));
  const before = timer.reloads;
  isTrue(tick(full, 1000) === WatchdogVerdict.alive);
  equal(timer.reloads, before);
  round(full);
  equal(timer.reloads, before + 1);

  test("it is not reloaded at every round");
  for (let i: u32 = 0; i < 100; i++) round(full);
  equal(timer.reloads, before + 1);

  test("longer work lengthens it too; disarming stops it");
  isTrue(full.setWorking(true));
  isTrue(timer.armedMs > 300000);
  full.disarm();
  equal(timer.armedMs, 0);
  isTrue(!full.isStageOn(WatchdogStage.chipset));

  test("one that cannot be armed is not on");
  timer.works = false;
  begin(full);
  isTrue(!full.isStageOn(WatchdogStage.chipset));
  isTrue(full.hasStage(WatchdogStage.chipset));
  timer.works = true;
}

function checkCrash(): void {
  test("a crash has the whole time-out once more, and falls to the NMI when it hangs itself");
  begin(full);
  isTrue(full.onNmi() === WatchdogVerdict.alive);
  isTrue(tick(full, 4000) === WatchdogVerdict.alive);
  full.yieldToCrash();
  isTrue(full.onNmi() === WatchdogVerdict.alive);
  for (let i: u32 = 0; i < 49; i++) isTrue(full.onNmi() === WatchdogVerdict.alive);
  isTrue(full.onNmi() === WatchdogVerdict.stop);
}
