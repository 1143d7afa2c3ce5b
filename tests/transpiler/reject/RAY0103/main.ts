import { one } from "./one"; // error: RAY0103

export function main(): void {
  one();
}
