import { type CommandContext, type CommandFamily, OK, type Reply, UNKNOWN } from "./command.js";
import { GdbError } from "./gdb-error.js";
import { parseHex } from "./latin1.js";
import type { Stop } from "./target.js";

/** `Z` and `z`, which set and remove breakpoints: GDB manual, appendix E.2. */
export const breakpointCommands: CommandFamily = { Z: insert, z: remove };

const SOFTWARE = "0";
const HARDWARE = "1";

/** A debugger that sets more has lost its way; each costs the machine a little. */
const MOST_BREAKPOINTS = 1000;

function insert(context: CommandContext, argument: string): Reply {
  const place = parsePlace(argument);
  if (place === undefined) return UNKNOWN;
  const { target, breakpoints } = context;
  // The manual wants repeated requests to be harmless: an answer may have been lost.
  if (breakpoints.has(place.key)) return OK;
  if (breakpoints.size >= MOST_BREAKPOINTS) {
    throw new GdbError("no-breakpoint", `There are ${MOST_BREAKPOINTS} breakpoints already.`);
  }
  breakpoints.set(place.key, target.setBreakpoint(place.address, place.hardware));
  return OK;
}

function remove({ breakpoints }: CommandContext, argument: string): Reply {
  const place = parsePlace(argument);
  if (place === undefined) return UNKNOWN;
  breakpoints.get(place.key)?.[Symbol.dispose]();
  breakpoints.delete(place.key);
  return OK;
}

/** Why a debugger that has set these stops at an address; undefined where it does not. */
export function breakpointAt(
  breakpoints: CommandContext["breakpoints"],
  address: bigint,
): Stop | undefined {
  if (breakpoints.has(keyOf(SOFTWARE, address))) return { kind: "breakpoint", hardware: false };
  if (breakpoints.has(keyOf(HARDWARE, address))) return { kind: "breakpoint", hardware: true };
  return undefined;
}

function keyOf(type: string, address: bigint): string {
  return `${type},${address}`;
}

interface Place {
  readonly key: string;
  readonly address: bigint;
  readonly hardware: boolean;
}

/**
 * `TYPE,ADDRESS,KIND`, perhaps with conditions behind it, which we never say that we take. The
 * kind would be the length of the instruction to plant.
 * @returns undefined for a watchpoint: gdb makes do with single steps then.
 */
function parsePlace(argument: string): Place | undefined {
  const [type = "", digits = ""] = argument.split(",");
  if (type !== SOFTWARE && type !== HARDWARE) return undefined;
  const address = parseHex(digits);
  if (address === undefined) {
    throw new GdbError("bad-request", "A breakpoint is named as TYPE,ADDRESS,KIND.");
  }
  return { key: keyOf(type, address), address, hardware: type === HARDWARE };
}
