; Where the kernel begins, where interrupts enter it, and its stacks.
;
; The boot manager jumps to `_start` with the physical address of the handoff in rdi, interrupts off, on a stack and page
; tables of its own (docs/PROTOCOL.md). The stack is the kernel's from the first instruction on; the tables become so later.

bits 64
default rel

; What src/machine/stacks.ts says too.
STACK_STRIDE equ 131072
STACK_COUNT  equ 5

; Vectors for which the processor pushes an error code: 8, 10 to 14, 17, 21, 29, 30 (AMD64 manual volume 2, 8.2).
WITH_ERROR_CODE equ (1 << 8) | (1 << 10) | (1 << 11) | (1 << 12) | (1 << 13) | (1 << 14) | (1 << 17) | (1 << 21) | (1 << 29) | (1 << 30)

extern ray_main
extern machine_interrupts__interruptArrived
extern image_bss_start
extern image_bss_end

global _start
global image_stacks
global kernel_handoff_address
global kernel_interrupt_stubs
global machine_intrinsics__loadGdt
global machine_intrinsics__framePointer

section .text.start progbits alloc exec nowrite align=16

_start:
  cli
  cld
  mov rsp, image_stacks + STACK_STRIDE
  mov r12, rdi
  ; Nobody but this file relies on the boot manager to clear what the file does not contain.
  mov rdi, image_bss_start
  mov rcx, image_bss_end
  sub rcx, rdi
  shr rcx, 3
  xor eax, eax
  rep stosq
  mov [kernel_handoff_address], r12
  ; A frame pointer of 0 ends every backtrace.
  xor ebp, ebp
  call ray_main
.stop:
  cli
  hlt
  jmp .stop

section .text progbits alloc exec nowrite align=16

; One entry a vector, 16 bytes each, so that all frames look alike: an error code, the vector, then everything else.
align 16
kernel_interrupt_stubs:
%assign vector 0
%rep 256
  align 16
  %if vector >= 32 || ((WITH_ERROR_CODE >> vector) & 1) == 0
    push byte 0
  %endif
    push qword vector
    jmp near interrupt_common
  %assign vector vector + 1
%endrep

; The frame that INTERRUPT_FRAME of src/machine/interrupts.ts describes, lowest address last. The processor aligned the stack
; before it pushed, and the frame is a multiple of 16 bytes: the call finds the stack as C wants it.
interrupt_common:
  push rax
  push rbx
  push rcx
  push rdx
  push rbp
  push rsi
  push rdi
  push r8
  push r9
  push r10
  push r11
  push r12
  push r13
  push r14
  push r15
  cld
  mov rdi, rsp
  xor ebp, ebp
  call machine_interrupts__interruptArrived
  pop r15
  pop r14
  pop r13
  pop r12
  pop r11
  pop r10
  pop r9
  pop r8
  pop rdi
  pop rsi
  pop rbp
  pop rdx
  pop rcx
  pop rbx
  pop rax
  add rsp, 16
  iretq

; loadGdt(address: rdi, byteLength: si, codeSelector: dx, dataSelector: cx)
machine_intrinsics__loadGdt:
  dec si
  sub rsp, 16
  mov [rsp], si
  mov [rsp + 2], rdi
  lgdt [rsp]
  add rsp, 16
  mov ds, cx
  mov es, cx
  mov ss, cx
  xor eax, eax
  mov fs, ax
  mov gs, ax
  ; The code segment changes only by a far return: to the caller.
  pop rax
  movzx edx, dx
  push rdx
  push rax
  o64 retf

; The caller keeps its frame pointer in rbp; this function makes none of its own.
machine_intrinsics__framePointer:
  mov rax, rbp
  ret

section .bss nobits alloc noexec write align=8
kernel_handoff_address: resq 1

; Not cleared at the start: a stack is written before it is read.
section .stacks nobits alloc noexec write align=4096
image_stacks: resb STACK_STRIDE * STACK_COUNT

section .note.GNU-stack noalloc noexec nowrite progbits
