// kcc: the parts of a C compiler that work on files, in one WebAssembly program. What runs them one
// after the other is its host: WASI knows no processes.
#pragma once
#include "llvm/ADT/ArrayRef.h"

// Each takes the arguments behind its name, and returns the exit status.

/// Compiles one file: `clang -cc1`.
int cc1(llvm::ArrayRef<const char *> arguments);

/// Links: `ld.lld`.
int ld(llvm::ArrayRef<const char *> arguments);

/// Writes to the file that the first argument names, as JSON, what `clang` with the other arguments would
/// run: a list of {"program": "cc1" | "ld", "arguments": [string]}.
int jobs(llvm::ArrayRef<const char *> arguments);
