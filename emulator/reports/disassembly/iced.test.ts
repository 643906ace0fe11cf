import { execFile } from "node:child_process";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { icedDisassembler } from "./iced.js";
import { type Disassembler, DisassemblerError } from "./instruction.js";

const run = promisify(execFile);
const KERNEL = "kernel-src/built/linux/vmlinux";

let disassembler: Disassembler;
let folder: string;

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve("iced-x86/iced_x86_bg.wasm");
  disassembler = await icedDisassembler(await WebAssembly.compile(await readFile(path)));
  folder = await mkdtemp(join(tmpdir(), "kspace-disassembly-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Line {
  readonly address: number;
  readonly bytes: readonly number[];
  readonly text: string;
}

/** What objdump says, as stretches of code without a gap. */
async function objdump(file: string, ...options: string[]): Promise<Line[][]> {
  const { stdout } = await run("objdump", ["-d", "-w", ...options, file], {
    maxBuffer: 1 << 28,
  });
  const stretches: Line[][] = [[]];
  for (const output of stdout.split("\n")) {
    const [, address, bytes, text] =
      /^\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*\t(.*)/.exec(output) ?? [];
    if (address === undefined || bytes === undefined || text === undefined) {
      stretches.push([]);
      continue;
    }
    stretches.at(-1)?.push({
      address: Number.parseInt(address, 16),
      bytes: bytes
        .trim()
        .split(" ")
        .map((byte) => Number.parseInt(byte, 16)),
      // Behind the instruction: the name of what it refers to, and the address of a RIP-relative operand.
      text: text
        .replace(/\s+#.*$/, "")
        .replace(/ <[^>]*>$/, "")
        .trimEnd(),
    });
  }
  return stretches.filter((stretch) => stretch.length > 0);
}

/** The lines on which we say something else. */
function differences(stretches: readonly Line[][], bits: 32 | 64): string[] {
  return stretches.flatMap((stretch) => {
    const [first] = stretch;
    const code = Uint8Array.from(stretch.flatMap(({ bytes }) => bytes));
    const ours = new Map(
      disassembler
        .decode(code, bits, BigInt(first?.address ?? 0))
        .map(({ address, text }) => [Number(address), text]),
    );
    return stretch
      .filter(({ address, text }) => ours.get(address) !== text)
      .filter(({ bytes }) => !isWaitAndX87(bytes))
      .map(({ address, text }) => `${address.toString(16)}: ${text} | ${ours.get(address)}`);
  });
}

/** `fwait` and the instruction behind it are two to a processor; objdump writes `finit` for `fwait; fninit`. */
function isWaitAndX87([first, second = 0]: readonly number[]): boolean {
  return first === 0x9b && (second & 0xf8) === 0xd8;
}

const missing = await run("objdump", ["--version"]).then(
  () => undefined,
  () => "objdump is missing: install binutils",
);

describe.skipIf(missing !== undefined)(`against objdump${missing ? ` (${missing})` : ""}`, () => {
  it("writes all instructions of the course's modules alike", async () => {
    const archive = gunzipSync(await readFile("images/i686/course.tar.gz"));
    const modules = parseTar(archive).filter(({ name }) => name.endsWith(".ko"));
    expect(modules.length).toBeGreaterThan(3);
    for (const [index, { data }] of modules.entries()) {
      const file = join(folder, `${index}.ko`);
      await writeFile(file, data ?? new Uint8Array());
      const stretches = await objdump(file);
      expect(stretches.flat().length).toBeGreaterThan(30);
      expect(differences(stretches, 32)).toEqual([]);
    }
  });

  it("writes the kernel's code alike", async (context) => {
    if (!(await exists(KERNEL))) context.skip(`${KERNEL} is missing: npm run images builds it.`);
    // The stop address may cut the last function in the middle of an instruction.
    const stretches = (await objdump(KERNEL, "--stop-address=0xc1100000")).slice(0, -1);
    expect(stretches.flat().length).toBeGreaterThan(200_000);
    expect(differences(stretches, 32)).toEqual([]);
  });

  it("writes 64-bit code alike", async (context) => {
    if (process.arch !== "x64") context.skip("Node itself is the program that is read here.");
    const { stdout } = await run("objdump", ["-h", process.execPath]);
    const [, start] = /\.text\s+[0-9a-f]+\s+([0-9a-f]+)/.exec(stdout) ?? [];
    const stop = Number.parseInt(start ?? "", 16) + (1 << 20);
    const output = await objdump(process.execPath, "-j.text", `--stop-address=${stop}`);
    const stretches = output.slice(0, -1);
    expect(stretches.flat().length).toBeGreaterThan(100_000);
    expect(differences(stretches, 64)).toEqual([]);
  });
});

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(" "), (byte) => Number.parseInt(byte, 16));
}

function only(hex: string, bits: 16 | 32 | 64, address = 0n) {
  const instructions = disassembler.decode(bytes(hex), bits, address);
  const [instruction] = instructions;
  if (instruction === undefined || instructions.length !== 1) {
    throw new Error(`not one instruction: ${instructions.map(({ text }) => text).join("; ")}`);
  }
  return instruction;
}

describe("one instruction", () => {
  it("knows where a jump goes", () => {
    const jump = only("74 fe", 32, 0xc0100000n);
    expect(jump).toMatchObject({ text: "je     c0100000", target: 0xc0100000n });
    expect(jump.flow).toBe("conditional-jump");
    expect(only("ff d0", 32).target).toBeUndefined();
  });

  it("wraps addresses at the end of the address space", () => {
    expect(only("eb 10", 32, 0xfffffff8n).target).toBe(0xan);
    expect(only("eb 10", 64, 0xfffffffffffffff8n).target).toBe(0xan);
  });

  it("knows what a RIP-relative operand means", () => {
    const load = only("48 8b 05 34 12 00 00", 64, 0xffffffff81000000n);
    expect(load.text).toBe("mov    0x1234(%rip),%rax");
    expect(load.relativeAddress).toBe(0xffffffff8100123bn);
    expect(disassembler.accesses(load).memory).toEqual([
      expect.objectContaining({ base: undefined, displacement: 0xffffffff8100123bn, size: 8 }),
    ]);
  });

  it("knows what is read and written", () => {
    const exchange = disassembler.accesses(only("f0 0f b1 11", 32));
    expect(exchange.memory).toEqual([
      {
        segment: "ds",
        base: "ecx",
        index: undefined,
        scale: 1,
        displacement: 0n,
        size: 4,
        access: "read-write",
      },
    ]);
    expect(exchange.registers).toContainEqual({ name: "eax", access: "read-write" });
    expect(exchange.registers).toContainEqual({ name: "edx", access: "read" });
  });

  it("counts the address of lea as no access", () => {
    expect(disassembler.accesses(only("8d 40 10", 32)).memory).toEqual([]);
  });

  it("reads 16-bit code", () => {
    expect(only("89 07", 16).text).toBe("mov    %ax,(%bx)");
  });
});

describe("hostile bytes", () => {
  it("decodes any bytes, and all of them", () => {
    let state = 1;
    const random = Uint8Array.from({ length: 60_000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
    for (const bits of [16, 32, 64] as const) {
      const instructions = disassembler.decode(random, bits, 0xffff_fff0n);
      const decoded = instructions.reduce((sum, instruction) => sum + instruction.bytes.length, 0);
      expect(decoded).toBe(random.length);
      for (const instruction of instructions.slice(0, 5000)) disassembler.accesses(instruction);
    }
  });

  it("gives nothing for no bytes", () => {
    expect(disassembler.decode(new Uint8Array(), 32, 0n)).toEqual([]);
  });

  it("says so when the module is another one", async () => {
    const empty = await WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    await expect(icedDisassembler(empty)).rejects.toThrow(DisassemblerError);
  });
});
