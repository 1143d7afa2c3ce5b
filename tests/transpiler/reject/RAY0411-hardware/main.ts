import { read } from "./src/driver/disk.ts";

export function main(): void {
  assert(read(1) === 1);
}
