// SPDX-License-Identifier: MIT
/*
 * Prints what the x87 unit makes of numbers in its own 80-bit format: musl's printf takes such a
 * number apart with x87 arithmetic, and its functions of long double are x87 code.
 */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const long double values[] = {
	0.0L, -0.0L, 1.0L, -1.0L, 0.1L, 1.0L / 3, 2.0L / 3, 123456789.987654321L,
	3.14159265358979323846264338327950288L, 1e-7L, 5e-324L, 1e300L,
	LDBL_MIN, LDBL_MAX, LDBL_EPSILON, LDBL_TRUE_MIN, DBL_MAX, FLT_MIN,
	0x1.fffffffffffffffep+0L, 0x1.0000000000000002p+0L, 9007199254740993.0L,
	18446744073709551615.0L, -9223372036854775808.0L,
};

static void print_bits(long double value)
{
	uint64_t significand;
	uint16_t sign_exponent;

	memcpy(&significand, &value, sizeof(significand));
	memcpy(&sign_exponent, (char *)&value + 8, sizeof(sign_exponent));
	printf("%04x:%016llx", sign_exponent, (unsigned long long)significand);
}

static void print_formats(void)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		volatile long double value = values[i];

		print_bits(value);
		printf(" %La %.21Lg %.30Le %Lg", value, value, value, value);
		if (fabsl(value) < 1e20L)
			printf(" %.25Lf %+12.3Lf", value, value);
		printf(" %.17g %.9g\n", (double)value, (double)(float)value);
	}
	printf("%Lf %Le %Lg %LA\n", (long double)INFINITY, -(long double)INFINITY,
	       (long double)NAN, 0.75L);
}

/* Functions whose results are exact, or of which musl's own code decides every bit. */
static void print_functions(void)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		volatile long double value = values[i];
		int exponent;
		long double whole;

		print_bits(sqrtl(fabsl(value)));
		printf(" ");
		print_bits(floorl(value));
		printf(" ");
		print_bits(rintl(value));
		printf(" ");
		print_bits(fmodl(value, 0.7L));
		printf(" ");
		print_bits(modfl(value, &whole));
		printf(" ");
		print_bits(frexpl(value, &exponent));
		printf(" %d %d\n", exponent, (int)fpclassify(value));
	}
}

static void print_roundings(void)
{
	static const int modes[] = { FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO };

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		volatile long double one = 1, three = 3, ten = 10, half = 2.5L;
		volatile double narrow;

		fesetround(modes[i]);
		feclearexcept(FE_ALL_EXCEPT);
		print_bits(one / three);
		printf(" ");
		print_bits(-one / ten);
		printf(" %Lg", rintl(half));
		narrow = (double)(one / three);
		printf(" %a %lld %#x\n", narrow, (long long)llrintl(-half - 1),
		       fetestexcept(FE_ALL_EXCEPT));
	}
	fesetround(FE_TONEAREST);
}

/* What is read must be what was printed. */
static int check_round_trips(void)
{
	uint64_t state = 88172645463325252ULL;
	int failures = 0;

	for (int i = 0; i < 200; i++) {
		char text[64];
		long double value;

		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		value = ldexpl((long double)(int64_t)state, (int)(state % 4000) - 2000);
		snprintf(text, sizeof(text), "%.21Lg", value);
		if (strtold(text, NULL) != value)
			failures++;
		if (i % 20 == 0)
			puts(text);
	}
	return failures;
}

int main(void)
{
	print_formats();
	print_functions();
	print_roundings();
	printf("%d round trips failed\n", check_round_trips());
	return 0;
}
