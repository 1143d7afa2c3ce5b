/**
 * The handover: everything the kernel is told, and the jump.
 *
 * Steps: 1. the record, with all that is known before; 2. payloads, where the kernel could not read the medium itself; 3. page
 * tables; 4. the boot services end (**from here on nothing of the firmware may be called**); 5. the memory map into the
 * record, its CRC, the jump. Until step 4 a failure returns a sentence and nothing is lost.
 */
import { BootMode } from "../format/boot-reason.ts";
import {
  addPayload,
  beginHandoff,
  HANDOFF,
  MemoryKind,
  PayloadKind,
  sealHandoff,
  setDevicePath,
} from "../format/handoff.ts";
import { TextWriter } from "../base/text-writer.ts";
import { writeDevicePath } from "../format/device-path.ts";
import { MANIFEST, OBJECT, objectAt, ObjectKind } from "../format/manifest.ts";
import { ObjectStore, objectBlocks } from "../storage/object-store.ts";
import { BootSession } from "./boot-session.ts";
import { Installation } from "./discovery.ts";
import {
  describeMachine,
  gatherEntropy,
  jumpToKernel,
  leaveFirmware,
  memoryAt,
  readMemoryMap,
  secondsNow,
  stampHandoff,
  takeMemory,
} from "./firmware.ts";
import { FirmwareConsole } from "./firmware-console.ts";
import { CrashMemory } from "./crash-memory.ts";
import { BootLoader, LEAST_MEMORY_BYTES } from "./loader.ts";
import { CRASH_MEMORY_PAGES } from "../format/crash-memory.ts";
import { MemoryMap } from "../format/firmware-memory.ts";

const BLOCK_BYTES = 4096;
const PAGE_BYTES = 4096n;
/** Larger objects stay on the medium. */
const PAYLOAD_LIMIT_BYTES = 0x1000_0000n;
const SERIAL_PORTS = 8;
const PATH_TEXT_BYTES = 256;
/** Record and log text share one stretch of memory: the record, then the text. */
const HANDOFF_PAGES_BYTES = 32768;
const LOG_AT = 12288;

const memory = new MemoryMap();

export class Handover {
  private address: u64 = 0n;

  /** Steps 1 to 3; empty, or why not as a sentence. */
  prepare(session: BootSession, loader: BootLoader, crashes: CrashMemory, console: FirmwareConsole): string {
    if (!readMemoryMap(memory)) return "The firmware does not tell its memory map.";
    if (memory.usableBytes() < LEAST_MEMORY_BYTES) {
      return "This machine has too little memory: RayOS needs 64 MiB of free memory.";
    }
    memory.clearPieces();
    this.address = takeMemory(BigInt(HANDOFF_PAGES_BYTES));
    if (this.address === 0n) return "There is no memory for the handoff.";
    const record = this.record();
    beginHandoff(record);
    describeMachine(record);
    describeChoice(record, session);
    describeMedium(record, session.chosenInstallation());
    describeKernel(record, loader);
    HANDOFF.serialPort.set(record, console.serialPort());
    HANDOFF.serialPortCount.set(record, console.serialPort() === 0 ? 0 : SERIAL_PORTS);
    if (session.chosenInstallation().isUsb) takePayloads(record, session, loader, console);
    const frameBuffer = HANDOFF.frameBufferAddress.get(record);
    if (!loader.map(memory, frameBuffer, HANDOFF.frameBufferBytes.get(record))) {
      return "There is not enough memory for the kernel's page tables.";
    }
    HANDOFF.pageTableRoot.set(record, loader.tables.root());
    describeCrashes(record, session, crashes);
    memory.addPiece(this.address, BigInt(HANDOFF_PAGES_BYTES) / PAGE_BYTES, MemoryKind.handoff);
    memory.addPiece(loader.base, BigInt(loader.byteLength) / PAGE_BYTES, MemoryKind.kernel);
    memory.addPiece(loader.tableAddress, BigInt(loader.tableBytes) / PAGE_BYTES, MemoryKind.pageTables);
    return "";
  }

  /** The chipset's watchdog runs, and waits so long for the kernel. */
  noteWatchdog(seconds: u16): void {
    HANDOFF.watchdogSeconds.set(this.record(), seconds);
  }

  /** Steps 4 and 5. Returns a sentence only where the firmware does not let go. */
  jump(loader: BootLoader, console: FirmwareConsole): string {
    const record = this.record();
    this.takeLog(console.logText());
    gatherEntropy(HANDOFF.entropy.of(record));
    HANDOFF.unixSeconds.set(record, secondsNow());
    if (!leaveFirmware(memory)) return "The firmware does not end its boot services.";
    // A map that does not fit loses its end: less memory, but a machine that starts.
    memory.write(record);
    stampHandoff(record);
    sealHandoff(record);
    jumpToKernel(loader.tables.root(), loader.image.entry, this.address);
    return "";
  }

  private record(): Bytes {
    return memoryAt(this.address, HANDOFF.byteLength);
  }

  private takeLog(text: Bytes): void {
    const room = HANDOFF_PAGES_BYTES - LOG_AT;
    const length: u32 = text.length <= room ? text.length : u32(room);
    const at: u64 = this.address + BigInt(LOG_AT);
    memoryAt(at, length).copyFrom(text.slice(0, length));
    HANDOFF.logAddress.set(this.record(), at);
    HANDOFF.logBytes.set(this.record(), length);
  }
}

function describeChoice(record: Bytes, session: BootSession): void {
  const decision = session.decision;
  HANDOFF.bootId.of(record).copyFrom(bytesOf(session.bootId));
  HANDOFF.installationId.of(record).copyFrom(bytesOf(session.chosenInstallation().installationId));
  HANDOFF.manifestId.set(record, session.candidate().manifestId);
  HANDOFF.reason.set(record, decision.reason);
  HANDOFF.mode.set(record, decision.mode === BootMode.rescue ? 1 : 0);
  HANDOFF.tryNumber.set(record, decision.tryNumber);
  HANDOFF.tryMaximum.set(record, decision.tryMaximum);
  HANDOFF.fromRecoveryStore.set(record, session.candidate().fromRecoveryStore ? 1 : 0);
  HANDOFF.series.set(record, session.candidate().series);
}

function describeMedium(record: Bytes, installation: Installation): void {
  const text = new Uint8Array(PATH_TEXT_BYTES);
  const out = new TextWriter(bytesOf(text));
  writeDevicePath(out, installation.disk.path());
  setDevicePath(record, out.written());
  HANDOFF.mediumIsUsb.set(record, installation.isUsb ? 1 : 0);
  HANDOFF.diskGuid.of(record).copyFrom(bytesOf(installation.diskGuid));
  HANDOFF.espPartitionGuid.of(record).copyFrom(bytesOf(installation.espGuid));
  HANDOFF.systemPartitionGuid.of(record).copyFrom(bytesOf(installation.systemGuid));
}

/** What is known of the end before this start, and where this boot may leave what is known of its own. */
function describeCrashes(record: Bytes, session: BootSession, crashes: CrashMemory): void {
  HANDOFF.chipsetFired.set(record, session.chipsetFired ? 1 : 0);
  HANDOFF.crashMemoryAddress.set(record, crashes.place());
  if (crashes.place() === 0n) return;
  memory.addPiece(crashes.place(), BigInt(CRASH_MEMORY_PAGES), MemoryKind.crashMemory);
}

function describeKernel(record: Bytes, loader: BootLoader): void {
  HANDOFF.kernelBase.set(record, loader.base);
  HANDOFF.kernelBytes.set(record, BigInt(loader.byteLength));
}

/** Reads every object of the release into memory that the kernel keeps: it has no driver for the medium. */
function takePayloads(
  record: Bytes,
  session: BootSession,
  loader: BootLoader,
  console: FirmwareConsole,
): void {
  const manifest = session.manifest();
  const store = session.storeOf(session.candidate());
  const count = MANIFEST.objectCount.get(manifest);
  for (let i: u32 = 0; i < count; i++) {
    const object = objectAt(manifest, i);
    const kind = payloadKind(OBJECT.kind.get(object));
    if (kind === PayloadKind.none) continue;
    if (kind === PayloadKind.kernel) keepPayload(record, object, kind, loader.fileAddress);
    else takePayload(record, store, object, kind, console);
  }
}

function takePayload(
  record: Bytes,
  store: ObjectStore,
  object: Bytes,
  kind: PayloadKind,
  console: FirmwareConsole,
): void {
  if (OBJECT.sizeBytes.get(object) > PAYLOAD_LIMIT_BYTES) return;
  const byteLength = u32(Number(BigInt(objectBlocks(object)) * BigInt(BLOCK_BYTES)));
  const address = takeMemory(BigInt(byteLength));
  if (address === 0n || !store.readObject(object, memoryAt(address, byteLength)).ok) {
    console.write(
      utf8("A part of the release cannot be taken into memory: it cannot be installed from here.\n"),
    );
    return;
  }
  keepPayload(record, object, kind, address);
}

function keepPayload(record: Bytes, object: Bytes, kind: PayloadKind, address: u64): void {
  const blocks = BigInt(objectBlocks(object));
  if (blocks === 0n) return;
  if (!addPayload(record, kind, address, OBJECT.sizeBytes.get(object), OBJECT.sha256.of(object))) return;
  memory.addPiece(address, blocks, MemoryKind.payload);
}

function payloadKind(objectKind: u32): PayloadKind {
  switch (objectKind) {
    case ObjectKind.kernel:
      return PayloadKind.kernel;
    case ObjectKind.bootManager:
      return PayloadKind.bootManager;
    case ObjectKind.configuration:
      return PayloadKind.configuration;
    case ObjectKind.guestKernel:
      return PayloadKind.guestKernel;
    case ObjectKind.guestInitrd:
      return PayloadKind.guestInitrd;
    case ObjectKind.guestDisk:
      return PayloadKind.guestDisk;
    default:
      return PayloadKind.none;
  }
}
