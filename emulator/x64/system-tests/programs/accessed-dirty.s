# Accessed and dirty flags: SDM vol. 3A, 4.8. And what INVLPG, CR3 and CR4 forget: 4.10.4.
.include "common.inc"
.set PTE, 8
.section .text
main:
  note 1, test_pages + 8 * PTE
  movb FRESH_PAGE, %al
  note 2, test_pages + 8 * PTE
  movb $1, FRESH_PAGE
  note 3, test_pages + 8 * PTE
  # A write that is refused sets nothing.
  movq $0x302005, test_pages + 8 * 2
  invlpg USER_READONLY
  attempt movb $1, USER_READONLY
  note 4, test_pages + 8 * 2
  note 5, directory + 8
  note 6, directories
  note 7, page_map
  movb LARGE_PAGE, %al
  note 8, directory + 16
  movb $1, LARGE_PAGE + 0x1000
  note 9, directory + 16
  movb HUGE_PAGE, %al
  note 10, directories + 8
  # A read, then a write: dirty comes with the write.
  movq $0x308007, test_pages + 8 * PTE
  invlpg FRESH_PAGE
  orb $0, FRESH_PAGE
  note 11, test_pages + 8 * PTE
  movq $0x308007, test_pages + 8 * PTE
  invlpg FRESH_PAGE
  cmpb $0, FRESH_PAGE
  note 12, test_pages + 8 * PTE
  # Fetches set accessed only.
  movb $0xc3, FRESH_PAGE
  movq $0x308007, test_pages + 8 * PTE
  invlpg FRESH_PAGE
  movq $FRESH_PAGE, %rbx
  call *%rbx
  note 13, test_pages + 8 * PTE
  # Another page at the same address after INVLPG, and after CR3.
  movq $0x11, KERNEL_PAGE
  movq $0x22, USER_PAGE
  movq $0x301063, test_pages + 8 * PTE
  invlpg FRESH_PAGE
  note 14, FRESH_PAGE
  movq $0x300067, test_pages + 8 * PTE
  movq %cr3, %rax
  movq %rax, %cr3
  note 15, FRESH_PAGE
  # Global pages stay with CR3, and go with INVLPG and CR4.PGE.
  movq %cr4, %rax
  btsq $7, %rax
  movq %rax, %cr4
  movq $0x33, GLOBAL_PAGE
  movq $0x301163, test_pages + 8 * 9
  invlpg GLOBAL_PAGE
  note 16, GLOBAL_PAGE
  movq $0x300163, test_pages + 8 * 9
  movq %cr4, %rax
  btcq $7, %rax
  movq %rax, %cr4
  note 17, GLOBAL_PAGE
  # INVLPG takes all of a large page.
  movq $0x44, LARGE_PAGE + 0x5000
  movq $0x55, LARGE_PAGE + 0x105000
  movq LARGE_PAGE + 0x105000, %rax
  movq $0x87, directory + 16
  invlpg LARGE_PAGE
  note 18, LARGE_PAGE + 0x105000
  movq $0x400087, directory + 16
  invlpg LARGE_PAGE + 0x105000
  note 19, LARGE_PAGE + 0x5000
  # The entry of a directory: rights are the least of all levels.
  movq $test_pages + 5, directory + 8
  invlpg USER_PAGE
  attempt movb $1, USER_PAGE
  movq $test_pages + 7, directory + 8
  invlpg USER_PAGE
  attempt movb $1, USER_PAGE
  # INVLPG at CPL 3, and at an address that is not canonical.
  movabsq $NOT_CANONICAL, %rbx
  attempt invlpg (%rbx)
  user user_program, 1f
1: jmp finish

.section .user
user_program: invlpg USER_PAGE
