#!/usr/bin/env node
'use strict'
// Every form in which JavaScript lets one write a function.
export function declared(a, { b = 1, ...rest } = {}, ...more) {
  'use strict'.length
  return [a, b, rest, more]
}
export default class {
  #hidden = 1
  static count = 0
  static { this.count = 1 }
  arrow = (a) => this.#hidden + a
  constructor(a) { this.a = a }
  get hidden() { return this.#hidden }
  set hidden(a) { this.#hidden = a }
  static async *#numbers(end) {
    for (let at = 0; at < end; at++) yield at
  }
  *[Symbol.iterator]() { yield* [1, 2] }
  'quoted name'() { return 1 }
  async 12() { await 1 }
}
export class Money extends Array {
  constructor(...amounts) {
    // The amounts.
    super(...amounts)
    this.total = amounts.reduce((a, b) => a + b, 0)
  }
  add(other) { return new Money(this.total + other.total) }
}
export const expression = a => a, object = () => ({ a: 1 }), block = async () => {
  return 1
}
export const long = (a) =>
  // Why it is long.
  a
    ? `${a} ä €`
    : /[/]`/.test(a)
export const conditional = expression ? (a) => a : (b) => b
export function* numbers(end) {
  for (let at = 0; at < end; at++) yield at
}
const memo = f => f
export const wrapped = memo(memo(function named() { return 1 }))
export const table = {
  a() { return 1 },
  async b() {},
  *c() { yield 1 },
  get d() { return 1 },
  e: () => 1,
  f: function () { return 1 },
  'g h': { i: async a => a },
  [`j`]: () => 1,
}
export const caught = () => { try { return declared(1) } catch { return 'swallowed' } }
export const made = (function () {
  function inner() { return 1 }
  return { inner, other: () => 2 }
})()
let chained
chained = memo(a => a)
export { chained as again }
label: for (const a of [1]) { var late = () => a; continue label }
;[1].forEach(function () {})
export const tagged = String.raw`a${(() => 1)()}`
export const comma = [a => a, (a) => { return a }]
