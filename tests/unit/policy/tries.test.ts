/** Which boots count against what boots by default: every history of a few acts, against a model that knows what each manifest boots. */
import { BootReason } from "../../../src/format/boot-reason.ts";
import {
  BOOT,
  bootAt,
  BootEnding,
  BootStage,
  makeStateRecord,
  pushBoot,
} from "../../../src/format/state-record.ts";
import { appendReference, findReference, makeRoot, REFERENCE, ROOT } from "../../../src/format/store.ts";
import { beginFacts, listCandidates } from "../../../src/policy/boot-candidates.ts";
import {
  BootAction,
  BootDecision,
  BootFacts,
  chooseBoot,
  DEFAULT_TRIES,
} from "../../../src/policy/boot-choice.ts";
import { failuresOf } from "../../../src/policy/boot-history.ts";
import { promoteGolden } from "../../../src/policy/retention.ts";
import { beginSeries, isTryOf, seriesOf, setSeries } from "../../../src/policy/tries.ts";
import { equal, isTrue, test } from "../harness.ts";

/** Acts behind those that every history begins with. */
const ACTS = 5;
const KINDS = 6;
const HISTORIES = 7776;
/** Boots that vanish before the first act. */
const PRELUDES = 4;
/** Manifests and series that a history can come to. */
const LIMIT = 16;

const enum Act {
  bootVanishes = 0,
  bootIsGolden = 1,
  /** Golden, and then a crash: a failure. */
  bootCrashes = 2,
  settings = 3,
  restore = 4,
  update = 5,
}

class Scratch {
  readonly facts = new BootFacts();
  readonly decision = new BootDecision();
  readonly record = new Uint8Array(4096);
  readonly root = new Uint8Array(4096);
  readonly id = new Uint8Array(16);
}

/** What the history should come to: no number comes round here. */
class Model {
  lines: u32 = 0;
  readonly lineOf = new Uint32Array(LIMIT);
  readonly failures = new Uint32Array(LIMIT);
  /** How often something else than that was started or waited for. */
  wrong: u32 = 0;
  /** Choices that a change of settings changed. */
  swayed: u32 = 0;
  fallbacks: u32 = 0;

  beginLine(manifestId: u32): void {
    this.lines++;
    this.lineOf[manifestId] = this.lines;
    this.failures[this.lines] = 0;
  }

  failuresOf(manifestId: u32): u32 {
    return this.failures[this.lineOf[manifestId]];
  }

  fail(manifestId: u32): void {
    this.failures[this.lineOf[manifestId]] = this.failuresOf(manifestId) + 1;
  }

  forgive(): void {
    for (let line: u32 = 0; line < LIMIT; line++) this.failures[line] = 0;
  }
}

const scratch = new Scratch();
const model = new Model();

/** Two releases, the first golden, the second current. */
function begin(): void {
  const root = bytesOf(scratch.root);
  makeRoot(root, bytesOf(scratch.id), bytesOf(scratch.id), 1000);
  makeStateRecord(bytesOf(scratch.record), bytesOf(scratch.id));
  model.lines = 0;
  addManifest(1);
  addManifest(2);
  promoteGolden(root, 1);
}

function addManifest(id: u32): void {
  addReference(id);
  beginSeries(bytesOf(scratch.root), id);
  model.beginLine(id);
}

function addReference(id: u32): void {
  const root = bytesOf(scratch.root);
  REFERENCE.manifestId.set(appendReference(root), id);
  ROOT.nextManifestId.set(root, id + 1);
  ROOT.previousId.set(root, ROOT.currentId.get(root));
  ROOT.currentId.set(root, id);
}

function choose(): void {
  beginFacts(scratch.facts, bytesOf(scratch.record), true);
  listCandidates(scratch.facts, bytesOf(scratch.root), false, bytesOf(scratch.record), true);
  chooseBoot(scratch.facts, scratch.decision);
}

/** Whether what is current would be started now. */
function isCurrentNext(): boolean {
  choose();
  const decision = scratch.decision;
  return decision.action === BootAction.boot && decision.reason === BootReason.default;
}

/** Boots what the policy says, and holds that against the model. */
function boot(act: Act): void {
  const current = ROOT.currentId.get(bytesOf(scratch.root));
  const isDue = model.failuresOf(current) < DEFAULT_TRIES;
  if (isCurrentNext() !== isDue) model.wrong++;
  if (scratch.decision.action === BootAction.menu) return;
  const candidate = scratch.facts.candidates[scratch.decision.index];
  if (isDue && scratch.decision.tryNumber !== model.failuresOf(current) + 1) model.wrong++;
  const entry = pushBoot(bytesOf(scratch.record));
  BOOT.manifestId.set(entry, candidate.manifestId);
  BOOT.series.set(entry, candidate.series);
  BOOT.reason.set(entry, scratch.decision.reason);
  BOOT.mode.set(entry, scratch.decision.mode);
  BOOT.stage.set(entry, act === Act.bootVanishes ? BootStage.booting : BootStage.golden);
  if (act === Act.bootCrashes) BOOT.ending.set(entry, BootEnding.panic);
  // A rescue boot counts neither way, and never is golden.
  if (scratch.decision.mode !== 0) BOOT.stage.set(entry, BootStage.shellReady);
  else settle(act, candidate.manifestId, isDue);
}

function settle(act: Act, manifestId: u32, isDue: boolean): void {
  const root = bytesOf(scratch.root);
  if (!isDue) model.fallbacks++;
  if (act !== Act.bootVanishes) {
    promoteGolden(root, manifestId);
    if (!isDue) ROOT.currentId.set(root, manifestId);
  }
  if (act === Act.bootIsGolden) model.forgive();
  else model.fail(manifestId);
}

/** The current manifest again, with other settings. */
function changeSettings(): void {
  const root = bytesOf(scratch.root);
  const current = ROOT.currentId.get(root);
  const id = ROOT.nextManifestId.get(root);
  const wasNext = isCurrentNext();
  const wanted = scratch.decision.tryNumber;
  addReference(id);
  setSeries(root, id, seriesOf(root, current));
  model.lineOf[id] = model.lineOf[current];
  if (isCurrentNext() !== wasNext || scratch.decision.tryNumber !== wanted) model.swayed++;
}

/** Goes back to the first manifest, or where that is the current one to the second. */
function restore(): void {
  const root = bytesOf(scratch.root);
  const wanted: u32 = ROOT.currentId.get(root) === 1 ? 2 : 1;
  beginSeries(root, wanted);
  ROOT.previousId.set(root, ROOT.currentId.get(root));
  ROOT.currentId.set(root, wanted);
  model.beginLine(wanted);
}

function act(kind: u32): void {
  switch (kind) {
    case 0:
      boot(Act.bootVanishes);
      break;
    case 1:
      boot(Act.bootIsGolden);
      break;
    case 2:
      boot(Act.bootCrashes);
      break;
    case 3:
      changeSettings();
      break;
    case 4:
      restore();
      break;
    default:
      addManifest(ROOT.nextManifestId.get(bytesOf(scratch.root)));
  }
}

/** The acts that a number says, behind so many boots that vanish. */
function runHistory(prelude: u32, number: u32): void {
  begin();
  for (let i: u32 = 0; i < prelude; i++) boot(Act.bootVanishes);
  let rest: u32 = number;
  for (let i: u32 = 0; i < ACTS; i++) {
    act(rest % KINDS);
    rest = u32(Math.trunc(rest / KINDS));
  }
}

function runHistories(): void {
  test(
    "in every history of boots, settings, restores and updates what boots is tried three times, then falls back",
  );
  model.wrong = 0;
  model.swayed = 0;
  model.fallbacks = 0;
  for (let prelude: u32 = 0; prelude < PRELUDES; prelude++) {
    for (let number: u32 = 0; number < HISTORIES; number++) runHistory(prelude, number);
  }
  equal(model.wrong, 0);
  isTrue(model.fallbacks > HISTORIES);

  test("in none of them a change of settings sways what is started next, or which try it is");
  equal(model.swayed, 0);
}

export function main(): void {
  runHistories();

  test("a restore and an update begin with the first try, whatever failed before");
  begin();
  for (let i: u32 = 0; i < 3; i++) boot(Act.bootVanishes);
  isTrue(!isCurrentNext());
  restore();
  isTrue(isCurrentNext() && scratch.decision.tryNumber === 1);
  for (let i: u32 = 0; i < 3; i++) boot(Act.bootVanishes);
  isTrue(!isCurrentNext());
  addManifest(9);
  isTrue(isCurrentNext() && scratch.decision.tryNumber === 1);

  test("what a program wrote that knows no series is told by its manifest");
  begin();
  for (let i: u32 = 0; i < 2; i++) boot(Act.bootVanishes);
  const record = bytesOf(scratch.record);
  BOOT.series.set(bootAt(record, 1), 0);
  equal(failuresOf(record, 0, 2, seriesOf(bytesOf(scratch.root), 2)), 2);
  equal(failuresOf(record, 0, 2, 0), 2);
  equal(failuresOf(record, 0, 3, seriesOf(bytesOf(scratch.root), 2)), 1);
  equal(failuresOf(record, 0, 3, 0), 0);
  isTrue(!isTryOf(bootAt(record, 0), 2, 200));

  test("the numbers of series come round after 255, and are never 0");
  const root = bytesOf(scratch.root);
  for (let i: u32 = 0; i < 600; i++) {
    const before = ROOT.lastSeries.get(root);
    beginSeries(root, 2);
    const after = seriesOf(root, 2);
    isTrue(after === (before === 255 ? 1 : before + 1));
  }
  equal(seriesOf(root, 77), 0);
  equal(findReference(root, 77), -1);
}
