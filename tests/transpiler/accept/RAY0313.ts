import { TextWriter } from "../../../src/base/text-writer.ts";

export function main(): void {
  const count: u32 = 3;
  const size: u64 = 0xffffffffffffffffn;
  const storage = new Uint8Array(64);
  const writer = new TextWriter(bytesOf(storage));
  writer.text(`${count} disks of ${size} bytes ${"each"}\n`);
  writer.text(`plain\n`);
  print(writer.written());
}
