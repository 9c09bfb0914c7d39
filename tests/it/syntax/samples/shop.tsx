import type { ReactNode } from 'react'

declare function ambient(a: number): void
declare module 'other' { export function f(): void }
export interface Shape { area(): number; readonly name?: string }
export type Read<T> = (a: T) => asserts a is NonNullable<T>
export enum Color { Red = 1, Green = Red << 1 }

export function over(a: string): string
export function over(a: number): number
export function over(a: unknown): unknown {
  return a
}

export abstract class Base<T extends Shape = Shape> implements Iterable<T> {
  protected readonly items: T[] = []
  private lazy?: () => T = () => this.items[0]!
  declare kept: number
  constructor(public first: T, private rest?: T[])
  constructor(public first: T, private rest: T[] = []) {
    this.items.push(first)
  }
  abstract name(): string
  get size(): number { return this.items.length }
  *[Symbol.iterator](): Iterator<T> { yield* this.items }
  static of<S extends Shape>(this: void, a: S): S { return a }
}

export class Derived extends Base implements Shape {
  constructor(private label: string) {
    super({ area: () => 1 })
  }
  override name(): string { return this.label satisfies string }
  area(): number { return 1 }
}

export namespace Shop {
  export const open = async <T,>(a: T): Promise<T> => a as T
  export function close(): asserts close is never { throw new TypeError() }
}

export const View = ({ a, b = 1 }: { a: ReactNode; b?: number }) => (
  <section title="x" onClick={() => b}>
    {a} &amp; {/* nothing */}
    {[1].map(n => <i key={n}>{n}</i>)}
  </section>
)
export const typed: Read<string> = ((a: string): void => undefined) as Read<string>
export default <T,>(a: T): a is NonNullable<T> => a!= null
