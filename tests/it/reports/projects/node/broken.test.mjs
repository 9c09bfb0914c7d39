import { nothing } from "./no-such-module.mjs";
import { test } from "node:test";

test("never loaded", () => nothing());
