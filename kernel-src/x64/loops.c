// SPDX-License-Identifier: MIT
/*
 * Loops that a processor is measured by: loops NAME ROUNDS. Each prints what it has computed, so
 * that a wrong result is seen and no compiler leaves the loop out.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_WORDS (1 << 18)
#define SIEVE_BYTES (1 << 16)
#define MATRIX 48

/* Shifts, additions, multiplications and a rotation; all in registers. */
static uint64_t integer(long rounds)
{
	uint64_t state = 88172645463325252ULL;
	uint64_t sum = 0;

	for (long i = 0; i < rounds * 100000; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		sum += state * 0x9e3779b97f4a7c15ULL;
		sum = sum << 9 | sum >> 55;
	}
	return sum;
}

/* Loads that depend on each other, over 2 MiB, and stores. */
static uint64_t memory(long rounds)
{
	static uint64_t words[MEMORY_WORDS];
	uint64_t at = 0;

	for (uint64_t i = 0; i < MEMORY_WORDS; i++)
		words[i] = (i * 40503 + 12345) & (MEMORY_WORDS - 1);
	for (long i = 0; i < rounds * 50000; i++) {
		uint64_t next = words[at];

		words[at] = next + MEMORY_WORDS;
		at = (next ^ (uint64_t)i) & (MEMORY_WORDS - 1);
	}
	return at + words[12345];
}

/* Short branches that a predictor cannot know, and calls. */
static __attribute__((noinline)) uint64_t collatz(uint64_t number)
{
	uint64_t steps = 0;

	while (number != 1) {
		if (number & 1)
			number = 3 * number + 1;
		else
			number >>= 1;
		steps++;
	}
	return steps;
}

static uint64_t branches(long rounds)
{
	static uint8_t composite[SIEVE_BYTES];
	uint64_t sum = 0;

	for (long round = 0; round < rounds; round++) {
		memset(composite, 0, sizeof(composite));
		for (uint64_t i = 2; i < 4096; i++) {
			if (composite[i])
				continue;
			for (uint64_t multiple = i * i; multiple < SIEVE_BYTES; multiple += i)
				composite[multiple] = 1;
			sum += collatz(i + (uint64_t)round);
		}
	}
	return sum;
}

/* Packed and scalar arithmetic of doubles: a product of matrices. */
static uint64_t sse(long rounds)
{
	static double a[MATRIX][MATRIX], b[MATRIX][MATRIX], c[MATRIX][MATRIX];
	double sum = 0;
	uint64_t bits;

	for (int i = 0; i < MATRIX; i++) {
		for (int j = 0; j < MATRIX; j++) {
			a[i][j] = (i + 1) / (double)(j + 2);
			b[i][j] = (i - j) / 7.0;
		}
	}
	for (long round = 0; round < rounds; round++) {
		for (int i = 0; i < MATRIX; i++) {
			for (int k = 0; k < MATRIX; k++) {
				double factor = a[i][k];

				for (int j = 0; j < MATRIX; j++)
					c[i][j] += factor * b[k][j];
			}
		}
		sum = sum / 3 + c[round % MATRIX][7];
	}
	memcpy(&bits, &sum, sizeof(bits));
	return bits;
}

/* A continued fraction and a polynomial in 80 bits. */
static uint64_t x87(long rounds)
{
	volatile long double start = 0.5L;
	long double x = start, sum = 0;
	uint64_t bits;

	for (long i = 0; i < rounds * 10000; i++) {
		x = 1 / (1 + x);
		sum += ((x * 0.25L - 0.5L) * x + 1.0L) * x;
		if (sum > 1000)
			sum -= 999;
	}
	memcpy(&bits, &sum, sizeof(bits));
	return bits;
}

static const struct {
	const char *name;
	uint64_t (*run)(long rounds);
} loops[] = {
	{ "integer", integer }, { "memory", memory }, { "branches", branches },
	{ "sse", sse }, { "x87", x87 },
};

int main(int argc, char **argv)
{
	long rounds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

	for (size_t i = 0; rounds > 0 && i < sizeof(loops) / sizeof(loops[0]); i++) {
		if (strcmp(argv[1], loops[i].name) == 0) {
			printf("%s %016llx\n", argv[1], (unsigned long long)loops[i].run(rounds));
			return 0;
		}
	}
	fprintf(stderr, "usage: loops integer|memory|branches|sse|x87 ROUNDS\n");
	return 2;
}
