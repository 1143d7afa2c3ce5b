import { second } from "../format/second.ts";

export function first(): void {
  second();
}
