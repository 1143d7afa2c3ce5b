import { format } from "./left-pad.ts";

export function main(): void {
  format();
}
