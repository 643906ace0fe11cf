/*
 * Runs cases on the processor of this machine: reads batches from standard input, writes what
 * became of each case to standard output. The formats are those of ../cases/case-format.ts, the
 * addresses those of ../cases/layout.ts.
 *
 * The program lives in its signal handler. Every case ends in a signal: the code page is filled
 * with INT3, and what else a case does wrong is a fault. The handler stores what the kernel put in
 * the signal's frame, puts the next case's state there, and returns: sigreturn(2) loads all
 * registers at once, those of the x87 and MXCSR included.
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 5, CODE_PAGE = 0, CHUNK = 16 };

/* ../cases/layout.ts */
static const struct window {
  uintptr_t address;
  int protection;
} windows[PAGES] = {
    {0x10000000, PROT_READ | PROT_EXEC},  {0x20000000, PROT_READ | PROT_WRITE},
    {0x20001000, PROT_READ | PROT_WRITE}, {0x20002000, PROT_READ},
    {0x20010000, PROT_READ | PROT_WRITE},
};
static const uint64_t FS_BASE = 0x345678;
static const uint64_t GS_BASE = 0xffffffffe0000000;

/* ../cases/case-format.ts */
struct state {
  uint64_t registers[16];
  uint64_t rip;
  uint64_t rflags;
  uint32_t vector;
  uint32_t error;
  uint64_t cr2;
  uint8_t fx[512];
};
/* Of an input, `vector` says the code's bits: 0 for 64. */
enum { CODE_BYTES = 64, CODE_BITS_32 = 32, CODE_BITS_16 = 16 };
struct input {
  uint32_t size;
  uint32_t code_address;
  uint32_t code_length;
  uint32_t patches;
  struct state state;
  uint8_t code[CODE_BYTES];
};
struct patch {
  uint32_t address;
  uint32_t length;
  uint8_t bytes[];
};
struct output {
  uint32_t size;
  uint32_t changes;
  uint32_t zero[2];
  struct state state;
};
struct change {
  uint32_t address;
  uint32_t zero[3];
  uint8_t bytes[CHUNK];
};

/* The order of the registers as instructions encode them. */
static const int order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                              REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                              REG_R12, REG_R13, REG_R14, REG_R15};

/* All pages as this program writes them, whatever the case may do with them. */
static uint8_t *pages;
/* What the pages hold without a case. */
static uint8_t background[PAGES * PAGE];
/* What they hold at the start of the case that runs. */
static uint8_t before[PAGES * PAGE];

static const uint8_t *next_input;
static uint32_t inputs_left;
static const struct input *running;
static uint8_t *next_output;
static gregset_t main_registers;
static uint8_t main_fx[512];
static uint64_t main_fs, main_gs;

static uint64_t read_fs(void) {
  uint64_t base;
  __asm__ volatile("rdfsbase %0" : "=r"(base));
  return base;
}
static uint64_t read_gs(void) {
  uint64_t base;
  __asm__ volatile("rdgsbase %0" : "=r"(base));
  return base;
}

/* A case may have loaded selectors, and with them bases. */
static void set_segments(uint64_t fs, uint64_t gs) {
  uint32_t selectors[4];
  __asm__ volatile("mov %%ds, %0\n mov %%es, %1\n mov %%fs, %2\n mov %%gs, %3"
                   : "=r"(selectors[0]), "=r"(selectors[1]), "=r"(selectors[2]),
                     "=r"(selectors[3]));
  if (selectors[0] | selectors[1] | selectors[2] | selectors[3]) {
    __asm__ volatile("mov %0, %%ds\n mov %0, %%es\n mov %0, %%fs\n mov %0, %%gs" : : "r"(0));
  }
  __asm__ volatile("wrfsbase %0\n wrgsbase %1" : : "r"(fs), "r"(gs));
}

/* Where in `pages` an address of a window is. */
static size_t page_offset(uint32_t address) {
  for (int page = 0; page < PAGES; page++) {
    if (address - windows[page].address < PAGE) {
      return page * PAGE + (address - windows[page].address);
    }
  }
  static const char message[] = "A patch is outside of the windows.\n";
  if (write(2, message, sizeof message - 1)) _exit(3);
  _exit(3);
}

enum what { APPLY, UNDO };
static void patch_memory(const struct input *input, enum what what) {
  const uint8_t *at = (const uint8_t *)(input + 1);
  for (uint32_t i = 0; i < input->patches; i++) {
    const struct patch *patch = (const struct patch *)at;
    size_t offset = page_offset(patch->address);
    const uint8_t *bytes = what == APPLY ? patch->bytes : background + offset;
    /* Patches may go over the boundary of two pages, which are neighbours in `pages` too. */
    memcpy(pages + offset, bytes, patch->length);
    memcpy(before + offset, bytes, patch->length);
    at += sizeof *patch + ((patch->length + 7) & ~7u);
  }
}

static void store_changes(struct output *output) {
  struct change *change = (struct change *)(output + 1);
  for (int page = 1; page < PAGES; page++) {
    uint8_t *now = pages + page * PAGE, *then = before + page * PAGE;
    if (memcmp(now, then, PAGE) == 0) continue;
    for (int at = 0; at < PAGE; at += CHUNK) {
      if (memcmp(now + at, then + at, CHUNK) == 0) continue;
      change->address = windows[page].address + at;
      memset(change->zero, 0, sizeof change->zero);
      memcpy(change->bytes, now + at, CHUNK);
      memcpy(now + at, then + at, CHUNK);
      change++;
      output->changes++;
    }
  }
  output->size = (uint8_t *)change - (uint8_t *)output;
}

/* Vector of a case that loops: no exception has it. */
enum { NO_END = 0xffff };

static void finish(const ucontext_t *context, uint32_t vector) {
  struct output *output = (struct output *)next_output;
  const greg_t *registers = context->uc_mcontext.gregs;
  output->changes = output->zero[0] = output->zero[1] = 0;
  for (int i = 0; i < 16; i++) output->state.registers[i] = registers[order[i]];
  output->state.rip = registers[REG_RIP];
  output->state.rflags = registers[REG_EFL];
  output->state.vector = vector;
  output->state.error = registers[REG_ERR];
  output->state.cr2 = vector == 14 ? registers[REG_CR2] : 0;
  memcpy(output->state.fx, context->uc_mcontext.fpregs, 416);
  memset(output->state.fx + 416, 0, 96);
  store_changes(output);
  next_output += output->size;
  patch_memory(running, UNDO);
  uint8_t *code = pages + CODE_PAGE * PAGE + (running->code_address - windows[CODE_PAGE].address);
  memset(code, 0xcc, running->code_length);
}

static void fail(const char *what) {
  perror(what);
  exit(2);
}

/* CS, SS and DS (ES too) as Linux gives them to 64-bit and 32-bit programs, and ours in the LDT. */
static const struct selectors {
  uint32_t cs, ss, ds;
} selectors_64 = {0x33, 0x2b, 0}, selectors_32 = {0x23, 0x2b, 0x2b}, selectors_16 = {7, 0x17, 0xf};

static const struct selectors *selectors_of(uint32_t code_bits) {
  if (code_bits == CODE_BITS_32) return &selectors_32;
  return code_bits == CODE_BITS_16 ? &selectors_16 : &selectors_64;
}

/*
 * Segments of 16 bits at the windows of code, data and stack, as long as 16-bit code runs: other
 * cases load selectors that are to find nothing there.
 */
static void make_segments(bool are_wanted) {
  static bool are_there;
  if (are_wanted == are_there) return;
  are_there = are_wanted;
  struct user_desc segments[] = {
      {.entry_number = 0, .base_addr = 0x10000000, .limit = 0xffff, .contents = 2},
      {.entry_number = 1, .base_addr = 0x20000000, .limit = 0xffff},
      {.entry_number = 2, .base_addr = 0x20010000, .limit = PAGE - 1},
  };
  for (unsigned i = 0; i < sizeof segments / sizeof *segments; i++) {
    /* An entry of zeros is removed. */
    struct user_desc none = {.entry_number = i};
    enum { WRITE = 1 };
    const struct user_desc *wanted = are_wanted ? &segments[i] : &none;
    if (syscall(SYS_modify_ldt, WRITE, wanted, sizeof *wanted) < 0) fail("modify_ldt");
  }
}

static void start(ucontext_t *context) {
  const struct input *input = running = (const struct input *)next_input;
  greg_t *registers = context->uc_mcontext.gregs;
  for (int i = 0; i < 16; i++) registers[order[i]] = input->state.registers[i];
  registers[REG_RIP] = input->state.rip;
  registers[REG_EFL] = input->state.rflags;
  const struct selectors *selectors = selectors_of(input->state.vector);
  make_segments(selectors == &selectors_16);
  registers[REG_CSGSFS] = (greg_t)selectors->ss << 48 | selectors->cs;
  /* The kernel is to load SS as it stands there. */
  enum { UC_SIGCONTEXT_SS = 2, UC_STRICT_RESTORE_SS = 4 };
  context->uc_flags |= UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;
  /* Bytes 464.. say for the kernel whether more than the FXSAVE image follows: zeros, it does not. */
  memcpy(context->uc_mcontext.fpregs, input->state.fx, 416);
  memset((uint8_t *)context->uc_mcontext.fpregs + 416, 0, 96);
  memcpy(pages + CODE_PAGE * PAGE + (input->code_address - windows[CODE_PAGE].address),
         input->code, input->code_length);
  patch_memory(input, APPLY);
  set_segments(FS_BASE, GS_BASE);
  if (selectors->ds) __asm__ volatile("mov %0, %%ds\n mov %0, %%es" : : "r"(selectors->ds));
  next_input += input->size;
  inputs_left--;
}

enum { TICK = SIGPROF, TICK_MICROSECONDS = 50000 };

static void handle(int number, siginfo_t *info, void *frame) {
  /* A case may leave AC, NT or ID set: the kernel clears only DF, TF and RF for a handler. */
  __asm__ volatile("pushq $0x202\n popfq" : : : "memory", "cc");
  ucontext_t *context = frame;
  (void)info;
  if (number == TICK) {
    /* A case that is seen twice has had the time of thousands. */
    static const struct input *seen;
    bool is_looping = running != NULL && running == seen;
    seen = running;
    if (!is_looping) return;
  }
  if (running != NULL) {
    finish(context, number == TICK ? NO_END : context->uc_mcontext.gregs[REG_TRAPNO]);
  } else {
    memcpy(main_registers, context->uc_mcontext.gregs, sizeof main_registers);
    memcpy(main_fx, context->uc_mcontext.fpregs, sizeof main_fx);
  }
  if (inputs_left > 0) {
    start(context);
    return;
  }
  running = NULL;
  set_segments(main_fs, main_gs);
  memcpy(context->uc_mcontext.gregs, main_registers, sizeof main_registers);
  memcpy(context->uc_mcontext.fpregs, main_fx, sizeof main_fx);
}

static void read_all(void *to, size_t bytes) {
  for (uint8_t *at = to; bytes > 0;) {
    ssize_t got = read(0, at, bytes);
    if (got < 0 && errno != EINTR) fail("read");
    if (got == 0) exit(0);
    if (got > 0) at += got, bytes -= got;
  }
}

static void write_all(const void *from, size_t bytes) {
  for (const uint8_t *at = from; bytes > 0;) {
    ssize_t put = write(1, at, bytes);
    if (put < 0 && errno != EINTR) fail("write");
    if (put > 0) at += put, bytes -= put;
  }
}

static void map_windows(void) {
  int file = memfd_create("windows", 0);
  if (file < 0 || ftruncate(file, PAGES * PAGE) < 0) fail("memfd_create");
  pages = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (pages == MAP_FAILED) fail("mmap");
  for (int page = 0; page < PAGES; page++) {
    void *wanted = (void *)windows[page].address;
    /* With its entry in the page table from the start: a fault says then what the case did. */
    int flags = MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_POPULATE;
    if (mmap(wanted, PAGE, windows[page].protection, flags, file, page * PAGE) != wanted ||
        mlock(wanted, PAGE) < 0) {
      fail("mmap of a window");
    }
  }
}

/* ../cases/layout.ts, backgroundBytes: xorshift32. */
static void fill_background(void) {
  uint32_t value = 0x9e3779b9;
  memset(background, 0xcc, PAGE);
  for (int at = PAGE; at < PAGES * PAGE; at += 4) {
    value ^= value << 13;
    value ^= value >> 17;
    value ^= value << 5;
    memcpy(background + at, &value, 4);
  }
  memcpy(before, background, sizeof before);
  memcpy(pages, background, sizeof background);
}

int main(void) {
  enum { HWCAP2_FSGSBASE_BIT = 2 };
  if (!(getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE_BIT)) {
    fprintf(stderr, "The kernel does not let programs set FS and GS (FSGSBASE, Linux 5.9).\n");
    return 2;
  }
  map_windows();
  fill_background();
  static uint8_t stack[1 << 17];
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  if (sigaltstack(&alternative, NULL) < 0) fail("sigaltstack");
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
  static const int numbers[] = {SIGTRAP, SIGSEGV, SIGFPE, SIGILL, SIGBUS, TICK};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    sigaddset(&action.sa_mask, numbers[i]);
  }
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (sigaction(numbers[i], &action, NULL) < 0) fail("sigaction");
  }
  const struct timeval interval = {.tv_usec = TICK_MICROSECONDS};
  if (setitimer(ITIMER_PROF, &(struct itimerval){interval, interval}, NULL) < 0) fail("setitimer");
  for (;;) {
    uint32_t header[2];
    read_all(header, sizeof header);
    uint8_t *input = malloc(header[0]);
    /* More than a case can change: every chunk of the pages that it may write. */
    size_t room = (size_t)header[1] * sizeof(struct output) +
                  (size_t)header[1] * 3 * (PAGE / CHUNK) * sizeof(struct change);
    uint8_t *output = malloc(room);
    if (input == NULL || output == NULL) fail("malloc");
    read_all(input, header[0]);
    next_input = input;
    inputs_left = header[1];
    next_output = output;
    main_fs = read_fs();
    main_gs = read_gs();
    if (inputs_left > 0) __asm__ volatile("int3" : : : "memory");
    uint32_t bytes = next_output - output;
    write_all(&bytes, sizeof bytes);
    write_all(output, bytes);
    free(input);
    free(output);
  }
}
