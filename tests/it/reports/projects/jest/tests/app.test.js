test("passes", () => {
  console.log("]]> is in the output, and so is \x1b[31mred\x1b[0m");
});
test("fails", () => expect(1).toBe(2));
test("throws", () => {
  throw new TypeError("no such thing ]]> <b> &amp; \x1b[31mred\x1b[0m");
});
describe("group", () => {
  it("inside", () => {});
  it.each(["a", "größer"])("takes %s", (word) => expect(word).toBe("a"));
});
test.skip("skipped", () => expect(1).toBe(2));
test.failing("expected to fail", () => expect(1).toBe(2));
test("twice", () => {});
test("twice", () => {});
test("takes too long", () => new Promise((done) => setTimeout(done, 500)), 50);
