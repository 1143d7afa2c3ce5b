/**
 * Tries: which boots are tries of which manifest. Records → answers, no I/O.
 *
 * Tries are counted for what boots. A *series* is a release from the act that made it the one to boot (installation, update, restore), through all
 * changes of its settings and snapshots of it, which make manifests that differ from it in nothing that boots. A new series has tries of its own.
 * Each reference of a root bears its series' number, and each boot's record that of what was started. 0 is what a program wrote that knows no
 * series: what has none is told by its manifest. Numbers come round after 255, long after the history has forgotten the boots of the first.
 */
import { BOOT } from "../format/state-record.ts";
import { findReference, REFERENCE, referenceAt, ROOT } from "../format/store.ts";

const SERIES_LIMIT = 255;

/** The series of a manifest that the root names; 0 for none. */
export function seriesOf(root: Bytes, manifestId: u32): u8 {
  const index = findReference(root, manifestId);
  return index < 0 ? 0 : REFERENCE.series.get(referenceAt(root, u32(index)));
}

/** Somebody's act makes a manifest of a draft root the one to boot: its tries begin anew. */
export function beginSeries(root: Bytes, manifestId: u32): void {
  const number = u8((ROOT.lastSeries.get(root) % SERIES_LIMIT) + 1);
  ROOT.lastSeries.set(root, number);
  setSeries(root, manifestId, number);
}

/** A manifest of a draft root boots the same as one of this series. */
export function setSeries(root: Bytes, manifestId: u32, series: u8): void {
  const index = findReference(root, manifestId);
  assert(index >= 0, "the root names it");
  REFERENCE.series.set(referenceAt(root, u32(index)), series);
}

/** Whether a boot of the history was a try of a manifest of this series. */
export function isTryOf(boot: Bytes, manifestId: u32, series: u8): boolean {
  const own = BOOT.series.get(boot);
  if (own === 0 || series === 0) return BOOT.manifestId.get(boot) === manifestId;
  return own === series;
}
