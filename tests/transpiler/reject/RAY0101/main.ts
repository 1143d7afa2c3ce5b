import { value } from "./absent.ts"; // error: TS2307

export function main(): void {
  value();
}
