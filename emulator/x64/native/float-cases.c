/*
 * Runs floating-point instructions of this machine's processor on edge-heavy operands, and writes
 * what came out: float-cases SEED CASES x87|sse. The format is in ../float/test-support/case-file.ts.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

typedef struct {
  unsigned char bytes[16];
} slot;

enum operand { EXTENDED, DOUBLE, SINGLE, INTEGER, DECIMAL, KINDS };

static uint64_t state;

/* splitmix64 */
static uint64_t next(void) {
  uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static uint64_t below(uint64_t n) { return next() % n; }

/* `bits` bits of which runs, ends and middles are more likely than chance has them. */
static uint64_t fraction(int bits) {
  uint64_t all = bits == 64 ? ~0ull : (1ull << bits) - 1;
  switch (below(9)) {
  case 0: return 0;
  case 1: return all;
  case 2: return 1ull << below(bits);
  case 3: return all << below(bits) & all;
  case 4: return all >> below(bits);
  case 5: return (all >> 1) + below(5) - 2;
  case 6: return (next() & all) & (all << below(bits));
  default: return next() & all;
  }
}

/* An exponent field, often near 1, or an end of the range. */
static int field(int bits) {
  int most = (1 << bits) - 1, bias = most >> 1;
  switch (below(8)) {
  case 0: return 0;
  case 1: return most;
  case 2: return (int)below(3);
  case 3: return most - (int)below(4);
  case 4: return bias / 2 + (int)below(4);
  case 5: return bias + (int)below(70);
  case 6: return (bias + (int)below(140) - 70) & most;
  default: return (int)below(most);
  }
}

static slot operand(enum operand kind) {
  slot s = {{0}};
  uint64_t v;
  switch (kind) {
  case EXTENDED: {
    uint16_t f = (uint16_t)field(15);
    v = fraction(63);
    /* Patterns that the formats do not allow: one in 32. */
    if ((f != 0) != (below(32) == 0)) v |= 1ull << 63;
    f |= (uint16_t)(below(2) << 15);
    memcpy(s.bytes, &v, 8);
    memcpy(s.bytes + 8, &f, 2);
    break;
  }
  case DOUBLE:
    v = fraction(52) | (uint64_t)field(11) << 52 | next() << 63;
    memcpy(s.bytes, &v, 8);
    break;
  case SINGLE:
    v = fraction(23) | (uint64_t)field(8) << 23 | below(2) << 31;
    memcpy(s.bytes, &v, 4);
    break;
  case INTEGER:
    v = fraction(64);
    memcpy(s.bytes, &v, 8);
    break;
  default:
    for (int i = 0; i < 9; i++) s.bytes[i] = (unsigned char)(below(10) << 4 | below(10));
    for (int i = (int)below(10); i < 9; i++) s.bytes[i] = 0;
    s.bytes[9] = (unsigned char)next();
  }
  return s;
}

static slot a, b, result;
static uint16_t status;
static uint16_t control_word;
static uint32_t mxcsr;
static unsigned char area[512] __attribute__((aligned(16)));

static void take_status(void) { memcpy(&status, area + 2, 2); }
static void take_register(void) {
  take_status();
  memcpy(result.bytes, area + 32, 10);
}

/* A function of ST(0) = a and ST(1) = b that leaves its result in ST(0). */
#define REGISTERS(name, code) \
  static void name(void) { \
    __asm__ volatile("fninit\n fldt %1\n fldt %0\n fldcw %2\n" code "\n fxsave %3\n fninit" \
                     ::"m"(a), "m"(b), "m"(control_word), "m"(area) : "memory", "cc"); \
    take_register(); \
  }
/* ST(0) = a, b in memory as the instruction has it. */
#define MEMORY(name, code) REGISTERS(name, code " %1")
/* ST(0) = a, the result goes to memory. */
#define STORE(name, code) \
  static void name(void) { \
    memset(&result, 0xaa, 16); \
    __asm__ volatile("fninit\n fldt %1\n fldcw %2\n" code " %0\n fxsave %3\n fninit" \
                     : "+m"(result) : "m"(a), "m"(control_word), "m"(area) : "memory"); \
    take_status(); \
  }
/* The empty register that a load fills: an unmasked exception leaves it as it was, zero. */
#define LOAD(name, code) \
  static void name(void) { \
    __asm__ volatile("fninit\n fldz\n fstp %%st(0)\n fldcw %1\n" code " %0\n fxsave %2\n fninit" \
                     ::"m"(a), "m"(control_word), "m"(area) : "memory"); \
    take_register(); \
  }
/* Compares into RFLAGS: ZF, PF, CF in the result. */
#define RFLAGS(name, code) \
  static void name(void) { \
    uint64_t flags; \
    __asm__ volatile("fninit\n fldt %2\n fldt %1\n fldcw %3\n pushq $0\n popfq\n" code \
                     "\n pushfq\n popq %0\n fxsave %4\n fninit" \
                     : "=&r"(flags) : "m"(a), "m"(b), "m"(control_word), "m"(area) : "memory", "cc"); \
    take_status(); \
    flags &= 0x45; \
    memcpy(result.bytes, &flags, 8); \
  }

REGISTERS(fadd, "fadd %%st(1), %%st")
REGISTERS(fsub, "fsub %%st(1), %%st")
REGISTERS(fmul, "fmul %%st(1), %%st")
REGISTERS(fdiv, "fdiv %%st(1), %%st")
MEMORY(fadds, "fadds")
MEMORY(fsubrl, "fsubrl")
REGISTERS(fsqrt, "fsqrt")
REGISTERS(fprem, "fprem")
REGISTERS(fprem1, "fprem1")
REGISTERS(fscale, "fscale")
REGISTERS(fxtract, "fxtract")
static void fxtract_exponent(void) {
  fxtract();
  memcpy(result.bytes, area + 48, 10); /* ST(1) */
}
REGISTERS(frndint, "frndint")
REGISTERS(fcom, "fcom %%st(1)")
REGISTERS(fucom, "fucom %%st(1)")
RFLAGS(fcomi, "fcomi %%st(1), %%st")
RFLAGS(fucomi, "fucomi %%st(1), %%st")
STORE(fsts, "fsts")
STORE(fstl, "fstl")
STORE(fists, "fists")
STORE(fistl, "fistl")
STORE(fistpq, "fistpq")
STORE(fisttps, "fisttps")
STORE(fisttpl, "fisttpl")
STORE(fisttpq, "fisttpq")
STORE(fbstp, "fbstp")
LOAD(flds, "flds")
LOAD(fldl, "fldl")
LOAD(filds, "filds")
LOAD(fildl, "fildl")
LOAD(fildq, "fildq")
LOAD(fbld, "fbld")

/* xmm0 = a, xmm1 = b; the result in xmm0. */
#define SSE(name, code) \
  static void name(void) { \
    result = a; \
    __asm__ volatile("movups %0, %%xmm0\n movups %1, %%xmm1\n ldmxcsr %2\n" code \
                     "\n stmxcsr %3\n movups %%xmm0, %0" \
                     : "+m"(result) : "m"(b), "m"(mxcsr), "m"(area) : "xmm0", "xmm1", "memory"); \
  }
#define SSE_FLAGS(name, code) \
  static void name(void) { \
    uint64_t flags = 0; \
    __asm__ volatile("movups %1, %%xmm0\n movups %2, %%xmm1\n ldmxcsr %3\n" code \
                     "\n pushfq\n popq %0\n stmxcsr %4" \
                     : "=&r"(flags) : "m"(a), "m"(b), "m"(mxcsr), "m"(area) : "xmm0", "xmm1", "memory", "cc"); \
    flags &= 0x45; \
    memset(&result, 0, 16); \
    memcpy(result.bytes, &flags, 8); \
  }
#define SSE_TO_INTEGER(name, code, reg) \
  static void name(void) { \
    uint64_t value = 0; \
    __asm__ volatile("movups %1, %%xmm0\n ldmxcsr %2\n" code " %%xmm0, %" reg "0\n stmxcsr %3" \
                     : "+r"(value) : "m"(a), "m"(mxcsr), "m"(area) : "xmm0", "memory"); \
    memset(&result, 0, 16); \
    memcpy(result.bytes, &value, 8); \
  }

SSE(addsd, "addsd %%xmm1, %%xmm0")
SSE(subsd, "subsd %%xmm1, %%xmm0")
SSE(mulsd, "mulsd %%xmm1, %%xmm0")
SSE(divsd, "divsd %%xmm1, %%xmm0")
SSE(sqrtsd, "sqrtsd %%xmm0, %%xmm0")
SSE(minsd, "minsd %%xmm1, %%xmm0")
SSE(maxsd, "maxsd %%xmm1, %%xmm0")
SSE(addss, "addss %%xmm1, %%xmm0")
SSE(subss, "subss %%xmm1, %%xmm0")
SSE(mulss, "mulss %%xmm1, %%xmm0")
SSE(divss, "divss %%xmm1, %%xmm0")
SSE(sqrtss, "sqrtss %%xmm0, %%xmm0")
SSE(minss, "minss %%xmm1, %%xmm0")
SSE(maxss, "maxss %%xmm1, %%xmm0")
SSE(cvtsd2ss, "cvtsd2ss %%xmm0, %%xmm0")
SSE(cvtss2sd, "cvtss2sd %%xmm0, %%xmm0")
SSE(cvtsi2sdl, "cvtsi2sdl %0, %%xmm0")
SSE(cvtsi2sdq, "cvtsi2sdq %0, %%xmm0")
SSE(cvtsi2ssl, "cvtsi2ssl %0, %%xmm0")
SSE(cvtsi2ssq, "cvtsi2ssq %0, %%xmm0")
SSE(roundsd, "roundsd $4, %%xmm0, %%xmm0")
SSE(roundss, "roundss $4, %%xmm0, %%xmm0")
SSE_FLAGS(comisd, "comisd %%xmm1, %%xmm0")
SSE_FLAGS(ucomisd, "ucomisd %%xmm1, %%xmm0")
SSE_FLAGS(comiss, "comiss %%xmm1, %%xmm0")
SSE_FLAGS(ucomiss, "ucomiss %%xmm1, %%xmm0")
SSE_TO_INTEGER(cvtsd2sil, "cvtsd2si", "k")
SSE_TO_INTEGER(cvtsd2siq, "cvtsd2si", "q")
SSE_TO_INTEGER(cvttsd2sil, "cvttsd2si", "k")
SSE_TO_INTEGER(cvttsd2siq, "cvttsd2si", "q")
SSE_TO_INTEGER(cvtss2sil, "cvtss2si", "k")
SSE_TO_INTEGER(cvtss2siq, "cvtss2si", "q")
SSE_TO_INTEGER(cvttss2sil, "cvttss2si", "k")
SSE_TO_INTEGER(cvttss2siq, "cvttss2si", "q")

struct operation {
  const char *name;
  void (*run)(void);
  enum operand a, b;
  int weight;
};

#define ROW(name, a, b, weight) {#name, name, a, b, weight}
static const struct operation x87[] = {
    ROW(fadd, EXTENDED, EXTENDED, 6),    ROW(fsub, EXTENDED, EXTENDED, 6),
    ROW(fmul, EXTENDED, EXTENDED, 6),    ROW(fdiv, EXTENDED, EXTENDED, 6),
    ROW(fadds, EXTENDED, SINGLE, 2),     ROW(fsubrl, EXTENDED, DOUBLE, 2),
    ROW(fsqrt, EXTENDED, EXTENDED, 4),   ROW(fprem, EXTENDED, EXTENDED, 4),
    ROW(fprem1, EXTENDED, EXTENDED, 4),  ROW(fscale, EXTENDED, EXTENDED, 4),
    ROW(fxtract, EXTENDED, EXTENDED, 1), ROW(fxtract_exponent, EXTENDED, EXTENDED, 1),
    ROW(frndint, EXTENDED, EXTENDED, 2), ROW(fcom, EXTENDED, EXTENDED, 1),
    ROW(fucom, EXTENDED, EXTENDED, 1),
    ROW(fcomi, EXTENDED, EXTENDED, 1),
    ROW(fucomi, EXTENDED, EXTENDED, 1),  ROW(fsts, EXTENDED, EXTENDED, 3),
    ROW(fstl, EXTENDED, EXTENDED, 3),    ROW(fists, EXTENDED, EXTENDED, 1),
    ROW(fistl, EXTENDED, EXTENDED, 1),   ROW(fistpq, EXTENDED, EXTENDED, 1),
    ROW(fisttps, EXTENDED, EXTENDED, 1), ROW(fisttpl, EXTENDED, EXTENDED, 1),
    ROW(fisttpq, EXTENDED, EXTENDED, 1), ROW(fbstp, EXTENDED, EXTENDED, 2),
    ROW(flds, SINGLE, SINGLE, 1),        ROW(fldl, DOUBLE, DOUBLE, 1),
    ROW(filds, INTEGER, INTEGER, 1),     ROW(fildl, INTEGER, INTEGER, 1),
    ROW(fildq, INTEGER, INTEGER, 1),     ROW(fbld, DECIMAL, DECIMAL, 1),
};
static const struct operation sse[] = {
    ROW(addsd, DOUBLE, DOUBLE, 6),      ROW(subsd, DOUBLE, DOUBLE, 6),
    ROW(mulsd, DOUBLE, DOUBLE, 6),      ROW(divsd, DOUBLE, DOUBLE, 6),
    ROW(sqrtsd, DOUBLE, DOUBLE, 3),     ROW(minsd, DOUBLE, DOUBLE, 1),
    ROW(maxsd, DOUBLE, DOUBLE, 1),      ROW(addss, SINGLE, SINGLE, 6),
    ROW(subss, SINGLE, SINGLE, 6),      ROW(mulss, SINGLE, SINGLE, 6),
    ROW(divss, SINGLE, SINGLE, 6),      ROW(sqrtss, SINGLE, SINGLE, 3),
    ROW(minss, SINGLE, SINGLE, 1),      ROW(maxss, SINGLE, SINGLE, 1),
    ROW(cvtsd2ss, DOUBLE, DOUBLE, 4),   ROW(cvtss2sd, SINGLE, SINGLE, 2),
    ROW(cvtsi2sdl, INTEGER, INTEGER, 1), ROW(cvtsi2sdq, INTEGER, INTEGER, 1),
    ROW(cvtsi2ssl, INTEGER, INTEGER, 1), ROW(cvtsi2ssq, INTEGER, INTEGER, 1),
    ROW(roundsd, DOUBLE, DOUBLE, 1),    ROW(roundss, SINGLE, SINGLE, 1),
    ROW(comisd, DOUBLE, DOUBLE, 1),     ROW(ucomisd, DOUBLE, DOUBLE, 1),
    ROW(comiss, SINGLE, SINGLE, 1),     ROW(ucomiss, SINGLE, SINGLE, 1),
    ROW(cvtsd2sil, DOUBLE, DOUBLE, 1),  ROW(cvtsd2siq, DOUBLE, DOUBLE, 1),
    ROW(cvttsd2sil, DOUBLE, DOUBLE, 1), ROW(cvttsd2siq, DOUBLE, DOUBLE, 1),
    ROW(cvtss2sil, SINGLE, SINGLE, 1),  ROW(cvtss2siq, SINGLE, SINGLE, 1),
    ROW(cvttss2sil, SINGLE, SINGLE, 1), ROW(cvttss2siq, SINGLE, SINGLE, 1),
};

static volatile int faulted;

/* Keeps the flags of the exception, and lets the instruction run once more with all masked. */
static void on_exception(int number, siginfo_t *info, void *context) {
  (void)number, (void)info;
  ucontext_t *uc = context;
  faulted = 1;
  status = uc->uc_mcontext.fpregs->mxcsr & 0x3f;
  uc->uc_mcontext.fpregs->mxcsr |= 0x1f80;
}

int main(int count, char **arguments) {
  if (count != 4) return fprintf(stderr, "float-cases SEED CASES x87|sse\n"), 2;
  state = strtoull(arguments[1], NULL, 0);
  int cases = atoi(arguments[2]);
  int is_sse = strcmp(arguments[3], "sse") == 0;
  const struct operation *table = is_sse ? sse : x87;
  int rows = is_sse ? sizeof sse / sizeof *sse : sizeof x87 / sizeof *x87;
  struct sigaction action = {.sa_sigaction = on_exception, .sa_flags = SA_SIGINFO};
  sigaction(SIGFPE, &action, NULL);

  int pool = cases < 60000 ? 800 : 8000, total = 0;
  for (int i = 0; i < rows; i++) total += table[i].weight;
  slot *operands = malloc(sizeof(slot) * pool * KINDS);
  for (int i = 0; i < pool * KINDS; i++) operands[i] = operand(i / pool);

  printf("{\"cases\":%d,\"operands\":%d,\"operations\":[", cases, pool * KINDS);
  for (int i = 0; i < rows; i++) printf("%s\"%s\"", i ? "," : "", table[i].name);
  printf("]}\n");
  for (int i = 0; i < pool * KINDS; i++) fwrite(operands[i].bytes, 1, 10, stdout);
  for (int i = 0; i < cases; i++) {
    int row = 0;
    for (int w = (int)below(total); (w -= table[row].weight) >= 0;) row++;
    uint16_t at[2] = {(uint16_t)(table[row].a * pool + below(pool)),
                      (uint16_t)(table[row].b * pool + below(pool))};
    uint16_t masks = below(4) ? 0x3f : below(64), rounding = below(2) ? 0 : below(4);
    uint16_t control;
    a = operands[at[0]];
    b = operands[at[1]];
    memset(&result, 0, sizeof result);
    if (is_sse) {
      mxcsr = masks << 7 | rounding << 13;
      if (below(4) == 0) mxcsr |= 0x40;
      if (below(4) == 0) mxcsr |= 0x8000;
      control = mxcsr;
      faulted = 0;
      table[row].run();
      if (faulted) memset(&result, 0, sizeof result);
      else status = area[0] & 0x3f;
    } else {
      uint16_t precision = below(2) ? 3 : below(3) + (next() & 1);
      control = control_word = masks | rounding << 10 | precision << 8;
      table[row].run();
    }
    unsigned char record[19] = {(unsigned char)row};
    memcpy(record + 1, &control, 2);
    memcpy(record + 3, at, 4);
    memcpy(record + 7, result.bytes, 10);
    memcpy(record + 17, &status, 2);
    fwrite(record, 1, sizeof record, stdout);
  }
  return 0;
}
