#include "kcc.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticFrontend.h"
#include "clang/CodeGen/CodeGenAction.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/TextDiagnosticBuffer.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/Timer.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;

// Those of cc1's actions that make sense where nothing but the given files is there; null for others.
static std::unique_ptr<FrontendAction> actionFor(frontend::ActionKind kind) {
  switch (kind) {
  case frontend::EmitObj:
    return std::make_unique<EmitObjAction>();
  case frontend::EmitAssembly:
    return std::make_unique<EmitAssemblyAction>();
  case frontend::EmitLLVM:
    return std::make_unique<EmitLLVMAction>();
  case frontend::ParseSyntaxOnly:
    return std::make_unique<SyntaxOnlyAction>();
  case frontend::PrintPreprocessedInput:
    return std::make_unique<PrintPreprocessedAction>();
  case frontend::GeneratePCH:
    return std::make_unique<GeneratePCHAction>();
  default:
    return nullptr;
  }
}

// A fault that LLVM itself notices, such as an inline assembly that it cannot translate, ends the program.
// 70 is what clang ends with, too (EX_SOFTWARE).
static void onFatalError(void *diagnostics, const char *message, bool) {
  static_cast<DiagnosticsEngine *>(diagnostics)->Report(diag::err_fe_error_backend) << message;
  llvm::outs().flush();
  llvm::sys::Process::Exit(70, /*NoCleanup=*/true);
}

// Options for LLVM (-mllvm) are global and not cc1's own.
static void parseLLVMOptions(const std::vector<std::string> &options) {
  if (options.empty()) return;
  std::vector<const char *> arguments{"clang (LLVM option parsing)"};
  for (const std::string &option : options) arguments.push_back(option.c_str());
  llvm::cl::ParseCommandLineOptions(arguments.size(), arguments.data());
}

int cc1(llvm::ArrayRef<const char *> arguments) {
  llvm::InitializeAllTargets();
  llvm::InitializeAllTargetMCs();
  llvm::InitializeAllAsmPrinters();
  llvm::InitializeAllAsmParsers();

  // How diagnostics are to look is itself among the arguments: what is wrong with those waits.
  auto *waiting = new TextDiagnosticBuffer;
  DiagnosticsEngine early(new DiagnosticIDs, new DiagnosticOptions, waiting);
  // Never destroyed, like clang's own under -disable-free: that takes longer than the exit.
  auto *compiler = new CompilerInstance;
  bool understood =
      CompilerInvocation::CreateFromArgs(compiler->getInvocation(), arguments, early, "clang");
  compiler->createDiagnostics();
  if (!compiler->hasDiagnostics()) return 1;
  DiagnosticsEngine &diagnostics = compiler->getDiagnostics();
  llvm::install_fatal_error_handler(onFatalError, &diagnostics);
  waiting->FlushDiagnostics(diagnostics);
  if (!understood) {
    compiler->getDiagnosticClient().finish();
    return 1;
  }

  const FrontendOptions &options = compiler->getFrontendOpts();
  parseLLVMOptions(options.LLVMArgs);
  std::unique_ptr<FrontendAction> action = actionFor(options.ProgramAction);
  if (!action) {
    llvm::errs() << "kcc: this compiler makes objects, assembly, preprocessed text and precompiled "
                    "headers only\n";
    return 1;
  }
  bool succeeded = compiler->ExecuteAction(*action);
  llvm::TimerGroup::printAll(llvm::errs()); // For -ftime-report.
  return succeeded ? 0 : 1;
}
