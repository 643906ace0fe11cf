#include "kcc.h"
#include "lld/Common/Driver.h"
#include "llvm/Support/raw_ostream.h"

int ld(llvm::ArrayRef<const char *> arguments) {
  std::vector<const char *> all{"ld.lld"}; // By its name lld knows that it is to be the one for ELF.
  all.insert(all.end(), arguments.begin(), arguments.end());
  bool succeeded = lld::elf::link(all, llvm::outs(), llvm::errs(), /*exitEarly=*/false,
                                  /*disableOutput=*/false);
  return succeeded ? 0 : 1;
}
