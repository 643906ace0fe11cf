#include "kcc.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <unistd.h>

// A program for WASI always starts in "/". Where it is to be is in $PWD, as a shell would have it.
static bool enterFolder() {
  const char *folder = std::getenv("PWD");
  if (!folder || chdir(folder) == 0) return true;
  llvm::errs() << "kcc: there is no folder " << folder << "\n";
  return false;
}

static int run(llvm::ArrayRef<const char *> arguments) {
  llvm::StringRef program = arguments.empty() ? "" : arguments.front();
  if (program == "cc1") return cc1(arguments.drop_front());
  if (program == "ld") return ld(arguments.drop_front());
  if (program == "jobs") return jobs(arguments.drop_front());
  llvm::errs() << "usage: kcc cc1 ARGUMENT...\n"
                  "       kcc ld ARGUMENT...\n"
                  "       kcc jobs FILE ARGUMENT...\n";
  return 2;
}

int main(int count, const char **arguments) {
  int status = enterFolder() ? run({arguments + 1, arguments + count}) : 2;
  llvm::outs().flush();
  // The host throws the instance away: nothing needs to be destroyed first.
  llvm::sys::Process::Exit(status, /*NoCleanup=*/true);
}
