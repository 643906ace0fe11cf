# What is built of LLVM: an initial cache for cmake(1) -C. FORCE, so that a build folder that is there
# already follows, too.
macro(option_is name value)
  set(${name} "${value}" CACHE STRING "" FORCE)
endmacro()

# Small before fast: the program is downloaded before its first use.
option_is(CMAKE_BUILD_TYPE MinSizeRel)
option_is(LLVM_ENABLE_PROJECTS "clang;lld")
option_is(LLVM_EXTERNAL_PROJECTS kcc)

option_is(LLVM_TARGETS_TO_BUILD X86)
option_is(LLVM_TARGET_ARCH X86)
option_is(LLVM_DEFAULT_TARGET_TRIPLE i686-pc-linux-gnu)
option_is(LLVM_HOST_TRIPLE wasm32-unknown-wasi)

# An object names its compiler: it is to be the same bytes as Debian's clang-16 makes.
option_is(PACKAGE_VENDOR Debian)
option_is(LLVM_APPEND_VC_REV OFF)

# What WASI lacks, or what would only be more to download.
foreach(part
    WARNINGS THREADS PIC ZLIB ZSTD TERMINFO LIBXML2 LIBEDIT LIBPFM
    BACKTRACES CRASH_OVERRIDES CRASH_DUMPS PLUGINS UNWIND_TABLES BINDINGS)
  option_is(LLVM_ENABLE_${part} OFF)
endforeach()
option_is(CLANG_ENABLE_ARCMT OFF)
option_is(CLANG_ENABLE_STATIC_ANALYZER OFF)
option_is(CLANG_PLUGIN_SUPPORT OFF)

# Tools, tests and documents only make the configuration longer: nothing that kcc does not need is built.
foreach(part BUILD_TOOLS BUILD_UTILS INCLUDE_UTILS INCLUDE_RUNTIMES INCLUDE_EXAMPLES
    INCLUDE_TESTS INCLUDE_BENCHMARKS INCLUDE_DOCS)
  option_is(LLVM_${part} OFF)
endforeach()
foreach(part BUILD_TOOLS BUILD_EXAMPLES INCLUDE_TESTS INCLUDE_DOCS TOOL_LIBCLANG_BUILD)
  option_is(CLANG_${part} OFF)
endforeach()
option_is(LLD_BUILD_TOOLS OFF)
