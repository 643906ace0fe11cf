# What the manual refuses, and QEMU does otherwise: each attempt is one exception.
.include "common.inc"
.macro control register, low, high=0
  movabsq $(\high << 32) | \low, %rax
  attempt movq %rax, %\register
.endm
.macro msr number, low, high=0
  movl $\number, %ecx
  movl $\low, %eax
  movl $\high, %edx
  attempt wrmsr
.endm
.macro frame ss, cs, rip=far_target
  pushq $\ss
  pushq $stack_top
  pushq $2
  pushq $\cs
  pushq $\rip
.endm
.section .text
main:
  gate 12, 0x8e01
  control cr0, 0x80010031, 1
  control cr0, 0x80010030
  control cr0, 0x00010031
  control cr0, 0xa0010031
  control cr3, 0, 0x100
  control cr4, 0x620, 1
  control cr4, 0x600
  control cr4, 0x80000620
  control cr4, 0x2620
  control cr8, 0x10
  msr 0xc0000080, 0xd01, 1
  msr 0xc0000080, 0xd03
  msr 0xc0000080, 0xc01
  msr 0xc0000082, 0, 0x8000
  msr 0xc0000083, 0, 0x8000
  msr 0xc0000084, 0, 1
  msr 0xc0000100, 0, 0x8000
  msr 0xc0000101, 0, 0x8000
  msr 0xc0000102, 0, 0xffff
  msr 0xc0000103, 0, 1
  msr 0x175, 0, 0x8000
  msr 0x176, 0, 0x8000
  msr 0x277, 0x00070402, 0x00070406
  msr 0x10a, 0
  msr 0x12345678, 0
  attempt rdmsr
  movl $0x10620, %eax
  movq %rax, %cr4
  movabsq $NOT_CANONICAL, %rax
  attempt wrfsbase %rax
  attempt wrgsbase %rax
  # Segments.
  movl $0, %eax
  attempt ltr %ax
  movl $3, %eax
  attempt movw %ax, %ss
  movl $far_target, pointer
  movw $BAD_SIZE, pointer + 4
  attempt lcalll *pointer
  attempt ljmpl *pointer
  movabsq $NOT_CANONICAL, %rax
  movq %rax, pointer
  movw $KERNEL_CODE, pointer + 8
  attempt rex.W lcall *pointer
  attempt rex.W ljmp *pointer
  movw $0xec00, gdt + GATE + 4
  movw $KERNEL_CODE, gdt + GATE + 2
  movl $0x8000, gdt + GATE + 8
  movw $GATE, pointer + 4
  attempt lcalll *pointer
  # Interrupts.
  attempt .byte 0xf1
  movl $0x8000, idt + 16 * 0x81 + 8
  attempt int $0x81
  movl $0x8000, idt + 16 * 6 + 8
  attempt ud2
  movl $0, idt + 16 * 6 + 8
  # IRET.
  frame KERNEL_DATA, BAD_SIZE
  attempt iretq
  frame 3, KERNEL_CODE
  attempt iretq
  frame ABSENT_DATA, KERNEL_CODE
  attempt iretq
  pushq $KERNEL_DATA
  pushq $stack_top
  pushq $2
  pushq $KERNEL_CODE
  movabsq $NOT_CANONICAL, %rax
  pushq %rax
  attempt iretq
  pushq $USER_DATA
  pushq $user_stack_top
  pushq $2
  pushq $USER_CODE32
  movabsq $0x100000000, %rax
  pushq %rax
  attempt iretq
  movabsq $NOT_CANONICAL, %rsp
  attempt iretq
  # System calls.
  write_msr 0xc0000081, 0, 0x00180008
  movabsq $NOT_CANONICAL, %rcx
  movl $2, %r11d
  attempt sysretq
  write_msr 0x174, KERNEL_CODE
  movabsq $NOT_CANONICAL, %rdx
  movl $0, %ecx
  attempt rex.W sysexit
  # With SMAP a descriptor is never read from a user's page, whatever AC is.
  movq gdt + KERNEL_DATA, %rax
  movq %rax, USER_PAGE
  movw $USER_PAGE & 0xffff, gdt + LOCAL_TABLE + 2
  movb $USER_PAGE >> 16, gdt + LOCAL_TABLE + 4
  movl $LOCAL_TABLE, %eax
  lldt %ax
  movl $0x200620, %eax
  movq %rax, %cr4
  stac
  movl $4, %eax
  attempt movw %ax, %ds
  jmp finish
far_target:
  ud2

.section .data
pointer: .quad 0, 0
