# Every access byte of a descriptor with every RPL, at CPL 0 and 3: loaded into DS and SS, and asked
# for by LAR, LSL, VERR and VERW. SDM vol. 3A, 5.5 to 5.7 and 5.10. Of each a byte: the exception's
# vector, with bit 6 if its error code is not the selector; or bit 7, with ZF in bit 5 and the
# descriptor's accessed flag in bit 4. Eight of them are a note.
#
# Left out are the system types 1, 3, 4 and 5, which long mode does not know, and QEMU does.
.include "common.inc"
.set DESCRIPTOR, gdt + FRESH_DATA
.section .text
.macro handler number, target
  movq $\target, %rax
  movw %ax, idt + 16 * \number
  shrq $16, %rax
  movw %ax, idt + 16 * \number + 6
.endm
main:
  handler 11, fault11
  handler 12, fault12
  handler 13, fault13
  handler 0x80, done80
  gate 0x80, 0xee00
  xorl %r8d, %r8d
  xorl %r13d, %r13d
bytes:
  # %r8: the access byte, %r9: RPL, %r10: which instruction, and from 6 on the same at CPL 3.
  testb $0x10, %r8b
  jnz 1f
  movl %r8d, %eax
  andl $15, %eax
  movl $0x3a, %ecx
  btl %eax, %ecx
  jc next_byte
1: xorl %r9d, %r9d
levels:
  xorl %r10d, %r10d
instructions:
  movb %r8b, DESCRIPTOR + 5
  movl $FRESH_DATA, %ebx
  orl %r9d, %ebx
  xorl %ecx, %ecx
  cmpl $6, %r10d
  jae at_user
  call try
  pushfq
  popq %rdx
  jmp result
at_user:
  pushq $USER_DATA
  pushq $user_stack_top
  pushq $2
  pushq $USER_CODE
  pushq $user_try
  iretq
done80:
  movq 16(%rsp), %rdx
result:
  movl %edx, %eax
  andl $0x40, %eax
  shrl $1, %eax
  movb DESCRIPTOR + 5, %cl
  andb $1, %cl
  shlb $4, %cl
  orb %cl, %al
  orb $0x80, %al
  jmp note_result
fault11: movl $11, %eax
  jmp 1f
fault12: movl $12, %eax
  jmp 1f
fault13: movl $13, %eax
1: movl %ebx, %ecx
  andl $0xfffc, %ecx
  cmpq %rcx, (%rsp)
  je note_result
  orl $0x40, %eax
note_result:
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
  cmpl $12, %r10d
  jne instructions
  incl %r9d
  cmpl $4, %r9d
  jne levels
next_byte:
  incl %r8d
  cmpl $256, %r8d
  jne bytes
  jmp finish

.macro choose name
\name:
  movl %r10d, %eax
  cmpl $6, %eax
  jb 1f
  subl $6, %eax
1: cmpl $1, %eax
  jb 2f
  je 3f
  cmpl $3, %eax
  jb 4f
  je 5f
  cmpl $5, %eax
  jb 6f
  verw %bx
  jmp 7f
2: movw %bx, %ds
  jmp 7f
3: movw %bx, %ss
  jmp 7f
4: larl %ebx, %ecx
  jmp 7f
5: lsll %ebx, %ecx
  jmp 7f
6: verr %bx
7:
.endm

choose try
  ret

.section .user
choose user_try
  int $0x80
