/**
 * The boot services (UEFI 2.10, section 7) that a boot manager needs: memory, events, handles, images, and their end.
 *
 * Every function returns the firmware's status, or a value where there is nothing to fail. They are gone after
 * `exitBootServices` succeeded.
 */
import { setGuid } from "../src/base/guid.ts";
import { imageHandle } from "./entry.ts";
import { addressOf, bytesAt, call1, call2, call3, call4, call5, call6, Cell, load64 } from "./memory.ts";
import { failed } from "./status.ts";
import { bootServices } from "./system-table.ts";

const BOOT_SERVICES = layout(376, {
  header: octets(0, 24),
  raiseTpl: le64(24),
  restoreTpl: le64(32),
  allocatePages: le64(40),
  freePages: le64(48),
  getMemoryMap: le64(56),
  allocatePool: le64(64),
  freePool: le64(72),
  createEvent: le64(80),
  setTimer: le64(88),
  waitForEvent: le64(96),
  signalEvent: le64(104),
  closeEvent: le64(112),
  checkEvent: le64(120),
  installProtocolInterface: le64(128),
  reinstallProtocolInterface: le64(136),
  uninstallProtocolInterface: le64(144),
  handleProtocol: le64(152),
  reserved0: le64(160),
  registerProtocolNotify: le64(168),
  locateHandle: le64(176),
  locateDevicePath: le64(184),
  installConfigurationTable: le64(192),
  loadImage: le64(200),
  startImage: le64(208),
  exit: le64(216),
  unloadImage: le64(224),
  exitBootServices: le64(232),
  getNextMonotonicCount: le64(240),
  stall: le64(248),
  setWatchdogTimer: le64(256),
  connectController: le64(264),
  disconnectController: le64(272),
  openProtocol: le64(280),
  closeProtocol: le64(288),
  openProtocolInformation: le64(296),
  protocolsPerHandle: le64(304),
  locateHandleBuffer: le64(312),
  locateProtocol: le64(320),
  installMultipleProtocolInterfaces: le64(328),
  uninstallMultipleProtocolInterfaces: le64(336),
  calculateCrc32: le64(344),
  copyMem: le64(352),
  setMem: le64(360),
  createEventEx: le64(368),
});

const PAGE_BYTES = 4096n;
const ALLOCATE_ANY_PAGES = 0n;
const ALLOCATE_ADDRESS = 2n;
const LOADER_DATA = 2n;
const EVENT_TIMER = 0x8000_0000n;
const TIMER_CANCEL = 0n;
const TIMER_PERIODIC = 1n;
/** The timer counts in units of 100 ns. */
const TICKS_PER_MILLISECOND = 10_000n;
const ALL_HANDLES = 0n;
const BY_PROTOCOL = 2n;

/** Takes `pages` contiguous pages of loader data, anywhere; their address, or 0 where there is no such room. */
export function allocatePages(pages: u64): u64 {
  const address = new Cell();
  const status = call4(
    service(BOOT_SERVICES.allocatePages.offset),
    ALLOCATE_ANY_PAGES,
    LOADER_DATA,
    pages,
    address.address(),
  );
  return failed(status) ? 0n : address.value();
}

/** Takes `pages` pages of loader data at `address`; false where they are not free. */
export function allocatePagesAt(address: u64, pages: u64): boolean {
  const place = new Cell();
  place.set(address);
  const target = service(BOOT_SERVICES.allocatePages.offset);
  return !failed(call4(target, ALLOCATE_ADDRESS, LOADER_DATA, pages, place.address()));
}

export function freePages(address: u64, pages: u64): void {
  call2(service(BOOT_SERVICES.freePages.offset), address, pages);
}

/** What `getMemoryMap` tells besides the map itself. */
export class MemoryMapFacts {
  /** Names this state of the map; `exitBootServices` wants the latest. */
  key: u64 = 0n;
  mapBytes: u32 = 0;
  /** From one descriptor to the next, which is more than a descriptor has. */
  stride: u32 = 0;
}

/** Writes the memory map to `buffer` and what it is to `facts`. */
export function getMemoryMap(buffer: Bytes, facts: MemoryMapFacts): u64 {
  const size = new Cell();
  const key = new Cell();
  const stride = new Cell();
  const version = new Cell();
  size.set(BigInt(buffer.length));
  const status = call5(
    service(BOOT_SERVICES.getMemoryMap.offset),
    size.address(),
    addressOf(buffer),
    key.address(),
    stride.address(),
    version.address(),
  );
  if (failed(status)) return status;
  facts.key = key.value();
  facts.mapBytes = u32(Number(size.value()));
  facts.stride = u32(Number(stride.value()));
  return status;
}

/** A timer that fires every `milliseconds`; 0 where the firmware has none. */
export function startPeriodicTimer(milliseconds: u32): u64 {
  const event = new Cell();
  const created = call5(service(BOOT_SERVICES.createEvent.offset), EVENT_TIMER, 0n, 0n, 0n, event.address());
  if (failed(created)) return 0n;
  const period: u64 = BigInt(milliseconds) * TICKS_PER_MILLISECOND;
  const started = call3(service(BOOT_SERVICES.setTimer.offset), event.value(), TIMER_PERIODIC, period);
  return failed(started) ? 0n : event.value();
}

export function stopTimer(event: u64): void {
  call3(service(BOOT_SERVICES.setTimer.offset), event, TIMER_CANCEL, 0n);
  call1(service(BOOT_SERVICES.closeEvent.offset), event);
}

/** Sleeps until one of two events is signalled; whether it was the first. */
export function waitForEither(first: u64, second: u64): boolean {
  const events = new Uint8Array(16);
  const index = new Cell();
  bytesOf(events).setU64le(0, first);
  bytesOf(events).setU64le(8, second);
  const status = call3(
    service(BOOT_SERVICES.waitForEvent.offset),
    2n,
    addressOf(bytesOf(events)),
    index.address(),
  );
  return !failed(status) && index.value() === 0n;
}

/** Holds the processor for so long. */
export function stall(microseconds: u64): void {
  call1(service(BOOT_SERVICES.stall.offset), microseconds);
}

/** Turns off the reset that firmware arms for whatever it starts. */
export function disableFirmwareWatchdog(): u64 {
  return call4(service(BOOT_SERVICES.setWatchdogTimer.offset), 0n, 0n, 0n, 0n);
}

/** The interface of a protocol on a handle, or 0. */
export function protocolOf(handle: u64, guid: string): u64 {
  const raw = new Uint8Array(16);
  const found = new Cell();
  setGuid(bytesOf(raw), guid);
  const status = call3(
    service(BOOT_SERVICES.handleProtocol.offset),
    handle,
    addressOf(bytesOf(raw)),
    found.address(),
  );
  return failed(status) ? 0n : found.value();
}

/** The interface of a protocol on whichever handle has it first, or 0. */
export function anyProtocol(guid: string): u64 {
  const raw = new Uint8Array(16);
  const found = new Cell();
  setGuid(bytesOf(raw), guid);
  const status = call3(
    service(BOOT_SERVICES.locateProtocol.offset),
    addressOf(bytesOf(raw)),
    0n,
    found.address(),
  );
  return failed(status) ? 0n : found.value();
}

/** Writes the handles with this protocol to `into`, 8 bytes each; how many fitted. */
export function handlesOf(guid: string, into: Bytes): u32 {
  const raw = new Uint8Array(16);
  setGuid(bytesOf(raw), guid);
  return locateHandles(BY_PROTOCOL, addressOf(bytesOf(raw)), into);
}

/** Lets the firmware's drivers take every controller, which a fast boot leaves out. Slow. */
export function connectEverything(scratch: Bytes): void {
  const count = locateHandles(ALL_HANDLES, 0n, scratch);
  for (let i: u32 = 0; i < count; i++) {
    call4(service(BOOT_SERVICES.connectController.offset), scratch.u64le(i * 8), 0n, 0n, 1n);
  }
}

/** Loads an EFI program by its device path into `image`. Secure Boot is the firmware's business here. */
export function loadImage(devicePath: u64, image: Cell): u64 {
  return call6(
    service(BOOT_SERVICES.loadImage.offset),
    1n,
    imageHandle(),
    devicePath,
    0n,
    0n,
    image.address(),
  );
}

/** Runs a loaded program; returns when that gave up. */
export function startImage(image: u64): u64 {
  return call3(service(BOOT_SERVICES.startImage.offset), image, 0n, 0n);
}

/** Ends this program with a status: the firmware goes on with its next boot option. */
export function exitToFirmware(status: u64): void {
  call4(service(BOOT_SERVICES.exit.offset), imageHandle(), status, 0n, 0n);
}

export function exitBootServices(key: u64): u64 {
  return call2(service(BOOT_SERVICES.exitBootServices.offset), imageHandle(), key);
}

function locateHandles(search: u64, guidAddress: u64, into: Bytes): u32 {
  const count = new Cell();
  const buffer = new Cell();
  const status = call5(
    service(BOOT_SERVICES.locateHandleBuffer.offset),
    search,
    guidAddress,
    0n,
    count.address(),
    buffer.address(),
  );
  if (failed(status)) return 0;
  const room = BigInt(into.length >>> 3);
  const taken: u32 = u32(Number(count.value() < room ? count.value() : room));
  into.slice(0, (taken & 0xffffff) * 8).copyFrom(bytesAt(buffer.value(), (taken & 0xffffff) * 8));
  call1(service(BOOT_SERVICES.freePool.offset), buffer.value());
  return taken;
}

/** The address of a service. */
function service(offset: u32): u64 {
  return load64(u64(bootServices() + BigInt(offset)));
}

/** How many pages hold so many bytes. */
export function pagesFor(byteLength: u64): u64 {
  return u64((byteLength + PAGE_BYTES - 1n) / PAGE_BYTES);
}
