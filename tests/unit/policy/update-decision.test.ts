import {
  decideUpdate,
  UpdateDecision,
  UpdateFacts,
  UpdateRefusal,
  UpdateWarning,
} from "../../../src/policy/update-decision.ts";
import { isTrue, test } from "../harness.ts";

const facts = new UpdateFacts();
const decision = new UpdateDecision();

/** Release 20 over release 10, and nothing in the way. */
function usual(): void {
  facts.hasRelease = true;
  facts.isInstalled = true;
  facts.isReadOnly = false;
  facts.storeOpens = true;
  facts.hasEfiSystem = true;
  facts.hasRoom = true;
  facts.installedVersion = 10;
  facts.offeredVersion = 20;
  facts.versionFloor = 10;
  facts.isSameContent = false;
}

function refuses(refusal: UpdateRefusal): void {
  decideUpdate(facts, decision);
  isTrue(decision.refusal === refusal);
}

function allows(warning: UpdateWarning): void {
  decideUpdate(facts, decision);
  isTrue(decision.refusal === UpdateRefusal.none);
  isTrue(decision.warning === warning);
}

export function main(): void {
  test("a newer release over an older one needs no warning");
  usual();
  allows(UpdateWarning.none);
  facts.installedVersion = 0;
  allows(UpdateWarning.none);

  test("each thing in the way has its refusal");
  usual();
  facts.hasRelease = false;
  refuses(UpdateRefusal.noRelease);
  usual();
  facts.isInstalled = false;
  refuses(UpdateRefusal.noInstallation);
  usual();
  facts.isReadOnly = true;
  refuses(UpdateRefusal.readOnly);
  usual();
  facts.storeOpens = false;
  refuses(UpdateRefusal.damagedStore);
  usual();
  facts.hasEfiSystem = false;
  refuses(UpdateRefusal.noEfiSystem);
  usual();
  facts.hasRoom = false;
  refuses(UpdateRefusal.noRoom);

  test("nothing goes below the version floor, and an older release above it is warned of");
  usual();
  facts.offeredVersion = 9;
  refuses(UpdateRefusal.belowFloor);
  facts.versionFloor = 5;
  allows(UpdateWarning.older);

  test("the same bytes under the same version are refused, other bytes warned of");
  usual();
  facts.offeredVersion = 10;
  allows(UpdateWarning.sameVersion);
  facts.isSameContent = true;
  refuses(UpdateRefusal.sameRelease);
  facts.offeredVersion = 20;
  allows(UpdateWarning.none);
}
