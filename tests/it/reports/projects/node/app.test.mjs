import assert from "node:assert";
import { describe, it, test } from "node:test";

test("passes", () => {
  console.log("]]> is in the output, and so is \x1b[31mred\x1b[0m");
});
test("fails", () => assert.strictEqual(1, 2, "one is not two ]]> <b> &amp;"));
test("throws", () => {
  throw new TypeError("no such thing");
});
describe("group", () => {
  it("inside", () => {});
  it("größer", () => assert.ok(false));
  describe("deeper", () => {
    it("inside", () => {});
  });
});
describe("group that is skipped", { skip: true }, () => {
  it("inside", () => assert.ok(false));
});
test("skipped", { skip: "not here" }, () => assert.ok(false));
test("todo that fails", { todo: true }, () => assert.ok(false));
test("todo that passes", { todo: true }, () => {});
test("twice", () => {});
test("twice", () => {});
test("takes too long", { timeout: 50 }, () => new Promise((done) => setTimeout(done, 500)));
test("parent", async (t) => {
  await t.test("child", () => {});
});
