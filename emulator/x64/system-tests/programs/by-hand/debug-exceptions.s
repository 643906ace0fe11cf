# Debug exceptions of which QEMU makes something else: each is recorded, and returned from.
.include "common.inc"
.section .text
main:
  movq $1, returns
  # Two breakpoints at once.
  movq $USER_PAGE, %rax
  movq %rax, %dr0
  movq %rax, %dr1
  movl $0x11040a, %eax
  movq %rax, %dr7
  movb $1, USER_PAGE
1: note 1, $1b
  # And a single step as well.
  pushq $0x102
  popfq
  movb $1, USER_PAGE
1: nop
2: pushq $2
3: popfq
4: note 2, $1b
  note 2, $2b
  note 2, $3b
  note 2, $4b
  # MOV SS holds them back until the instruction behind it is done.
  movl $KERNEL_DATA, %eax
  movl $0, %ebx
  movq %rax, USER_PAGE + 8
  movq $USER_PAGE + 8, %rax
  movq %rax, %dr0
  movl $0x30402, %eax
  movq %rax, %dr7
  movw USER_PAGE + 8, %ss
  nop
1: nop
  note 3, $1b
  # Each repetition of a string instruction, and its source.
  movl $0x70402, %eax
  movq %rax, %dr7
  movq $USER_PAGE + 6, %rsi
  movq $KERNEL_PAGE, %rdi
  movl $3, %ecx
1: rep movsw
  note 4, $1b
  # An instruction that faults reports nothing.
  movq $0, returns
  movl $0x30402, %eax
  movq %rax, %dr7
  movq $1f, resume
  movq $USER_READONLY, %rdi
  movq $USER_PAGE + 8, %rsi
  movsq
1: movq %dr6, %rax
  note 5, %rax
  # GD: the next move of a debug register is a fault, and GD is clear in its handler.
  movl $0x2400, %eax
  movq %rax, %dr7
  attempt movq %dr0, %rbx
  movq %dr7, %rax
  note 6, %rax
  jmp finish
