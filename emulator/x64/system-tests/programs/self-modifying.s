# Code that changes: in the same block, in the next instruction, through another mapping, across
# pages. SDM vol. 3A, 11.6.
.include "common.inc"
.section .text
main:
  # The next instruction: its immediate.
  movl $0x11, 1f + 1
1: movl $0x22, %eax
  note 1, %rax
  # A loop whose body is changed by itself.
  movl $4, %ecx
  xorl %ebx, %ebx
2: addl $1, %ebx
  incb 2b + 2
  decl %ecx
  jnz 2b
  note 2, %rbx
  # A call to code that is written before each call, through another address.
  movl $3, %ecx
  xorl %ebx, %ebx
3: movb $0xb8, 0x300000
  movl %ecx, 0x300001
  movb $0xc3, 0x300005
  movq $USER_PAGE, %rdx
  call *%rdx
  addl %eax, %ebx
  decl %ecx
  jnz 3b
  note 3, %rbx
  # An instruction in two pages: its second half changes.
  movw $0xb866, BEHIND_NEXT - 2
  movq $0x30b067, test_pages + 8 * 11
  invlpg BEHIND_NEXT
  movw $0x1234, BEHIND_NEXT
  movb $0xc3, BEHIND_NEXT + 2
  movq $BEHIND_NEXT - 2, %rdx
  xorl %eax, %eax
  call *%rdx
  note 4, %rax
  movw $0x5678, BEHIND_NEXT
  call *%rdx
  note 5, %rax
  # The page behind is another one.
  movw $0x9abc, USER_PAGE
  movb $0xc3, USER_PAGE + 2
  movq $0x300067, test_pages + 8 * 11
  invlpg BEHIND_NEXT
  call *%rdx
  note 6, %rax
  # The page behind is gone.
  movq $0, test_pages + 8 * 11
  invlpg BEHIND_NEXT
  attempt call *%rdx
  # REP STOS over what is being executed: it goes on as it was.
  movq $4f, %rdi
  movl $4, %ecx
  movl $0x90, %eax
  rep stosb
4: incl %ebx
  incl %ebx
  note 7, %rbx
  # Code is executed at two addresses, and changed by one.
  movb $0xb8, USER_PAGE
  movl $1, USER_PAGE + 1
  movb $0xc3, USER_PAGE + 5
  movq $USER_PAGE, %rdx
  call *%rdx
  note 8, %rax
  movq $0x300000, %rsi
  call *%rsi
  note 9, %rax
  movl $2, 0x300001
  call *%rdx
  note 10, %rax
  call *%rsi
  note 11, %rax
  # The longest instruction, and one that is too long.
  attempt .byte 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90
  attempt .byte 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90
  jmp finish
