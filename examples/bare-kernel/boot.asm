; From the PVH boot protocol into TypeScript: 32-bit protected mode without paging → 64-bit mode, the first GiB mapped in place.

STACK_BYTES equ 16384
PRESENT_WRITABLE equ 3
LARGE_PAGE equ 0x80
CR4_PAE equ 1 << 5
CR0_PAGING equ 1 << 31
EFER equ 0xc0000080
EFER_LONG_MODE equ 1 << 8
XEN_ELFNOTE_PHYS32_ENTRY equ 18

extern ray_main
global _start

; Who loads the file finds the entry here.
section .note.pvh note alloc
  dd 4, 4, XEN_ELFNOTE_PHYS32_ENTRY
  db "Xen", 0
  dd _start

section .text
bits 32
_start:
  mov esp, stack_end
  mov eax, directory + PRESENT_WRITABLE
  mov [pointers], eax
  mov eax, pointers + PRESENT_WRITABLE
  mov [root], eax
  ; 512 pages of 2 MiB
  xor ecx, ecx
.next:
  mov eax, ecx
  shl eax, 21
  or eax, PRESENT_WRITABLE | LARGE_PAGE
  mov [directory + ecx * 8], eax
  inc ecx
  cmp ecx, 512
  jb .next
  mov eax, cr4
  or eax, CR4_PAE
  mov cr4, eax
  mov eax, root
  mov cr3, eax
  mov ecx, EFER
  rdmsr
  or eax, EFER_LONG_MODE
  wrmsr
  mov eax, cr0
  or eax, CR0_PAGING
  mov cr0, eax
  lgdt [table_pointer]
  jmp 8:long_mode

bits 64
long_mode:
  xor eax, eax
  mov ds, eax
  mov es, eax
  mov ss, eax
  call ray_main
  cli
  hlt

section .rodata
align 8
table:
  dq 0
  dq 0x00209a0000000000 ; code, 64 bits
table_pointer:
  dw table_pointer - table - 1
  dd table

section .bss
align 4096
root: resb 4096
pointers: resb 4096
directory: resb 4096
stack: resb STACK_BYTES
stack_end:
