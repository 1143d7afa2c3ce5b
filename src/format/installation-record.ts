/**
 * The installation record: how far an installation came, 4 KiB at the front of the planned log partition.
 *
 *     0     magic "RAYINSTL"  version  crc32  stage  installation  started  length of the saved table
 *     4096  the disk's old partition table, a record of its own (saved-table.ts)
 *
 * It stands there from before the first change of the disk until the new partition table is durable; then zeros take its
 * place and the log begins. Whoever finds it knows that the installation was cut short and where the old table is kept.
 */
import { crc32WithoutField } from "../base/crc32.ts";

export const INSTALLATION_RECORD_BYTES = 4096;
/** "RAYINSTL", read big endian. */
const MAGIC = 0x5241_5949_4e53_544cn;
const VERSION = 1;
const CRC_AT = 12;

export const INSTALLATION = layout(64, {
  magic: be64(0),
  version: le32(8),
  crc: le32(12),
  /** An `InstallationStage`: the last one that was begun. */
  stage: le32(16),
  savedTableBytes: le32(20),
  startedSeconds: le64(24),
  installationId: octets(32, 16),
  reserved0: octets(48, 16),
});

/** An empty record of an installation. */
export function makeInstallationRecord(record: Bytes, installationId: Bytes, startedSeconds: u64): void {
  assert(record.length === INSTALLATION_RECORD_BYTES);
  record.fill(0);
  INSTALLATION.magic.set(record, MAGIC);
  INSTALLATION.version.set(record, VERSION);
  INSTALLATION.startedSeconds.set(record, startedSeconds);
  INSTALLATION.installationId.of(record).copyFrom(installationId);
}

/** The last step before the write. */
export function sealInstallationRecord(record: Bytes): void {
  INSTALLATION.crc.set(record, crc32WithoutField(record, CRC_AT));
}

/** Whether 4 KiB are such a record, whole and of this version. */
export function isInstallationRecord(record: Bytes): boolean {
  if (record.length !== INSTALLATION_RECORD_BYTES || INSTALLATION.magic.get(record) !== MAGIC) return false;
  if (INSTALLATION.version.get(record) !== VERSION) return false;
  return INSTALLATION.crc.get(record) === crc32WithoutField(record, CRC_AT);
}
