/**
 * Retention: which manifests stay. Facts → decision, no I/O.
 *
 * The current one, the one before it, the three newest golden ones, and whatever is pinned; everything else goes with the next
 * commit, and with it the space of objects that nothing else names. The release of an update that was cut short is pinned, since the
 * boot files may be its own, until another update has come to its end.
 */
import {
  findReference,
  GOLDEN_LIMIT,
  goldenId,
  isGolden,
  isPending,
  Pin,
  REFERENCE,
  referenceAt,
  removeReference,
  ROOT,
  setGolden,
} from "../format/store.ts";

/** Makes a manifest the newest golden one of a draft root; the fourth loses its rank. One that was golden moves to the front. */
export function promoteGolden(root: Bytes, manifestId: u32): void {
  assert(findReference(root, manifestId) >= 0, "a golden manifest is in the root");
  const first = goldenId(root, 0);
  const second = goldenId(root, 1);
  const third = goldenId(root, 2);
  if (first === manifestId) return;
  setGolden(root, manifestId, first, second === manifestId ? third : second);
}

/** Whether a manifest stays. `reference` belongs to `root`. */
export function isRetained(root: Bytes, reference: Bytes): boolean {
  const id = REFERENCE.manifestId.get(reference);
  if (REFERENCE.pinned.get(reference) !== 0) return true;
  return id === ROOT.currentId.get(root) || id === ROOT.previousId.get(root) || isGolden(root, id);
}

/** Removes what does not stay from a draft root; returns how many went. */
export function dropUnretained(root: Bytes): u32 {
  let dropped: u32 = 0;
  for (let i: u32 = ROOT.manifestCount.get(root); i > 0; i--) {
    if (isRetained(root, referenceAt(root, i - 1))) continue;
    removeReference(root, i - 1);
    dropped++;
  }
  return dropped;
}

/** An update came to its end: what it put down, and what others left that did not, is kept by its rank alone. */
export function settlePending(root: Bytes): void {
  const count = ROOT.manifestCount.get(root);
  for (let i: u32 = 0; i < count; i++) {
    const reference = referenceAt(root, i);
    if (isPending(reference)) REFERENCE.pinned.set(reference, Pin.none);
  }
}

/** Takes a manifest that turned out bad out of the golden ranks, so that it no longer displaces a good one. */
export function demoteGolden(root: Bytes, manifestId: u32): void {
  for (let rank: u32 = 0; rank < GOLDEN_LIMIT; rank++) {
    if (manifestId === 0 || goldenId(root, rank) !== manifestId) continue;
    const first = rank > 0 ? goldenId(root, 0) : goldenId(root, 1);
    const second = rank > 1 ? goldenId(root, 1) : goldenId(root, 2);
    setGolden(root, first, second, 0);
    return;
  }
}
