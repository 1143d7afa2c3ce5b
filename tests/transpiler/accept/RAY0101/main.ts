import { value } from "./present.ts";

export function main(): void {
  value();
}
