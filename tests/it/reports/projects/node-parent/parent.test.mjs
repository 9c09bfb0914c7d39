import assert from "node:assert";
import { test } from "node:test";

test("parent fails by itself", async (t) => {
  await t.test("child", () => {});
  assert.ok(false);
});
