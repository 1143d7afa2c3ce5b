import { first } from "./src/format/first.ts";

export function main(): void {
  first();
}
