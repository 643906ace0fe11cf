/** On the course's own source and patches. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { missingKmalloc } from "./missing-kmalloc.js";
import { missingUnlock } from "./missing-unlock.js";
import { courseEdited, lineOfEdit, type SourceEdit, sourceState, withEdit } from "./source-edit.js";

const COURSE = new URL("../../../../kernel-src/course/", import.meta.url);
const ORIGINAL = readFileSync(new URL("hello-fops.c", COURSE), "utf8");
const EDITS = [missingUnlock, missingKmalloc];

function textsOf(edit: SourceEdit) {
  return { original: ORIGINAL, patch: readFileSync(new URL(edit.patch, COURSE), "utf8") };
}

/** The source with the nth of its lines that hold a text replaced. */
function replaced(text: string, nth: number, by: string, source = ORIGINAL): string {
  let seen = 0;
  const lines = source.split("\n").flatMap((line) => {
    if (!line.includes(text) || ++seen !== nth) return [line];
    return by === "" ? [] : [by];
  });
  return lines.join("\n");
}

function problemOf(source: string, edit: SourceEdit): string | undefined {
  const state = sourceState(source, edit);
  return state.kind === "other" ? state.problem : undefined;
}

describe.each(EDITS)("$patch", (edit) => {
  const texts = textsOf(edit);
  const made = courseEdited(texts) ?? "";

  it("is not made in the course's source, and made behind the course's patch", () => {
    expect(sourceState(ORIGINAL, edit)).toEqual({ kind: "whole" });
    expect(sourceState(made, edit)).toEqual({ kind: "made" });
  });

  it("is made and taken back for a person, whose other changes stay", () => {
    const mine = ORIGINAL.replace("opened by %s", "opened again by %s");
    const edited = withEdit(mine, edit, texts, "made") ?? "";
    expect(edited).toBe(made.replace("opened by %s", "opened again by %s"));
    expect(withEdit(edited, edit, texts, "whole")).toBe(mine);
  });

  it("is made where the lines are others by now, in the functions that it is about", () => {
    const [name] = edit.functions;
    const mine = ORIGINAL.replace(
      new RegExp(`(${name}\\([^)]*\\)\\n\\{)([\\s\\S]*?)(\\n\\}\\n)`),
      "$1\n\treturn -EINVAL;$3",
    ).replace("opened by %s", "opened again by %s");
    const edited = withEdit(mine, edit, texts, "made");
    expect(edited).toBe(made.replace("opened by %s", "opened again by %s"));
  });

  it("cannot be made in what is another program", () => {
    expect(withEdit("int main(void) { return 0; }\n", edit, texts, "made")).toBeUndefined();
    expect(problemOf("", edit)).toContain(`no whole function \`${edit.functions[0]}()\``);
    expect(lineOfEdit("", edit)).toBe(1);
  });
});

describe("the lock that is not given back", () => {
  const UNLOCK = "spin_unlock(&hello_lock);";

  it.each([
    ["deleted", replaced(UNLOCK, 2, "")],
    ["a comment", replaced(UNLOCK, 2, `\t// ${UNLOCK}`)],
    ["another comment", replaced(UNLOCK, 2, `\t/* ${UNLOCK} */`)],
    ["taken out by the preprocessor", replaced(UNLOCK, 2, `#if 0\n\t${UNLOCK}\n#endif`)],
    [
      "deleted, with other edits around",
      replaced('pr_info("opened', 1, "", replaced(UNLOCK, 2, "")),
    ],
  ])("is seen when the line is %s", (_, source) => {
    expect(sourceState(source, missingUnlock)).toEqual({ kind: "made" });
    expect(withEdit(source, missingUnlock, textsOf(missingUnlock), "whole")).toBeDefined();
  });

  it("is not the line of another function", () => {
    expect(problemOf(replaced(UNLOCK, 1, ""), missingUnlock)).toMatch(/hello_read.*has lost/);
    expect(problemOf(replaced("spin_lock(", 2, ""), missingUnlock)).toMatch(
      /hello_write.*not take/,
    );
    expect(problemOf(replaced("spin_lock(", 1, ""), missingUnlock)).toMatch(/hello_read.*not take/);
  });

  it("is shown at its line, and where that was", () => {
    expect(ORIGINAL.split("\n")[lineOfEdit(ORIGINAL, missingUnlock) - 1]).toBe(`\t${UNLOCK}`);
    const made = replaced(UNLOCK, 2, "");
    expect(made.split("\n")[lineOfEdit(made, missingUnlock) - 1]).toMatch(
      /number of bytes written/,
    );
  });
});

describe("the memory that is not there", () => {
  it("is seen when its lines are deleted, too", () => {
    const source = ORIGINAL.replace(/\thello_mem = kmalloc[\s\S]*?-ENOMEM;\n/, "");
    expect(sourceState(source, missingKmalloc)).toEqual({ kind: "made" });
    expect(source.split("\n")[lineOfEdit(source, missingKmalloc) - 1]).toBe("\tint err;");
  });

  it("is nothing that insmod would refuse", () => {
    const source = replaced("= kmalloc(", 1, "\t// hello_mem = kmalloc(HELLO_MEMSIZ, GFP_KERNEL);");
    expect(problemOf(source, missingKmalloc)).toMatch(/-ENOMEM/);
    expect(source.split("\n")[lineOfEdit(source, missingKmalloc) - 1]).toContain("kmalloc(");
  });

  it("is not there either when something else is assigned", () => {
    const source = ORIGINAL.replace(
      /\thello_mem = kmalloc[\s\S]*?-ENOMEM;\n/,
      "\thello_mem = NULL;\n",
    );
    expect(sourceState(source, missingKmalloc)).toEqual({ kind: "made" });
    expect(
      sourceState(
        replaced("= kmalloc(", 1, "\thello_mem = kzalloc(64, GFP_KERNEL);"),
        missingKmalloc,
      ),
    ).toEqual({ kind: "whole" });
  });

  it("needs a device all the same", () => {
    expect(problemOf(replaced("= misc_register(", 1, "\terr = 0;"), missingKmalloc)).toMatch(
      /misc_register/,
    );
  });
});
