# Breakpoints in DR0 to DR3: SDM vol. 3B, 17.2 and 17.3.
.include "common.inc"
.macro breakpoint register, address, dr7
  movq $\address, %rax
  movq %rax, %\register
  movl $\dr7, %eax
  movq %rax, %dr7
.endm
.macro no_breakpoints
  movl $0x400, %eax
  movq %rax, %dr7
.endm
.section .text
main:
  # Their values: what cannot be written.
  movq %dr6, %rax
  note 1, %rax
  movq %dr7, %rax
  note 2, %rax
  movl $0xffffefff, %eax
  movq %rax, %dr6
  movq %dr6, %rax
  note 3, %rax
  movl $0, %eax
  movq %rax, %dr6
  movq %dr6, %rax
  note 4, %rax
  movl $0, %eax
  movq %rax, %dr7
  movq %dr7, %rax
  note 5, %rax
  movabsq $0x100000000, %rax
  attempt movq %rax, %dr6
  attempt movq %rax, %dr7
  movq %rax, %dr3
  movq %dr3, %rbx
  note 6, %rbx
  # DR4 and DR5 are DR6 and DR7, but with CR4.DE.
  attempt movq %db4, %rbx
  note 7, %rbx
  movq %cr4, %rax
  btsq $3, %rax
  movq %rax, %cr4
  attempt movq %db4, %rbx
  attempt movq %db5, %rbx
  btcq $3, %rax
  movq %rax, %cr4
  # An instruction: before it, and again and again but with RF.
  movq $1, returns
  breakpoint dr0, 1f, 0x402
  movq $0, returns
  attempt jmp 1f
  no_breakpoints
  jmp 2f
1: nop
  jmp 2f
2: breakpoint dr1, 3f, 0x408
  movq $3f, %rbx
  pushq $KERNEL_DATA
  pushq $stack_top
  pushq $0x10002
  pushq $KERNEL_CODE
  pushq %rbx
  iretq
3: nop
  note_flags 8
  no_breakpoints
  # Writes of data: behind the instruction.
  movq $1, returns
  breakpoint dr2, USER_PAGE + 4, 0xd000420
  movl $1, USER_PAGE
  movl $1, USER_PAGE + 8
  movl USER_PAGE + 4, %eax
  movl $2, USER_PAGE + 4
  movb $2, USER_PAGE + 7
  movq $2, USER_PAGE + 1
  addl $1, USER_PAGE + 6
  pushq USER_PAGE + 4
  popq USER_PAGE + 2
  # Reads and writes.
  breakpoint dr2, USER_PAGE + 4, 0xf000420
  movl USER_PAGE + 4, %eax
  movl USER_PAGE + 8, %eax
  movb USER_PAGE + 5, %al
  # 1, 2 and 8 bytes.
  breakpoint dr3, USER_PAGE + 0x13, 0x10000480
  movb $1, USER_PAGE + 0x12
  movb $1, USER_PAGE + 0x13
  movb $1, USER_PAGE + 0x14
  breakpoint dr3, USER_PAGE + 0x12, 0x50000480
  movb $1, USER_PAGE + 0x11
  movb $1, USER_PAGE + 0x13
  movb $1, USER_PAGE + 0x14
  breakpoint dr3, USER_PAGE + 0x10, 0x90000480
  movq $1, USER_PAGE + 0x9
  movb $1, USER_PAGE + 0x17
  movb $1, USER_PAGE + 0x18
  # One that is enabled for nobody.
  breakpoint dr3, USER_PAGE + 0x10, 0x90000400
  movb $1, USER_PAGE + 0x10
  no_breakpoints
  # Ports, with CR4.DE.
  movq %cr4, %rax
  btsq $3, %rax
  movq %rax, %cr4
  breakpoint dr1, 0x84, 0x600408
  inb $0x83, %al
  inb $0x84, %al
  outb %al, $0x85
  outw %ax, $0x85
  outb %al, $0x86
  movw $0x84, %dx
  inb %dx, %al
  no_breakpoints
  jmp finish
