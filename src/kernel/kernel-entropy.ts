/**
 * KernelEntropy: ids and one-time words that nobody can foresee.
 *
 * Owns a secret of 32 bytes, made of what the firmware gave in the handoff. For every block given out the processor's
 * random numbers (where it has them) and its counter are hashed into it; a block is the hash of the secret, so what was
 * given out tells nothing about what follows.
 */
import { Sha256, SHA256_BYTES } from "../base/sha256.ts";
import type { Entropy } from "../device/entropy.ts";
import { processorRandom } from "../machine/cpu.ts";
import { readTsc } from "../machine/intrinsics.ts";

const FRESH_BYTES = 24;

export class KernelEntropy implements Entropy {
  private readonly secret = new Uint8Array(SHA256_BYTES);
  private readonly block = new Uint8Array(SHA256_BYTES);
  private readonly fresh = new Uint8Array(FRESH_BYTES);
  private readonly hash = new Sha256();
  private blocks: u64 = 0n;

  /** Starts from the boot manager's entropy. */
  seed(from: Bytes): void {
    this.hash.begin();
    this.hash.update(from);
    this.hash.finish(bytesOf(this.secret));
  }

  fill(target: Bytes): void {
    let done: u32 = 0;
    while (done < target.length) {
      this.makeBlock();
      const left = u32(target.length - done);
      const length: u32 = left < SHA256_BYTES ? left : SHA256_BYTES;
      target.slice(done, length).copyFrom(bytesOf(this.block).slice(0, length));
      done += length;
    }
  }

  /** The next secret from the last and what is fresh; the block from the secret, by another first byte. */
  private makeBlock(): void {
    const fresh = bytesOf(this.fresh);
    this.blocks++;
    fresh.setU64le(0, processorRandom());
    fresh.setU64le(8, readTsc());
    fresh.setU64le(16, this.blocks);
    this.derive("secret", this.secret);
    this.derive("block", this.block);
  }

  private derive(purpose: string, into: Uint8Array): void {
    this.hash.begin();
    this.hash.update(utf8(purpose));
    this.hash.update(bytesOf(this.secret));
    this.hash.update(bytesOf(this.fresh));
    this.hash.finish(bytesOf(into));
  }
}
