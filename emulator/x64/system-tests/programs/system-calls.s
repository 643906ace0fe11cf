# SYSCALL, SYSRET, SYSENTER, SYSEXIT, SWAPGS, also with odd flags: SDM vol. 2B.
.include "common.inc"
.section .text
main:
  write_msr 0xc0000081, 0, 0x00180008
  movq $entry, %rax
  movq %rax, %rdx
  shrq $32, %rdx
  movl $0xc0000082, %ecx
  wrmsr
  write_msr 0xc0000084, 0x47700
  # All flags but TF: IF, DF, NT and AC are masked, IOPL and ID are not.
  user user_call, 1f, 0x47fed7-0x4000-0x100
1: note 1, %rbx
  note 2, %rcx
  note 3, %r11
  movl %ss, %eax
  note 4, %rax
  movl %cs, %eax
  note 5, %rax
  # Nothing is masked.
  write_msr 0xc0000084, 0
  user user_call, 1f, 0x244ed7
1: note 6, %rbx
  pushq $2
  popfq
  # Back to user mode: with flags that may not be, RF and VM.
  movq $user_back, %rcx
  movq $0x3f7ffd-0x100, %r11
  movq $1f, resume
  sysretq
1: note 7, %rbx
  note 8, %rdx
  # To compatibility mode: the address is cut.
  movabsq $0x100000000 + user_compatible, %rcx
  movq $0x202, %r11
  movq $1f, resume
  sysretl
1: note 9, %rbx
  # At CPL 3, and without SCE.
  user user_sysret, 1f
1: write_msr 0xc0000080, 0xd00
  attempt syscall
  attempt sysretq
  user user_call, 1f
1: write_msr 0xc0000080, 0xd01
  # SWAPGS.
  write_msr 0xc0000101, 0x11111111
  write_msr 0xc0000102, 0x22222222, 0xffff8000
  swapgs
  movl $0xc0000101, %ecx
  rdmsr
  note 10, %rax
  note 11, %rdx
  movl $0xc0000102, %ecx
  rdmsr
  note 12, %rax
  user user_swapgs, 1f
  # SYSENTER and SYSEXIT.
1: write_msr 0x174, 0
  attempt sysenter
  attempt sysexitl
  write_msr 0x174, KERNEL_CODE
  write_msr 0x175, stack2_top
  write_msr 0x176, fast_entry
  user user_sysenter, 1f, 0x202
1: jmp finish

entry:
  pushfq
  popq %rbx
  jmp *resume
fast_entry:
  note 19, %rsp
  note 20, %rbx
  movl %cs, %eax
  note 21, %rax
  movl %ss, %eax
  note 22, %rax
  note_flags 23
  movq $stack_top, %rsp
  movq $user_back, %rdx
  movq $user_stack_top-64, %rcx
  movq $1f, resume
  # User code is at 0x28, 32 behind the kernel's.
  rex.W sysexit
1: note 24, %rbx
  user user_sysexit, 1f
1: jmp finish

.section .user
user_call: syscall
  int $0x80
user_back: movq %rsp, %rdx
  pushfq
  popq %rbx
  int $0x80
user_compatible: .code32
  movl $0x12345678, %ebx
  incl %ebx
  int $0x80
.code64
user_sysret: sysretq
user_swapgs: swapgs
user_sysenter: sysenter
user_sysexit: rex.W sysexit
