import { two } from "./two.ts"; // error: RAY0102

export const START: u32 = 1;

export function one(): void {
  two();
}
