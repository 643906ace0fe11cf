# Every access byte of a gate with code of several kinds, by INT n at CPL 0 and 3: SDM vol. 3A, 6.12
# and 6.14. Of each a byte: the exception's vector; or bit 7, with the handler's IF in bit 0, its CPL
# in bits 1 and 2, whether its SS is null in bit 3, and whether its stack is the one before in bit 4.
# Eight of them are a note.
.include "common.inc"
.section .text
.macro handler number, target
  movq $\target, %rax
  movw %ax, idt + 16 * \number
  shrq $16, %rax
  movw %ax, idt + 16 * \number + 6
.endm
main:
  handler 11, fault11
  handler 13, fault13
  handler 0x81, user_handler
  handler 0x82, done82
  gate 0x82, 0xee00
  xorl %r8d, %r8d
  xorl %r13d, %r13d
bytes:
  # %r8: the access byte, %r9: which selector, %r10: CPL 0 or 3.
  movb %r8b, idt + 16 * 0x81 + 5
  xorl %r9d, %r9d
selectors:
  movw list(,%r9,2), %ax
  movw %ax, idt + 16 * 0x81 + 2
  xorl %r10d, %r10d
levels:
  testl %r10d, %r10d
  jnz 1f
  pushq $0x202
  popfq
  int $0x81
1: pushq $USER_DATA
  pushq $user_stack_top
  pushq $0x202
  pushq $USER_CODE
  pushq $user_program
  iretq
done82:
  # %rdx: the flags, %rcx: CS, %rsi: SS, %rdi: RSP in the handler.
  movl %edx, %eax
  shrl $9, %eax
  andl $1, %eax
  andl $3, %ecx
  leal 0x80(%rax,%rcx,2), %eax
  testl $0xfffc, %esi
  jnz 1f
  orl $8, %eax
1: testl %r10d, %r10d
  movq $stack_top, %rcx
  movq $user_stack_top, %rdx
  cmovnzq %rdx, %rcx
  subq $40, %rcx
  cmpq %rcx, %rdi
  jne result
  orl $16, %eax
  jmp result
fault11: movl $11, %eax
  jmp result
fault13: movl $13, %eax
result:
  movq $stack_top, %rsp
  movl $KERNEL_DATA, %ecx
  movw %cx, %ss
  shlq $8, %r14
  movb %al, %r14b
  incl %r13d
  testl $7, %r13d
  jnz 1f
  note 1, %r14
1: incl %r10d
  cmpl $2, %r10d
  jne levels
  incl %r9d
  cmpl $12, %r9d
  jne selectors
  incl %r8d
  cmpl $256, %r8d
  jne bytes
  jmp finish

.section .data
list:
  .word KERNEL_CODE, KERNEL_CODE + 3, CONFORMING, CONFORMING1, CODE1, USER_CODE
  .word KERNEL_CODE32, KERNEL_DATA, ABSENT_CODE, TASK, OUTSIDE, 3

.section .user
user_program:
  int $0x81
user_handler:
  movq %rsp, %rdi
  pushfq
  popq %rdx
  movl %cs, %ecx
  movl %ss, %esi
  int $0x82
