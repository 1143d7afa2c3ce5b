; The last instructions of the boot manager.
;
; The page that they stand on is the only one outside the kernel that the kernel's page tables show as executable: all other
; physical memory is data there. They run where the firmware loaded them, since firmware may forbid the execution of
; anything else; aligned to more than their length, so that they do not cross the end of the page.
; Called as a function of UEFI's convention: rcx = root of the page tables, rdx = entry of the kernel, r8 = the handoff record.

bits 64
default rel
section .text align=128

global efi_trampoline

EFER            equ 0xc0000080
EFER_NXE        equ 1 << 11
CR4_PGE         equ 1 << 7

efi_trampoline:
        endbr64
        cli
        cld
        mov     r9, rcx
        mov     r10, rdx
        ; The tables use the no-execute bit, which is a reserved one unless this is set.
        mov     ecx, EFER
        rdmsr
        or      eax, EFER_NXE
        wrmsr
        ; Global translations of the firmware would outlive the change of CR3.
        mov     rax, cr4
        and     rax, ~CR4_PGE
        mov     cr4, rax
        mov     cr3, r9
        mov     rdi, r8
        xor     ebp, ebp
        jmp     r10
efi_trampoline_end:
%if efi_trampoline_end - efi_trampoline > 128
%error "the trampoline is longer than its alignment"
%endif
