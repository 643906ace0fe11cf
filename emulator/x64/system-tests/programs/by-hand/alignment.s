# Alignment checks: SDM vol. 3A, 6.15, interrupt 17. QEMU makes none.
.include "common.inc"
.set AC, 0x40000
.set AM, 0x40000
.macro as_user program, flags
  user \program, after\@, \flags + 2
after\@:
.endm
.section .text
main:
  gate 0x80, 0xee00
  movq $USER_PAGE, %rdi
  as_user user_word, AC
  movq %cr0, %rax
  orq $AM, %rax
  movq %rax, %cr0
  as_user user_word, 0
  as_user user_word, AC
  as_user user_doubleword, AC
  as_user user_quadword, AC
  as_user user_aligned, AC
  as_user user_byte, AC
  as_user user_update, AC
  as_user user_push, AC
  # A supervisor is not checked.
  pushq $AC + 2
  popfq
  movl 1(%rdi), %eax
  note 1, %rdi
  jmp finish

.section .user
user_word: movw 1(%rdi), %ax
  int $0x80
user_doubleword: movl 2(%rdi), %eax
  int $0x80
user_quadword: movq %rax, 4(%rdi)
  int $0x80
user_aligned: movq 8(%rdi), %rax
  movl 4(%rdi), %eax
  movw 2(%rdi), %ax
  int $0x80
user_byte: movb 3(%rdi), %al
  int $0x80
user_update: addl $1, 1(%rdi)
  int $0x80
user_push: leaq 0x801(%rdi), %rsp
  pushq %rax
  int $0x80
