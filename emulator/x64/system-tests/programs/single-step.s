# TF: SDM vol. 3B, 17.3.1.4. Each trap is recorded, and returned from.
.include "common.inc"
.macro steps
  movq $1, returns
.endm
.macro no_steps
  movq $0, returns
.endm
.macro set_tf
  pushq $0x102
  popfq
.endm
.macro clear_tf
  pushq $2
  popfq
.endm
.section .text
main:
  write_msr 0xc0000081, 0, 0x00180008
  write_msr 0xc0000082, entry
  write_msr 0xc0000084, 0x100
  # It is set by POPF, and cleared by POPF.
  steps
  set_tf
  nop
  nop
  jmp 1f
  nop
1: incl %eax
  clear_tf
  nop
  # Each repetition of a string instruction.
  movq $USER_PAGE, %rdi
  movl $3, %ecx
  set_tf
  rep stosb
  clear_tf
  # MOV SS holds it back for one more instruction.
  movl $KERNEL_DATA, %eax
  set_tf
  movw %ax, %ss
  nop
  nop
  clear_tf
  # CPUID, and moves of control registers.
  set_tf
  cpuid
  movq %cr0, %rax
  movq %rax, %cr0
  clear_tf
  # A software interrupt clears it, and it comes back with IRET.
  set_tf
  int $0x80
  nop
  clear_tf
  # A fault clears it, too: the frame has it.
  no_steps
  movq $1f, resume
  set_tf
  ud2
1: note_flags 1
  # It is set by IRET, and one instruction is executed.
  steps
  pushq $KERNEL_DATA
  pushq $stack_top
  pushq $0x102
  pushq $KERNEL_CODE
  pushq $1f
  iretq
1: nop
  clear_tf
  # SYSCALL, where SFMASK clears TF: no trap at the entry. SYSRET sets it: a trap at once.
  user user_call, over, 0x102
over: no_steps
  note 2, %rcx
  note 3, %r11
  # Where SFMASK leaves it: a trap at the entry.
  write_msr 0xc0000084, 0
  movq $1, count
  movq $last, after_all
  steps
  user user_call, last, 0x102
last: no_steps
  jmp finish

.balign 16
entry:
  nop
  nop
  cmpq $1, count
  je 1f
  movq $1, count
  sysretq
1: clear_tf
  movq $stack_top, %rsp
  jmp *after_all

.section .data
after_all: .quad over
count: .quad 0

.section .user
user_call:
  nop
  syscall
  nop
  syscall
