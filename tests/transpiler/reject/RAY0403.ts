export function main(): void {
  let i: u32 = 0;
  i + 1; // error: RAY0403
  i === 0 && print(utf8("x")); // error: RAY0403
  -i; // error: RAY0403
  i++;
}
