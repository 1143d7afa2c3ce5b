; The last instructions of the boot manager, copied to a page of their own before they run.
;
; That page is the only one outside the kernel that the kernel's page tables show as executable: everything else of
; physical memory is data there, the boot manager included. Called as a function of UEFI's convention:
;   rcx = root of the page tables, rdx = entry of the kernel, r8 = the handoff record.

bits 64
default rel
section .text

global efi_trampoline_start
global efi_trampoline_end

EFER            equ 0xc0000080
EFER_NXE        equ 1 << 11
CR4_PGE         equ 1 << 7

efi_trampoline_start:
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
