import { START } from "./start.ts";

export function two(): void {
  assert(START === 1);
}
