/** The machine from outside, with a real kernel in it, against what the guest says of itself. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootLab, type Lab } from "../node/index.js";
import { codeOf } from "./test-support/error-code.js";

let lab: Lab;

beforeAll(async () => {
  lab = await bootLab();
});

afterAll(() => lab.close());

async function guest(script: string): Promise<string> {
  const result = await lab.sh(script);
  expect(result, new TextDecoder().decode(result.stderr)).toMatchObject({
    outcome: "exited",
    exitCode: 0,
  });
  return new TextDecoder().decode(result.stdout).trim();
}

/** The address of a symbol, from the guest's own /proc/kallsyms. */
async function addressOf(symbol: string): Promise<number> {
  const line = await guest(`grep -w ${symbol} /proc/kallsyms`);
  return Number.parseInt(line, 16);
}

describe("memory", () => {
  it("is read through the kernel's page tables", async () => {
    const banner = await guest("cat /proc/version");
    const address = await addressOf("linux_banner");
    const bytes = lab.machine.readVirtual(address, banner.length);
    expect(new TextDecoder().decode(bytes)).toBe(banner);
  });

  it("is the same by its physical address, and across a page boundary", async () => {
    const text = await addressOf("_stext");
    // i386 maps low memory linearly: PAGE_OFFSET in arch/x86/include/asm/page_32_types.h.
    const physical = text - 0xc000_0000;
    expect(lab.machine.readVirtual(text + 4000, 200)).toEqual(
      lab.machine.readPhysical(physical + 4000, 200),
    );
  });

  it("is written, and the guest sees it", async () => {
    const address = await addressOf("sysctl_hung_task_timeout_secs");
    const before = lab.machine.readVirtual(address, 4);
    lab.machine.writeVirtual(address, Uint8Array.of(77, 0, 0, 0));
    expect(await guest("cat /proc/sys/kernel/hung_task_timeout_secs")).toBe("77");
    lab.machine.writeVirtual(address, before);
    expect(await guest("cat /proc/sys/kernel/hung_task_timeout_secs")).toBe("10");
  });

  it.each([
    ["physical memory behind its end", () => lab.machine.readPhysical(lab.machine.memoryBytes, 1)],
    ["physical memory in front of it", () => lab.machine.readPhysical(-1, 1)],
    ["the first page, which nothing maps", () => lab.machine.readVirtual(0, 1)],
    ["a write there", () => lab.machine.writeVirtual(16, Uint8Array.of(1))],
  ])("refuses %s", (_, access) => {
    expect(codeOf(access)).toBe("bad-address");
  });
});

describe("registers", () => {
  it("show a processor in the kernel or in a program", () => {
    const { general, instructionPointer, stackPointer, segments, cr0, cr3 } =
      lab.machine.registers();
    expect(Object.keys(general).sort()).toEqual(
      ["eax", "ebp", "ebx", "ecx", "edi", "edx", "esi", "esp"].sort(),
    );
    expect(general.esp).toBe(stackPointer);
    expect(instructionPointer).toBe(BigInt(lab.machine.sample().instructionPointer));
    // Selectors of arch/x86/include/asm/segment.h: __KERNEL_CS and __USER_CS.
    expect([0x60, 0x73]).toContain(segments.cs);
    expect(cr0 & 0x8000_0001n).toBe(0x8000_0001n); // paging and protection
    expect(cr3 % 4096n).toBe(0n);
  });
});

describe("a saved state", () => {
  it("is gone back to, processor and memory alike", async () => {
    lab.pause();
    const saved = lab.machine.save();
    const registers = lab.machine.registers();
    lab.resume();
    await guest("echo something else > /tmp/written-later");
    lab.pause();
    await lab.machine.restore(saved);
    expect(lab.machine.registers()).toEqual(registers);
    expect(lab.machine.sample().guestMs).toBe(saved.guestMs);
    await lab.restore();
    expect(await guest("ls /tmp")).toBe("");
  });

  it("of another version is refused, and says so", async () => {
    const saved = { ...lab.machine.save(), engine: "v86@0.4.0" };
    await expect(lab.machine.restore(saved)).rejects.toMatchObject({
      code: "state-mismatch",
      message: expect.stringContaining("v86@0.4.0"),
    });
  });
});

describe("a pause", () => {
  it("stops guest time and instructions", async () => {
    lab.pause();
    const before = lab.machine.sample();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(lab.machine.sample()).toEqual(before);
    lab.resume();
    await guest("true");
    expect(lab.machine.sample().guestMs).toBeGreaterThan(before.guestMs);
  });
});
