import { first } from "./src/driver/first.ts";

export function main(): void {
  first();
}
