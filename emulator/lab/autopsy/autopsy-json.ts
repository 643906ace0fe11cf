import { relativeToKernelTree } from "../../debuginfo/index.js";
import {
  type DecodedFrame,
  type FrameJson,
  frameJson,
  type SourceExcerpt,
} from "../../reports/index.js";
import type { Autopsy, LockHolder } from "./autopsy.js";

/**
 * An autopsy as JSON: what is not known is null, addresses are hexadecimal with 0x, files of
 * the kernel are relative to its tree; a frame is as in the JSON of reports, with its excerpt.
 */
export type AutopsyJson = JsonOf<Autopsy>;
export type LockHolderJson = JsonOf<LockHolder>;

type JsonOf<T> = T extends DecodedFrame
  ? FrameJson & { readonly excerpt: SourceExcerpt | null }
  : T extends bigint
    ? string
    : T extends undefined
      ? null
      : T extends readonly (infer Item)[]
        ? readonly JsonOf<Item>[]
        : T extends object
          ? { readonly [Key in keyof T]: JsonOf<T[Key]> }
          : T;

export function autopsyJson(autopsy: Autopsy): AutopsyJson {
  return toJson(autopsy) as AutopsyJson;
}

export function lockHolderJson(holder: LockHolder): LockHolderJson {
  return toJson(holder) as LockHolderJson;
}

function toJson(value: unknown, key?: string): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return `0x${value.toString(16)}`;
  if (typeof value === "string") return key === "file" ? relativeToKernelTree(value) : value;
  if (Array.isArray(value)) return value.map((item) => toJson(item));
  if (typeof value !== "object") return value;
  if (isFrame(value)) {
    return { ...frameJson(value), excerpt: toJson("excerpt" in value ? value.excerpt : null) };
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, toJson(item, name)]),
  );
}

function isFrame(value: object): value is DecodedFrame {
  return "frame" in value && "locations" in value;
}
