import { START } from "./one.ts";

export function two(): void {
  assert(START === 1);
}
