import { Code } from "iced-x86";
import { describe, expect, it } from "vitest";
import { formOfCode, listForms } from "./forms.js";
import { codeOf, generateCase } from "./generate.js";

const { user, others } = listForms();

describe("forms", () => {
  it("are all of iced's that are instructions of 64-bit mode, and what is no instruction", () => {
    // iced 1.21: the sum changes with its list, and what is new has to be looked at.
    expect([user.length, user.length + others.length]).toEqual([1288, 4484]);
    for (const { reason } of others) expect(reason).not.toBe("");
  });

  it.each([
    ["ADD r/m64, r64", "o64 01 /r"],
    ["MOVSQ", "o64 A5"],
    ["FPATAN", "D9 F3"],
    ["MASKMOVDQU xmm1, xmm2", "66 0F F7 /r"],
    ["CMPXCHG16B m128", "o64 0F C7 /1"],
    ["PCMPESTRI xmm1, xmm2/m128, imm8", "66 0F 3A 61 /r ib"],
  ])("have %s", (text, encoding) => {
    expect(user.filter((form) => form.text === text && form.encoding === encoding)).toHaveLength(1);
  });

  it.each([
    ["VADDPS xmm1, xmm2, xmm3/m128", "AVX is not there"],
    ["SGDT m", "UMIP: Linux pretends a value"],
    ["SYSCALL", "enters the operating system, or leaves it"],
    ["CALL rel16", "Intel and AMD differ in it"],
    ["AESENC xmm1, xmm2/m128", "AES is not there"],
  ])("do not have %s: %s", (text, reason) => {
    expect(others.find((form) => form.text === text)?.reason).toBe(reason);
  });
});

describe("a generated case", () => {
  it("is the same for the same seed and number, and another for others", () => {
    const [form] = user;
    if (form === undefined) throw new Error("There are no forms.");
    const again = generateCase(form, 5, 17);
    expect(generateCase(form, 5, 17).input).toEqual(again.input);
    expect(generateCase(form, 5, 18).input).not.toEqual(again.input);
    expect(generateCase(form, 6, 17).input).not.toEqual(again.input);
  });

  it("is of its form, as iced decodes it", () => {
    const wrong = user.flatMap((form) => {
      const codes = Array.from({ length: 20 }, (_, number) => {
        const code = codeOf(generateCase(form, 3, number).input);
        return formOfCode(form.fwait ? code.subarray(1) : code) ?? Code.INVALID;
      });
      // Without FWAIT it is the other form. Some are cut off at the end of the page, or have LOCK.
      const expected = form.fwait ? form.name.replace("F", "Fn") : form.name;
      const right = codes.filter((code) => Code[code] === expected);
      return right.length > 0 ? [] : [form.name];
    });
    expect(wrong).toEqual([]);
  });
});
