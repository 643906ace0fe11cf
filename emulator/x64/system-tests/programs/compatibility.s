# 32-bit and 16-bit code under 64-bit tables: segments with bases, stacks, far transfers, interrupts.
.include "common.inc"
.section .text
main:
  gate 0x80, 0xee00
  movq $gate_target, %rax
  movw %ax, gdt + GATE
  movw $KERNEL_CODE, gdt + GATE + 2
  movw $0xec00, gdt + GATE + 4
  shrq $16, %rax
  movw %ax, gdt + GATE + 6
.macro user32 program, then, flags=0x202
  movq $\then, resume
  pushq $USER_DATA
  pushq $user_stack_top
  pushq $\flags
  pushq $USER_CODE32
  pushq $\program
  iretq
.endm
  user32 user_segments, 1f
1: note 1, %rax
  note 2, %rbx
  note 3, %rcx
  note 4, %rdx
  movabsq $0x1122334455667788, %r8
  user32 user_arithmetic, 1f
1: note 5, %rax
  note 6, %rbx
  note 7, %r8
  user32 user_gate, 1f
1: note 8, %rax
  note 9, %rbx
  user32 user_null, 1f
1: user32 user_syscall, 1f
1: user32 user_wrap, 1f
1: note 10, %rax
  # 16 bits.
  movq $1f, resume
  pushq $USER_DATA
  pushq $user_stack_top
  pushq $0x202
  pushq $USER_CODE16
  pushq $user16-0x180000
  iretq
1: note 11, %rax
  note 12, %rbx
  note 13, %rcx
  jmp finish

gate_target:
  note 20, 16(%rsp)
  note 21, 24(%rsp)
  note 22, 32(%rsp)
  note 23, 40(%rsp)
  lretq

.section .user
.code32
user_segments:
  movl $USER_DATA, %edx
  movw %dx, %ds
  movw %dx, %es
  movl $SMALL_DATA, %eax
  movw %ax, %fs
  movl $0x11223344, USER_PAGE + 0x10
  movl %fs:0x10, %eax
  movl %eax, %fs:0x20
  movl USER_PAGE + 0x20, %ebx
  movl %ds, %ecx
  pushl %fs
  popl %gs
  addl %gs:0x10, %ebx
  movl %gs, %edx
  int $0x80
user_arithmetic:
  movl $USER_DATA, %eax
  movw %ax, %ds
  movw %ax, %es
  movl $0xffffffff, %eax
  incl %eax
  decl %eax
  pushal
  popl %ebx
  popl %ebx
  popl %ebx
  popl %ebx
  lcall $USER_CODE32, $1f
  movl %esp, %ebx
  subl $user_stack_top, %ebx
  int $0x80
1: lret
user_gate:
  lcall $GATE+3, $0
  movl %esp, %eax
  movl %ss, %ebx
  int $0x80
user_null:
  xorl %eax, %eax
  movw %ax, %ss
user_syscall: movl $KERNEL_DATA, %eax
  movw %ax, %ds
user_wrap:
  movl $0xfffffff0, %ecx
  movl $0x55667788, USER_PAGE
  movl USER_PAGE + 0x10(%ecx), %eax
  int $0x80
.code16
user16:
  movw $USER_DATA, %ax
  movw %ax, %ds
  movw %ax, %es
  movl $0x12345678, %eax
  addw $1, %ax
  movl %esp, %ebx
  pushw $0x1234
  popw %cx
  call 1f
1: popw %dx
  pushl $0x9abcdef0
  popl %ecx
  addr32 movl USER_PAGE, %edx
  ljmp $USER_CODE16, $1f-0x180000
1: int $0x80
.code64
