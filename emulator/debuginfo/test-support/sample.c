/* Compiled by the tests in many ways, to compare what debuggers make of it. It never runs. */

typedef unsigned long size;

extern int elsewhere(int number);
extern void store(void *data, size length);

static inline __attribute__((always_inline)) int leaf(int x)
{
	if (x > 3)
		return elsewhere(x) * 2;
	return x + 1;
}

static inline __attribute__((always_inline)) int sum(int x, int rounds)
{
	int total = 0;

	for (int i = 0; i < rounds; i++)
		total += leaf(x + i) ^ leaf(i);
	return total;
}

int outer(int a, int b)
{
	int result = sum(a, b);

	/* Unlikely, so that it is moved to a part of its own. */
	if (__builtin_expect(result < 0, 0)) {
		store(&result, sizeof(result));
		elsewhere(1);
		elsewhere(2);
	}
	return result + leaf(b);
}

static __attribute__((noinline)) int helper(const int *numbers, int count)
{
	int total = 0;

	while (count--)
		total += leaf(*numbers++);
	return total;
}

__attribute__((section(".init.text"), cold)) int initialise(int *numbers)
{
	return helper(numbers, 3) + sum(1, 2);
}

int init_module(int *numbers) __attribute__((alias("initialise")));

int choose(int *numbers)
{
	switch (*numbers) {
	case 1:
		return helper(numbers, 9);
	case 2:
		return leaf(*numbers);
	case 3:
		return sum(*numbers, 4);
	case 4:
		store(numbers, 1);
		return elsewhere(4);
	case 5:
		__builtin_trap();
	default:
		return 0;
	}
}

/* Small enough at its start that compilers inline that and call the rest. */
static int partly(int *numbers, int count)
{
	int total = 0;

	if (!numbers)
		return -1;
	for (int i = 0; i < count; i++) {
		total += numbers[i];
		elsewhere(total);
		if (total > 100) {
			store(numbers, total);
			total = leaf(total);
		}
	}
	return total;
}

int twice(int *numbers)
{
	return partly(numbers, 3) + partly(numbers + 1, 4);
}

int once(int *numbers)
{
	return partly(numbers, 5) - 1;
}
