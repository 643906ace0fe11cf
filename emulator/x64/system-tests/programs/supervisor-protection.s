# SMEP and SMAP: SDM vol. 3A, 4.6.1.
.include "common.inc"
.section .text
main:
  movb $0xc3, USER_PAGE
  movq $USER_PAGE, %rbx
  attempt call *%rbx
  movq %cr4, %rax
  btsq $20, %rax
  movq %rax, %cr4
  attempt call *%rbx
  attempt movb USER_PAGE, %al
  movb $0xc3, KERNEL_PAGE
  movq $KERNEL_PAGE, %rbx
  attempt call *%rbx
  movq %cr4, %rax
  btsq $21, %rax
  movq %rax, %cr4
  attempt movb USER_PAGE, %al
  attempt movb $1, USER_PAGE
  attempt addl $1, USER_PAGE
  attempt movb KERNEL_PAGE, %al
  stac
  attempt movb USER_PAGE, %al
  attempt movb $1, USER_PAGE
  note_flags 1
  clac
  attempt movb USER_PAGE, %al
  note_flags 2
  # A user's AC is no supervisor's leave.
  user user_stac, 1f
1: user user_program, 1f, 0x40002
1: attempt movb USER_PAGE, %al
  # SMEP and SMAP off again.
  movl $0x620, %eax
  movq %rax, %cr4
  attempt movb USER_PAGE, %al
  attempt stac
  note_flags 3
  jmp finish

.section .user
user_stac: stac
user_program: movb USER_PAGE, %al
  int $0x80
