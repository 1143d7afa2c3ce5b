import { touch } from "./src/service/registers.ts";

export function main(): void {
  touch();
}
