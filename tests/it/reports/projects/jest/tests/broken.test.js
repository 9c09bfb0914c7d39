const { nothing } = require("./no-such-module.js");

test("never loaded", () => nothing());
