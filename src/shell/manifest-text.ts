/** How a release or snapshot is written in listings. */
import { ManifestSummary } from "../service/boot-records.ts";
import { writeDateTime } from "./date-text.ts";
import { Output } from "./output.ts";

const ID_COLUMN = 4;
const KIND_COLUMN = 10;
const DATE_COLUMN = 20;
const TEXT_COLUMN = 42;

/** `    3     snapshot  2026-01-06 14:30:00   0.1.0 "before the update" [current] [golden]` */
export function writeManifestLine(out: Output, manifest: ManifestSummary): void {
  out.tab(ID_COLUMN);
  out.integer(manifest.id);
  out.tab(KIND_COLUMN);
  out.text(manifest.isSnapshot ? "snapshot" : "release");
  out.tab(DATE_COLUMN);
  writeDateTime(out, manifest.createdSeconds);
  out.tab(TEXT_COLUMN);
  if (manifest.versionLength > 0) out.foreign(bytesOf(manifest.version).slice(0, manifest.versionLength));
  else out.text(`(version ${manifest.versionNumber})`);
  if (manifest.labelLength > 0) {
    out.text(' "');
    out.foreign(bytesOf(manifest.label).slice(0, manifest.labelLength));
    out.text('"');
  }
  if (manifest.isCurrent) out.text(" [current]");
  if (manifest.isPrevious) out.text(" [previous]");
  if (manifest.isGolden) out.text(" [golden]");
  if (manifest.isPinned) out.text(" [pinned]");
  if (manifest.isPending) out.text(" [update cut short]");
  out.text("\n");
}
