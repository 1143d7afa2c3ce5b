/**
 * CRC-32 by the processor's carry-less multiplication, where it has one: a fifth of the instructions that tables take.
 *
 * Invariant: nothing else in the kernel uses the registers of SSE, so they are free between two calls and nobody saves them. An interrupt
 * makes no CRCs, or it does not return (the crash writer). Called by the kernel's main, once.
 */
import { CRC_BLOCK_BYTES, foldByTables, useCrcFolder } from "../base/crc32.ts";
import { cpuid, CpuidRegister, foldCrc32, readCr0, readCr4, writeCr0, writeCr4 } from "./intrinsics.ts";

/** CPUID leaf 1, ECX. */
const CARRYLESS_MULTIPLICATION = 0x2;
/** SSE without a coprocessor's traps (Intel SDM volume 3, 13.1.3). */
const CR0_MONITOR: u64 = 0x2n;
const CR0_TRAPS: u64 = 0xcn;
const CR4_SSE: u64 = 0x200n;
const PROBE_BYTES = 256;
const PROBE_STATE = 0x5261_794f;

class Probe {
  readonly bytes = new Uint8Array(PROBE_BYTES);
}

const probe = new Probe();

/** From here on CRCs are made by multiplication, if the processor knows it and gives what the tables give; whether that is so. */
export function useProcessorCrc(): boolean {
  if ((cpuid(1, 0, CpuidRegister.ecx) & CARRYLESS_MULTIPLICATION) === 0) return false;
  writeCr0((readCr0() & ~CR0_TRAPS) | CR0_MONITOR);
  writeCr4(readCr4() | CR4_SSE);
  if (!agrees()) return false;
  useCrcFolder(foldCrc32);
  return true;
}

/** Every number of blocks up to sixteen, and so each way through the assembler's loop. */
function agrees(): boolean {
  const bytes = bytesOf(probe.bytes);
  for (let i: u32 = 0; i < PROBE_BYTES; i++) bytes.setU8(i, (i * i + 11 * i) & 0xff);
  for (let length: u32 = CRC_BLOCK_BYTES; length <= PROBE_BYTES; length += CRC_BLOCK_BYTES) {
    const blocks = bytes.slice(PROBE_BYTES - length, length);
    if (foldCrc32(PROBE_STATE, blocks) !== foldByTables(PROBE_STATE, blocks)) return false;
  }
  return true;
}
