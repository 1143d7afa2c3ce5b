// An alias that stands for itself, ever deeper: an error of tsc's, which the lowering followed without end.
type Deep<T> = Deep<Deep<T>>;
let deep: Deep<u8> = 0;
export function main(): void {}
