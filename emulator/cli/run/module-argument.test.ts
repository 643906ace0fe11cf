import { describe, expect, it } from "vitest";
import { InputError } from "../errors.js";
import { parseModuleArgument } from "./module-argument.js";

describe("parseModuleArgument", () => {
  it.each([
    ["hello.ko", "hello.ko", {}],
    ["./a/b.ko,count=3", "./a/b.ko", { count: "3" }],
    ["m.ko,number=7,text=hi,flag=1", "m.ko", { number: "7", text: "hi", flag: "1" }],
    // A part without "=" continues the value: what arrays of a module look like.
    ["m.ko,list=1,2,3,number=7", "m.ko", { list: "1,2,3", number: "7" }],
    ["m.ko,list=,2", "m.ko", { list: ",2" }],
    ['m.ko,text="a,b=c",number=1', "m.ko", { text: "a,b=c", number: "1" }],
    ['m.ko,text="two words"', "m.ko", { text: "two words" }],
    ["m.ko,text=a=b", "m.ko", { text: "a=b" }],
    ["m.ko,text=", "m.ko", { text: "" }],
    ["m.ko,number=1,number=2", "m.ko", { number: "2" }],
    ['"with,comma.ko",a=1', "with,comma.ko", { a: "1" }],
    ["dir=1/m.ko", "dir=1/m.ko", {}],
  ])("reads %s", (argument, file, params) => {
    expect(parseModuleArgument(argument)).toEqual({ file, params });
  });

  it("keeps a parameter with the name of an object's own property", () => {
    expect(Object.entries(parseModuleArgument("m.ko,__proto__=1").params)).toEqual([
      ["__proto__", "1"],
    ]);
  });

  it.each([
    ["", "names no module"],
    [",a=1", "names no module"],
    ["m.ko,flag", '"flag" in "m.ko,flag" is no module parameter: write NAME=VALUE'],
    ["m.ko,", "is no module parameter"],
    ["m.ko,=1", "is no module parameter"],
    ["m.ko,a b=1", "is no module parameter"],
    ["m.ko,a=1,2=3", "is no module parameter"],
    ['m.ko,text="open', "a quotation mark that is never closed"],
  ])("refuses %s", (argument, message) => {
    expect(() => parseModuleArgument(argument)).toThrow(InputError);
    expect(() => parseModuleArgument(argument)).toThrow(message);
  });
});
