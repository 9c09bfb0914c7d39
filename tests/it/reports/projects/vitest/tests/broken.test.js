import { nothing } from "./no-such-module.js";
import { test } from "vitest";

test("never loaded", () => nothing());
