import { outByte } from "./src/machine/ports.ts";

export function main(): void {
  outByte(0x80, 1);
}
