# IRET: null SS, RF, NT, compatibility mode, and what it refuses: SDM vol. 2A.
.include "common.inc"
.macro frame ss, rsp, flags, cs, rip
  pushq $\ss
  pushq $\rsp
  pushq $\flags
  pushq $\cs
  pushq $\rip
.endm
.section .text
main:
  gate 12, 0x8e01
  # The same privilege with a null SS, and with another RSP.
  frame 0, stack2_top, 0x202, KERNEL_CODE, 1f
  iretq
1: movl %ss, %eax
  note 1, %rax
  note 2, %rsp
  note_flags 3
  # Flags that may be loaded at CPL 0.
  frame KERNEL_DATA, stack_top, 0x247ed7-0x4000, KERNEL_CODE, 1f
  iretq
1: note_flags 4
  pushq $2
  popfq
  # NT: no tasks in long mode.
  pushq $0x4002
  popfq
  attempt iretq
  # NT in the frame is loaded.
  frame KERNEL_DATA, stack_top, 0x4002, KERNEL_CODE, 1f
  iretq
1: note_flags 5
  pushq $2
  popfq
  # RF in the frame, with IRETQ and IRETL and IRETW.
  frame KERNEL_DATA, stack_top, 0x10002, KERNEL_CODE, 1f
  iretq
1: note_flags 6
  movl $KERNEL_DATA, -4(%rsp)
  movl $stack_top, -8(%rsp)
  movl $0x40ed7, -12(%rsp)
  movl $KERNEL_CODE, -16(%rsp)
  movl $1f, -20(%rsp)
  subq $20, %rsp
  iretl
1: note_flags 7
  note 8, %rsp
  pushq $2
  popfq
  # Selectors that are refused.
.macro refuse ss, cs, rip=1f
  frame \ss, stack_top, 2, \cs, \rip
  attempt iretq
.endm
  refuse KERNEL_DATA, 0
  refuse KERNEL_DATA, OUTSIDE
  refuse KERNEL_DATA, KERNEL_DATA
  refuse KERNEL_DATA, ABSENT_CODE
  refuse KERNEL_DATA, USER_CODE-3
  refuse KERNEL_DATA, KERNEL_CODE + 3
  refuse KERNEL_DATA, TASK
  refuse KERNEL_DATA, CONFORMING1
  refuse KERNEL_DATA, 4
  refuse OUTSIDE, KERNEL_CODE
  refuse USER_DATA, KERNEL_CODE
  refuse USER_DATA-3, KERNEL_CODE
  refuse READONLY_DATA, KERNEL_CODE
  refuse KERNEL_CODE, KERNEL_CODE
  refuse 0, USER_CODE
  refuse 3, USER_CODE
  refuse KERNEL_DATA, USER_CODE
  refuse 0, USER_CODE32
  # The frame is on a page that is not there.
  movq $ABSENT_PAGE + 0xff0, %rsp
  gate 14, 0x8e02
  attempt iretq
  gate 14, 0x8e00
  # To a conforming segment, to CPL 1, and on to CPL 3.
  frame KERNEL_DATA, stack_top, 2, CONFORMING, 1f
  iretq
1: movl %cs, %eax
  note 9, %rax
  movq $1f, resume
  frame DATA1 + 1, stack1_top, 2, CODE1 + 1, in_code1
  iretq
in_code1:
  movl %cs, %eax
  movl %ss, %ebx
  int $0x80
1: note 10, %rax
  note 11, %rbx
  # A null SS at CPL 1 may be, as it is 64-bit code.
  movq $1f, resume
  frame 1, stack1_top, 2, CODE1 + 1, in_code1
  iretq
1: note 12, %rbx
  # Data segments that the outer privilege could not load are gone; null ones and its own stay.
  movl $KERNEL_DATA, %eax
  movw %ax, %ds
  movw %ax, %fs
  movl $USER_DATA, %eax
  movw %ax, %es
  movl $CONFORMING, %eax
  movw %ax, %gs
  user user_segments, 1f
1: note 13, %rbx
  note 14, %rcx
  note 15, %rdx
  note 16, %rsi
  # IF and IOPL at CPL 3: only with IOPL 3.
  user user_flags, 1f, 0x2
1: note 17, %rbx
  user user_flags, 1f, 0x3202
1: note 18, %rbx
  # From user mode to user mode; to an inner privilege it is refused.
  user user_iret, 1f
1: note 19, %rbx
  user user_inner, 1f
  # Compatibility mode: 32-bit code at CPL 3 and at CPL 0.
1: movq $1f, resume
  frame USER_DATA, user_stack_top, 0x202, USER_CODE32, user_compatible
  iretq
1: note 20, %rbx
  note 21, %rdx
  movq $1f, resume
  frame KERNEL_DATA, stack2_top, 2, KERNEL_CODE32, kernel_compatible
  iretq
1: note 22, %rbx
  note 23, %rdx
  jmp finish

.code32
kernel_compatible:
  movl %esp, %edx
  movl %cs, %ebx
  pushl $0x1234
  popl %ebx
  # IRETD at the same privilege takes three doublewords.
  pushl $2
  pushl $KERNEL_CODE32
  pushl $2f
  iretl
2: subl %esp, %edx
  # An exception of compatibility mode: its frame is one of 64 bits.
  ud2
.code64

.section .user
user_segments: movl %ds, %ebx
  movl %es, %ecx
  movl %fs, %edx
  movl %gs, %esi
  int $0x80
user_flags:
  pushq $USER_DATA
  pushq $user_stack_top
  pushq $0x3202^0x40
  pushq $USER_CODE
  pushq $1f
  iretq
1: pushfq
  popq %rbx
  int $0x80
user_iret:
  pushq $USER_DATA
  pushq $user_stack_top-8
  pushq $0x10ad7
  pushq $USER_CODE
  pushq $1f
  iretq
1: pushfq
  popq %rbx
  int $0x80
user_inner:
  pushq $KERNEL_DATA
  pushq $user_stack_top-8
  pushq $2
  pushq $KERNEL_CODE
  pushq $main
  iretq
user_compatible: .code32
  movl %esp, %edx
  movl $0x7fffffff, %ebx
  incl %ebx
  pushl %ebx
  call 1f
1: popl %eax
  pushl $2
  pushl $USER_CODE32
  pushl $2f
  iretl
2: subl %esp, %edx
  int $0x80
.code64
