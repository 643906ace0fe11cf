# How to compile for WASI with Debian's clang-16. The caller sets
#   KCC_SYSROOT  a folder with the content of Debian's packages wasi-libc, libc++-16-dev-wasm32,
#                libc++abi-16-dev-wasm32 and libclang-rt-16-dev-wasm32
#   KCC_SOURCE   LLVM's source, whose path must not get into the program
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES KCC_SYSROOT KCC_SOURCE)

set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})

set(CMAKE_C_COMPILER clang-16)
set(CMAKE_CXX_COMPILER clang++-16)
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)
set(CMAKE_AR llvm-ar-16 CACHE FILEPATH "")
set(CMAKE_RANLIB llvm-ranlib-16 CACHE FILEPATH "")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

set(kcc_lib "${KCC_SYSROOT}/usr/lib/wasm32-wasi")
set(kcc_llvm "${KCC_SYSROOT}/usr/lib/llvm-16")

# Search order: what WASI lacks, libc++ (C++ only), clang's own headers, the C library.
# The three features are in every browser that runs the rest of kspace.
get_filename_component(kcc_additions ${CMAKE_CURRENT_LIST_DIR}/../wasi ABSOLUTE)
set(kcc_libcxx "${kcc_llvm}/include/wasm32-wasi/c++/v1")
string(JOIN " " kcc_flags
  "-nostdlibinc -idirafter ${KCC_SYSROOT}/usr/include/wasm32-wasi"
  "-D_GNU_SOURCE -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_GETPID"
  "-mbulk-memory -msign-ext -mnontrapping-fptoint"
  "-ffile-prefix-map=${KCC_SOURCE}=llvm -w")
set(CMAKE_C_FLAGS "-isystem ${kcc_additions} ${kcc_flags}" CACHE STRING "")
set(CMAKE_CXX_FLAGS
  "-isystem ${kcc_additions} -isystem ${kcc_libcxx} ${kcc_flags} -fno-exceptions"
  CACHE STRING "")

set(CMAKE_EXE_LINKER_FLAGS
  "-nostdlib -L${kcc_lib} -L${kcc_llvm}/lib/wasm32-wasi ${kcc_lib}/crt1-command.o"
  CACHE STRING "")
set(kcc_c_libraries
  "-lwasi-emulated-signal -lwasi-emulated-getpid -lc ${kcc_llvm}/lib/clang/16/lib/wasi/libclang_rt.builtins-wasm32.a")
set(CMAKE_C_STANDARD_LIBRARIES "${kcc_c_libraries}" CACHE STRING "")
set(CMAKE_CXX_STANDARD_LIBRARIES "-lc++ -lc++abi ${kcc_c_libraries}" CACHE STRING "")
