/* Where LLVM looks for the byte order on a system that it does not know. */
#pragma once
#include <endian.h>
