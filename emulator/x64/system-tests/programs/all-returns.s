# IRET from CPL 0 and 3 to code and stacks of several kinds: SDM vol. 2A, IRET. Of each pair of
# selectors a note: the exception's vector and error code, or what CS and SS are then.
#
# Left out is what QEMU does otherwise (by-hand/refusals.s): code with L and D, stacks that are not
# present, and null selectors of another RPL.
.include "common.inc"
.section .text
.macro handler number, target
  movq $\target, %rax
  movw %ax, idt + 16 * \number
  shrq $16, %rax
  movw %ax, idt + 16 * \number + 6
.endm
main:
  handler 11, fault
  handler 12, fault
  handler 13, fault
  handler 0x82, arrived
  gate 0x82, 0xee00
  xorl %r8d, %r8d
codes:
  # %r8: which CS, %r9: which SS, %r10: CPL 0 or 3.
  xorl %r9d, %r9d
stacks:
  xorl %r10d, %r10d
levels:
  movzwl code_list(,%r8,2), %ecx
  movzwl stack_list(,%r9,2), %edx
  movl %edx, %eax
  andl $0xfffc, %eax
  jnz 1f
  # Null: only where its RPL is that of CS, or that is 3.
  movl %ecx, %eax
  andl $3, %eax
  cmpl $3, %eax
  je 1f
  cmpl %edx, %eax
  jne skip
1: testl %r10d, %r10d
  jz user_try
  pushq $USER_DATA
  pushq $user_stack_top
  pushq $2
  pushq $USER_CODE
  pushq $user_try
  iretq
fault:
  movq (%rsp), %rax
  shlq $8, %rax
  orq $0x80, %rax
  jmp result
arrived:
  movl %ecx, %eax
  shlq $16, %rax
  orq %rsi, %rax
result:
  movq $stack_top, %rsp
  movl $KERNEL_DATA, %ecx
  movw %cx, %ss
  note 1, %rax
skip:
  incl %r10d
  cmpl $2, %r10d
  jne levels
  incl %r9d
  cmpl $STACKS, %r9d
  jne stacks
  incl %r8d
  cmpl $CODES, %r8d
  jne codes
  jmp finish

.section .data
code_list:
  .word 0, KERNEL_CODE, KERNEL_CODE + 1, KERNEL_CODE + 3, USER_CODE, USER_CODE - 1, USER_CODE32
  .word CONFORMING, CONFORMING + 1, CONFORMING + 3, CONFORMING1 + 1, CONFORMING1, CODE1 + 1
  .word CODE1 + 3, KERNEL_DATA, USER_DATA, ABSENT_CODE, TASK, OUTSIDE, KERNEL_CODE32, GATE
.set CODES, (. - code_list) / 2
stack_list:
  .word 0, 1, 2, 3, KERNEL_DATA, KERNEL_DATA + 3, USER_DATA, USER_DATA - 3, DATA1 + 1, DATA1
  .word READONLY_DATA, KERNEL_CODE, USER_CODE, TASK, OUTSIDE, FRESH_DATA
.set STACKS, (. - stack_list) / 2

.section .user
# In 64-bit code and in 32-bit code these are the same instructions.
user_landing:
  movl %cs, %ecx
  movl %ss, %esi
  int $0x82
user_try:
  pushq %rdx
  pushq $user_stack_top
  pushq $2
  pushq %rcx
  pushq $user_landing
  iretq
