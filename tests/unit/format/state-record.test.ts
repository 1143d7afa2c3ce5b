import {
  BOOT,
  bootAt,
  BootStage,
  checkStateRecord,
  HISTORY_LIMIT,
  makeStateRecord,
  pushBoot,
  sealStateRecord,
  setStage,
  stageMs,
  STATE,
  StateFault,
} from "../../../src/format/state-record.ts";
import { equal, isTrue, test } from "../harness.ts";

class Scratch {
  readonly record = new Uint8Array(4096);
  readonly id = new Uint8Array(16);
}

const scratch = new Scratch();

function fault(record: Bytes): u32 {
  const checked = checkStateRecord(record);
  if (checked.ok) return 0;
  return checked.error;
}

export function main(): void {
  const record = bytesOf(scratch.record);

  test("a sealed record is whole, and no flipped bit passes");
  makeStateRecord(record, bytesOf(scratch.id));
  sealStateRecord(record, 7n);
  equal(fault(record), 0);
  let passed: u32 = 0;
  for (let i: u32 = 0; i < 4096; i++) {
    const before = record.u8(i);
    record.setU8(i, (before ^ 0x04) & 0xff);
    if (fault(record) === 0) passed++;
    record.setU8(i, before);
  }
  equal(passed, 0);

  test("zeros are foreign, a later version is newer, a wrong count damaged");
  STATE.version.set(record, 2);
  sealStateRecord(record, 7n);
  equal(fault(record), StateFault.newer);
  STATE.version.set(record, 1);
  STATE.historyCount.set(record, HISTORY_LIMIT + 1);
  sealStateRecord(record, 7n);
  equal(fault(record), StateFault.damaged);
  record.fill(0);
  equal(fault(record), StateFault.foreign);

  test("the history keeps the newest 72 boots, the newest first");
  makeStateRecord(record, bytesOf(scratch.id));
  for (let i: u32 = 1; i <= 100; i++) {
    const boot = pushBoot(record);
    BOOT.manifestId.set(boot, i);
  }
  equal(STATE.historyCount.get(record), HISTORY_LIMIT);
  equal(STATE.bootTotal.get(record), 100);
  equal(BOOT.manifestId.get(bootAt(record, 0)), 100);
  equal(BOOT.manifestId.get(bootAt(record, 71)), 29);

  test("each stage keeps its own time");
  const boot = bootAt(record, 0);
  setStage(boot, BootStage.kernelLoaded, 10);
  setStage(boot, BootStage.golden, 40);
  equal(stageMs(boot, BootStage.kernelLoaded), 10);
  equal(stageMs(boot, BootStage.shellReady), 0);
  equal(stageMs(boot, BootStage.golden), 40);
  isTrue(BOOT.stage.get(boot) === 5);
}
