/** Bits of the control registers and of EFER (SDM vol. 3A, 2.5 and 2.2.1). */
export enum Cr0 {
  ProtectionEnable = 1 << 0,
  MonitorCoprocessor = 1 << 1,
  Emulation = 1 << 2,
  TaskSwitched = 1 << 3,
  ExtensionType = 1 << 4,
  NumericError = 1 << 5,
  WriteProtect = 1 << 16,
  AlignmentMask = 1 << 18,
  NotWriteThrough = 1 << 29,
  CacheDisable = 1 << 30,
  Paging = 1 << 31,
}

export enum Cr4 {
  TimeStampDisable = 1 << 2,
  DebuggingExtensions = 1 << 3,
  PageSizeExtension = 1 << 4,
  PhysicalAddressExtension = 1 << 5,
  MachineCheck = 1 << 6,
  GlobalPages = 1 << 7,
  PerformanceCounter = 1 << 8,
  FxSave = 1 << 9,
  SimdExceptions = 1 << 10,
  UserModeInstructionPrevention = 1 << 11,
  FsGsBase = 1 << 16,
  SupervisorExecutionPrevention = 1 << 20,
  SupervisorAccessPrevention = 1 << 21,
}

export enum Efer {
  SystemCall = 1 << 0,
  LongModeEnable = 1 << 8,
  LongModeActive = 1 << 10,
  NoExecuteEnable = 1 << 11,
}
