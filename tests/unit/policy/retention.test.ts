import {
  appendReference,
  goldenId,
  isPendingManifest,
  makeRoot,
  Pin,
  REFERENCE,
  referenceAt,
  ROOT,
} from "../../../src/format/store.ts";
import { demoteGolden, dropUnretained, promoteGolden, settlePending } from "../../../src/policy/retention.ts";
import { equal, isTrue, test } from "../harness.ts";

class Scratch {
  readonly root = new Uint8Array(4096);
  readonly id = new Uint8Array(16);
}

const scratch = new Scratch();

/** A root with the manifests 1 to `count`. */
function rootOf(count: u32): Bytes {
  const root = bytesOf(scratch.root);
  makeRoot(root, bytesOf(scratch.id), bytesOf(scratch.id), 1000);
  for (let id: u32 = 1; id <= count; id++) REFERENCE.manifestId.set(appendReference(root), id);
  return root;
}

function ranks(root: Bytes, first: u32, second: u32, third: u32): void {
  equal(goldenId(root, 0), first);
  equal(goldenId(root, 1), second);
  equal(goldenId(root, 2), third);
}

export function main(): void {
  test("three golden ones roll; one that is golden again moves to the front");
  const root = rootOf(8);
  promoteGolden(root, 1);
  promoteGolden(root, 2);
  ranks(root, 2, 1, 0);
  promoteGolden(root, 1);
  ranks(root, 1, 2, 0);
  promoteGolden(root, 3);
  promoteGolden(root, 4);
  ranks(root, 4, 3, 1);
  promoteGolden(root, 1);
  ranks(root, 1, 4, 3);
  promoteGolden(root, 1);
  ranks(root, 1, 4, 3);

  test("a bad golden one leaves its rank, and the others close up");
  demoteGolden(root, 4);
  ranks(root, 1, 3, 0);
  demoteGolden(root, 9);
  ranks(root, 1, 3, 0);
  demoteGolden(root, 0);
  ranks(root, 1, 3, 0);
  demoteGolden(root, 1);
  ranks(root, 3, 0, 0);

  test("current, previous, golden and pinned stay, in their order; the rest goes");
  ROOT.currentId.set(root, 8);
  ROOT.previousId.set(root, 7);
  REFERENCE.pinned.set(referenceAt(root, 1), 1);
  equal(dropUnretained(root), 4);
  equal(ROOT.manifestCount.get(root), 4);
  equal(REFERENCE.manifestId.get(referenceAt(root, 0)), 2);
  equal(REFERENCE.manifestId.get(referenceAt(root, 1)), 3);
  equal(REFERENCE.manifestId.get(referenceAt(root, 2)), 7);
  equal(REFERENCE.manifestId.get(referenceAt(root, 3)), 8);
  isTrue(dropUnretained(root) === 0);

  test(
    "what a cut update left stays until one comes to its end; then only what has a rank, or was pinned by somebody",
  );
  const pending = appendReference(root);
  REFERENCE.manifestId.set(pending, 9);
  REFERENCE.pinned.set(pending, Pin.pending);
  equal(dropUnretained(root), 0);
  isTrue(isPendingManifest(root, 9) && !isPendingManifest(root, 2) && !isPendingManifest(root, 10));
  settlePending(root);
  isTrue(!isPendingManifest(root, 9));
  equal(dropUnretained(root), 1);
  equal(ROOT.manifestCount.get(root), 4);
}
