import { one } from "./one.ts";

export function main(): void {
  one();
}
