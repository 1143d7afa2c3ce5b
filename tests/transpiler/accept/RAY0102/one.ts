import { START } from "./start.ts";
import { two } from "./two.ts";

export function one(): void {
  assert(START === 1);
  two();
}
