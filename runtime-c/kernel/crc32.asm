; CRC-32 by carry-less multiplication (the body of foldCrc32, src/machine/intrinsics.ts).
;
; A message is a polynomial, its CRC the remainder modulo P = x^32 + x^26 + x^23 + … + 1. What stands n bits further in front may be
; replaced by its product with x^n mod P: so 16 bytes are folded onto the next 16, their halves by two multiplications, until 16 are
; left. These are folded to 12, to 8, and divided by P (Barrett). All of it is reflected, as the bytes are: the lowest
; bit is the highest power, and a product stands one bit lower than it would, hence constants of 33 bits.

bits 64
default rel

global machine_intrinsics__foldCrc32

section .rodata progbits alloc noexec nowrite align=16

; x^(128 + 32) and x^(128 - 32) mod P: what the lower and the upper half of a block are multiplied by.
by_block: dq 0x1751997d0, 0x0ccaa009e
; x^64 mod P.
by_word: dq 0x163cd6124, 0
; P, and the quotient of x^64 by P.
divisor: dq 0x1db710641, 0x1f7011641
low_half: dq 0xffffffff, 0

section .text progbits alloc exec nowrite align=16

; foldCrc32(state: edi, blocks: rsi, and edx bytes long)
machine_intrinsics__foldCrc32:
  endbr64
  ; From here on rsi is the end, and rdx counts up to 0.
  mov edx, edx
  add rsi, rdx
  neg rdx
  movdqu xmm0, [rsi + rdx]
  movd xmm1, edi
  pxor xmm0, xmm1
  movdqa xmm3, [by_block]
  jmp .next
.fold:
  movdqu xmm2, [rsi + rdx]
  movdqa xmm1, xmm0
  pclmulqdq xmm0, xmm3, 0x00
  pclmulqdq xmm1, xmm3, 0x11
  pxor xmm0, xmm2
  pxor xmm0, xmm1
.next:
  add rdx, 16
  jnz .fold
  ; 16 bytes become 12: the lower half by x^96.
  movdqa xmm1, xmm0
  pclmulqdq xmm1, xmm3, 0x10
  psrldq xmm0, 8
  pxor xmm0, xmm1
  ; 12 become 8: the lowest four by x^64.
  movdqa xmm3, [low_half]
  movdqa xmm1, xmm0
  pand xmm1, xmm3
  pclmulqdq xmm1, [by_word], 0x00
  psrldq xmm0, 4
  pxor xmm0, xmm1
  ; The remainder of 8: what P goes into them, times P, taken away.
  movdqa xmm2, [divisor]
  movdqa xmm1, xmm0
  pand xmm1, xmm3
  pclmulqdq xmm1, xmm2, 0x10
  pand xmm1, xmm3
  pclmulqdq xmm1, xmm2, 0x00
  pxor xmm0, xmm1
  psrldq xmm0, 4
  movd eax, xmm0
  ret

section .note.GNU-stack noalloc noexec nowrite progbits
