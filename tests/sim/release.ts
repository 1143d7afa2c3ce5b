/**
 * Releases for the simulator: small, of bytes that follow from kind and version, so that whoever reads an object knows whose it is.
 *
 * Each version has a kernel of its own; two versions share a configuration; updates have a boot manager of their own, which all the others share.
 */
import { sha256, SHA256_BYTES } from "../../src/base/sha256.ts";
import { ObjectKind } from "../../src/format/manifest.ts";
import { InstallationSource } from "../../src/service/installation-source.ts";

const KERNEL_BYTES = 4500;
const BOOT_MANAGER_BYTES = 1500;
const CONFIGURATION_BYTES = 300;
const OBJECTS = 3;
export const VERSION_LIMIT = 12;
/** What is installed over what is there. */
export const INSTALLED_VERSION = 9;
/** What an update brings, and what it brings to a disk that has that already. */
export const UPDATED_VERSION = 10;
export const UPDATED_AGAIN_VERSION = 11;

export class SimRelease implements InstallationSource {
  private version: u32 = 0;
  private readonly bytes = new Uint8Array(16384);
  private readonly digests = new Uint8Array(VERSION_LIMIT * OBJECTS * SHA256_BYTES);

  /** Computes what every version hashes to. */
  prepare(): void {
    for (let version: u32 = 0; version < VERSION_LIMIT; version++) {
      this.make(version);
      for (let index: u32 = 0; index < OBJECTS; index++) {
        sha256(this.objectBytes(index), this.digest(version, index));
      }
    }
  }

  /** From here on it is this version that is to be installed. */
  make(version: u32): void {
    assert(version < VERSION_LIMIT);
    this.version = version;
    for (let index: u32 = 0; index < OBJECTS; index++)
      fillObject(this.objectBytes(index), seedOf(index, version));
  }

  /** Whether an object of this kind, of a release of this version, hashes to `digest`. */
  isOf(version: u32, kind: u32, digest: Bytes): boolean {
    if (version >= VERSION_LIMIT) return false;
    for (let index: u32 = 0; index < OBJECTS; index++) {
      const own: u32 = this.objectKind(index);
      if (own === kind) return this.digest(version, index).equals(digest);
    }
    return false;
  }

  /** Whether a configuration is that of any version: an update keeps the one that it finds. */
  isConfiguration(digest: Bytes): boolean {
    for (let version: u32 = 0; version < VERSION_LIMIT; version++) {
      if (this.isOf(version, ObjectKind.configuration, digest)) return true;
    }
    return false;
  }

  /** The boot manager of a version, as bytes; `make` is of another one from then on. */
  bootManager(version: u32): Bytes {
    this.make(version);
    return this.objectBytes(0);
  }

  objectCount(): u32 {
    return OBJECTS;
  }

  objectKind(index: u32): ObjectKind {
    switch (index) {
      case 0:
        return ObjectKind.bootManager;
      case 1:
        return ObjectKind.kernel;
      default:
        return ObjectKind.configuration;
    }
  }

  objectBytes(index: u32): Bytes {
    const bytes = bytesOf(this.bytes);
    switch (index) {
      case 0:
        return bytes.slice(0, BOOT_MANAGER_BYTES);
      case 1:
        return bytes.slice(BOOT_MANAGER_BYTES, KERNEL_BYTES);
      default:
        return bytes.slice(BOOT_MANAGER_BYTES + KERNEL_BYTES, CONFIGURATION_BYTES);
    }
  }

  objectSha256(index: u32): Bytes {
    return this.digest(this.version, index);
  }

  versionNumber(): u32 {
    return this.version;
  }

  versionText(into: Bytes): u32 {
    const text = utf8("0.0.x");
    into.slice(0, text.length).copyFrom(text);
    into.setU8(4, u8(0x61 + this.version));
    return text.length;
  }

  private digest(version: u32, index: u32): Bytes {
    return bytesOf(this.digests).slice((version * OBJECTS + index) * SHA256_BYTES, SHA256_BYTES);
  }
}

function seedOf(index: u32, version: u32): u32 {
  if (index === 0) return version >= UPDATED_VERSION ? version : 7;
  return index === 1 ? 1000 + version : 2000 + (version >>> 1);
}

function fillObject(bytes: Bytes, seed: u32): void {
  let state: u32 = seed;
  for (let i: u32 = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes.setU8(i, state >>> 24);
  }
}
