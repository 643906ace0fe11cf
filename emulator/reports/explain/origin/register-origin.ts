import { trapFrame } from "../../disassembly/index.js";
import type { MemoryUse } from "../../disassembly/instruction.js";
import { wholeRegister } from "../../disassembly/registers.js";
import type { Frame } from "../../report.js";
import type { Scene } from "../scene.js";
import { functionName, hex } from "../wording.js";
import { type FunctionCode, functionCode, type Step } from "./function-code.js";
import { variableUses } from "./operand-variable.js";

/** Where the value of a register came from, on every way that leads to the instruction. */
export type Origin =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "member"; readonly register: string; readonly displacement: bigint }
  /** It was in the register already when the function was entered. */
  | { readonly kind: "argument"; readonly register: string }
  | { readonly kind: "stack-argument" }
  | { readonly kind: "returned"; readonly callee: string }
  | { readonly kind: "constant"; readonly value: bigint };

/** What is followed backwards: a register, or a place on the stack that it was kept in. */
interface Tracked {
  readonly register: string | undefined;
  /** Base register and displacement. */
  readonly slot: string | undefined;
}

/**
 * Where functions that others can call get their arguments. i386 kernels are built with
 * -mregparm=3: arch/x86/Makefile.
 */
const ARGUMENTS: Readonly<Record<32 | 64, readonly string[]>> = {
  32: ["ax", "dx", "cx"],
  64: ["di", "si", "dx", "cx", "r8", "r9"],
};
/** What a call may change: System V ABI, i386 and AMD64, "Registers". */
const CLOBBERED = new Set(["ax", "cx", "dx", "si", "di", "r8", "r9", "r10", "r11"]);
const CLOBBERED_32 = new Set(["ax", "cx", "dx"]);
const STACK = new Set(["sp", "bp"]);
const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"];
/** Each instruction is looked at once for each register that is followed through it. */
const MOST_STATES = 20_000;

/** A chain of callers is followed so far. */
const MOST_CALLERS = 16;

/**
 * Where a register of the trapping instruction got its value, as a clause: `it was loaded
 * from …`. A value that was handed in is followed into the callers of the trace.
 */
export async function registerOrigin(scene: Scene, register: string): Promise<string | undefined> {
  const { report, context } = scene;
  const trap = trapFrame(report);
  let code = trap && (await functionCode(trap, context));
  let origin = code && traceRegister(code, register);
  if (trap === undefined || code === undefined || origin === undefined) return undefined;
  const callers: string[] = [];
  for (const frame of callersOf(trap, report.frames).slice(0, MOST_CALLERS)) {
    if (origin.kind !== "argument") break;
    const caller = await functionCode(frame, context);
    const call = caller?.steps[caller.at];
    // A tail call leaves no frame: then this one called somebody else.
    if (caller === undefined || call === undefined || caller.calleeOf(call) !== code.name) break;
    callers.push(caller.name);
    const further = traceRegister(caller, origin.register);
    code = caller;
    if (further === undefined) return handedDown(callers, "");
    origin = further;
  }
  const last = clause(origin, code);
  return callers.length === 0 ? `it ${last}` : handedDown(callers, `, where it ${last}`);
}

/** The frames that called the trapping function, one behind the other. */
function callersOf(trap: Frame, frames: readonly Frame[]): Frame[] {
  return frames
    .slice(frames.indexOf(trap) + 1)
    .filter(({ sure, trace, role }) => sure && trace === "call" && role === "return");
}

function handedDown(callers: readonly string[], where: string): string {
  return `it was handed down from ${functionName(callers.at(-1) ?? "")}${where}`;
}

/** The same for an argument of the call that a frame stands at. @param index from 0. */
export function argumentOrigin(code: FunctionCode, index: number): Origin | undefined {
  const register = ARGUMENTS[code.bits][index];
  return register === undefined ? undefined : traceRegister(code, register);
}

/**
 * Follows a register backwards from the function's marked instruction, along every way that leads
 * there. What is said holds for all of them; where two ways differ nothing is said.
 */
export function traceRegister(code: FunctionCode, register: string): Origin | undefined {
  const ways = predecessors(code);
  if (ways === undefined) return undefined;
  const waiting: { at: number; tracked: Tracked }[] = [
    { at: code.at, tracked: { register: wholeRegister(register), slot: undefined } },
  ];
  const seen = new Set<string>();
  const origins = new Map<string, Origin>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { at, tracked } = next;
    const key = `${at} ${tracked.register ?? tracked.slot}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > MOST_STATES) return undefined;
    if (at === 0) {
      const origin = argument(tracked);
      if (origin === undefined) return undefined;
      origins.set(JSON.stringify(origin, plain), origin);
    }
    for (const before of ways[at] ?? []) {
      const step = code.steps[before];
      if (step === undefined) return undefined;
      const result = through(step, tracked, code);
      if (result === undefined) return undefined;
      if ("kind" in result) origins.set(JSON.stringify(result, plain), result);
      else waiting.push({ at: before, tracked: result });
    }
  }
  const [only, another] = origins.values();
  return another === undefined ? only : undefined;
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/**
 * For each instruction, those that may be executed right before it. Undefined when a jump leads
 * who knows where.
 */
function predecessors({ steps }: FunctionCode): number[][] | undefined {
  const indexes = new Map(steps.map(({ offset }, index) => [offset, index]));
  const ways: number[][] = steps.map(() => []);
  for (const [index, { instruction, relocations }] of steps.entries()) {
    const { flow, target } = instruction;
    if (flow === "jump" || flow === "conditional-jump") {
      if (target === undefined) return undefined;
      const to = relocations.length > 0 ? undefined : indexes.get(Number(target));
      if (to !== undefined) ways[to]?.push(index);
    }
    const goesOn = flow === "next" || flow === "conditional-jump" || flow === "call";
    if (goesOn || flow === "interrupt") ways[index + 1]?.push(index);
  }
  return ways;
}

/** What holds the value in front of an instruction, or where the instruction takes it from. */
function through(step: Step, tracked: Tracked, code: FunctionCode): Tracked | Origin | undefined {
  const { instruction, accesses } = step;
  if (tracked.slot !== undefined) {
    return throughSlot(step, tracked.slot);
  }
  const register = tracked.register ?? "";
  if (instruction.flow === "call") {
    const clobbered = code.bits === 32 ? CLOBBERED_32 : CLOBBERED;
    if (!clobbered.has(register)) return tracked;
    const callee = register === "ax" ? code.calleeOf(step) : undefined;
    return callee === undefined ? undefined : { kind: "returned", callee };
  }
  const writes = accesses.registers.some(
    ({ name, access }) => access !== "read" && wholeRegister(name) === register,
  );
  return writes ? assigned(step, register, code) : tracked;
}

function throughSlot(step: Step, slot: string): Tracked | Origin | undefined {
  const { accesses, instruction } = step;
  const written = accesses.memory.some((use) => use.access !== "read" && slotOf(use) === slot);
  if (written) {
    const source = movSource(step);
    return source === undefined ? constantStored(step) : { register: source, slot: undefined };
  }
  const [, displacement, base] = /^(-?\d+)\(%(\w+)\)/.exec(slot) ?? [];
  const moves = accesses.registers.some(({ name, access }) => name === base && access !== "read");
  if (!moves) return { register: undefined, slot };
  // Behind the saved frame pointer and the return address: what the caller pushed.
  const entersFrame = /^mov +%esp,%ebp$/.test(instruction.text);
  return entersFrame && Number(displacement) >= 8 ? { kind: "stack-argument" } : undefined;
}

/** What an instruction puts into a register. */
function assigned(step: Step, register: string, code: FunctionCode): Tracked | Origin | undefined {
  const { text } = step.instruction;
  const { memory } = step.accesses;
  if (/^xor +(%\w+),\1$/.test(text)) return { kind: "constant", value: 0n };
  if (!/^(?:mov|movl|movq|movabs) /.test(text)) return undefined;
  const [, immediate] = /^mov\w* +\$(0x[0-9a-f]+),%/.exec(text) ?? [];
  if (immediate !== undefined && step.relocations.length === 0) {
    return { kind: "constant", value: BigInt(immediate) };
  }
  const [load] = memory;
  if (load === undefined) {
    const source = movSource(step);
    return source === undefined || source === register
      ? undefined
      : { register: source, slot: undefined };
  }
  if (step.relocations.length > 0) return variable(step, code);
  const slot = slotOf(load);
  if (slot !== undefined) return { register: undefined, slot };
  if (load.base === undefined || load.index !== undefined) return undefined;
  if (load.segment === "fs" || load.segment === "gs") return undefined;
  const displacement = BigInt.asIntN(code.bits, load.displacement);
  return { kind: "member", register: load.base, displacement };
}

function variable(step: Step, { relocations, start }: FunctionCode): Origin | undefined {
  if (relocations === undefined) return undefined;
  const [use] = variableUses(step, start, relocations);
  if (use?.name === undefined || use.use !== "read") return undefined;
  return { kind: "variable", name: use.name };
}

/** The register that a `mov` copies. */
function movSource({ instruction }: Step): string | undefined {
  const [, source] = /^mov[lq]? +%(\w+),/.exec(instruction.text) ?? [];
  return source === undefined ? undefined : wholeRegister(source);
}

function constantStored({ instruction }: Step): Origin | undefined {
  const [, value] = /^mov[lq] +\$(0x[0-9a-f]+),/.exec(instruction.text) ?? [];
  return value === undefined ? undefined : { kind: "constant", value: BigInt(value) };
}

/** A name for a place on the stack. */
function slotOf({ base, index, displacement }: MemoryUse): string | undefined {
  if (base === undefined || index !== undefined || !STACK.has(wholeRegister(base)))
    return undefined;
  const bits = base.startsWith("r") ? 64 : 32;
  return `${BigInt.asIntN(bits, displacement)}(%${base})`;
}

function argument({ register, slot }: Tracked): Origin | undefined {
  // Compilers are free in how they call functions of the same file, so any register will do.
  const isGeneral = register !== undefined && !STACK.has(register);
  return slot === undefined && isGeneral ? { kind: "argument", register } : undefined;
}

/** What is to be said of the pointer: `was loaded from …`. */
function clause(origin: Origin, code: FunctionCode): string {
  switch (origin.kind) {
    case "variable":
      return `was loaded from the variable \`${origin.name}\``;
    case "member":
      return `was loaded from offset ${hex(origin.displacement)} of the structure that %${origin.register} points to`;
    case "argument": {
      const index = code.isGlobal ? ARGUMENTS[code.bits].indexOf(origin.register) : -1;
      const ordinal = ORDINALS[index];
      const name = functionName(code.name);
      return ordinal === undefined
        ? `was handed to ${name} by its caller`
        : `is the ${ordinal} argument of ${name}`;
    }
    case "stack-argument":
      return `is an argument of ${functionName(code.name)}`;
    case "returned":
      return `is what ${functionName(origin.callee)} returned`;
    case "constant":
      return `is set to ${origin.value === 0n ? "NULL" : hex(origin.value)}`;
  }
}
