import { format } from "left-pad"; // error: RAY0112 TS2307

export function main(): void {
  format();
}
