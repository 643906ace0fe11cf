#include "kcc.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Driver/Compilation.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/Job.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Host.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;

// Where Debian has it. It looks for its own headers beside that.
static const char installed[] = "/usr/lib/llvm-16/bin/clang";

static llvm::json::Object describe(const driver::Command &job) {
  llvm::ArrayRef<const char *> arguments = job.getArguments();
  bool compiles = !arguments.empty() && llvm::StringRef(arguments.front()) == "-cc1";
  if (compiles) arguments = arguments.drop_front();
  llvm::json::Array list;
  for (const char *argument : arguments) list.push_back(argument);
  return llvm::json::Object{{"program", compiles ? "cc1" : "ld"}, {"arguments", std::move(list)}};
}

int jobs(llvm::ArrayRef<const char *> arguments) {
  if (arguments.empty()) return 2;
  llvm::StringRef file = arguments.front();
  std::vector<const char *> all{installed};
  all.insert(all.end(), arguments.begin() + 1, arguments.end());

  llvm::InitializeAllTargets(); // For --version and -mcpu=help.
  IntrusiveRefCntPtr<DiagnosticOptions> options = CreateAndPopulateDiagOpts(all).release();
  auto *printer = new TextDiagnosticPrinter(llvm::errs(), &*options);
  printer->setPrefix("clang");
  DiagnosticsEngine diagnostics(new DiagnosticIDs, options, printer);
  ProcessWarningOptions(diagnostics, *options, /*ReportDiags=*/false);

  driver::Driver driver(installed, llvm::sys::getDefaultTargetTriple(), diagnostics);
  std::unique_ptr<driver::Compilation> compilation(driver.BuildCompilation(all));
  if (!compilation || compilation->containsError() || diagnostics.hasErrorOccurred()) return 1;

  llvm::json::Array list;
  for (const driver::Command &job : compilation->getJobs()) list.push_back(describe(job));
  std::error_code error;
  llvm::raw_fd_ostream output(file, error);
  if (error) {
    llvm::errs() << "kcc: cannot write " << file << ": " << error.message() << "\n";
    return 1;
  }
  output << llvm::json::Value(std::move(list)) << "\n";
  output.close();
  return output.has_error() ? 1 : 0;
}
