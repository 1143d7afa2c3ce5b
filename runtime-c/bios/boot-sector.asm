; What a machine without UEFI runs when it is started from a RayOS disk: one sentence on the screen and on the first serial
; line, then rest. 440 bytes in front of the partition table; entered by the BIOS at 0:7c00 in real mode.

bits 16
org 0x7c00

SERIAL              equ 0x3f8
SERIAL_LINE_STATUS  equ SERIAL + 5
SERIAL_ROOM         equ 0x20
BOOT_CODE_BYTES     equ 440

start:
        cli
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 0x7c00
        cld
        sti
        call serial_setup
        mov si, sentence
.next:
        lodsb
        test al, al
        jz rest
        call put_screen
        call put_serial
        jmp .next

rest:
        hlt
        jmp rest

; 115200 baud, 8 data bits, no parity, FIFO on, no interrupts.
serial_setup:
        mov si, serial_settings
.next:
        lodsw
        test ax, ax
        jz .done
        movzx dx, ah
        add dx, SERIAL
        out dx, al
        jmp .next
.done:
        ret

put_screen:
        push si
        mov ah, 0x0e
        mov bx, 7
        int 0x10
        pop si
        ret

; Waits for room only so long: a machine may have no such port.
put_serial:
        push ax
        mov cx, 0xffff
        mov dx, SERIAL_LINE_STATUS
.wait:
        in al, dx
        test al, SERIAL_ROOM
        loopz .wait
        pop ax
        mov dx, SERIAL
        out dx, al
        ret

; Value, then register. The register is never 0 beside a value of 0, which ends the list.
serial_settings:
        db 0x00, 1              ; no interrupts
        db 0x80, 3              ; the divisor is shown
        db 0x01, 0              ; 115200 baud
        db 0x00, 1
        db 0x03, 3              ; 8 bits, the divisor is hidden
        db 0xc7, 2              ; FIFO on and empty
        db 0x03, 4              ; ready
        dw 0

sentence:
        db "RayOS starts by UEFI, and this machine was started by a legacy BIOS.", 13, 10
        db "Switch UEFI boot on in the firmware setup and start again.", 13, 10, 0

        times BOOT_CODE_BYTES - ($ - $$) db 0
