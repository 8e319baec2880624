import { lineOf, type LogLine } from '../query/collect-lines.ts'

/** Gets a line where it lies: its bytes from `start` to `end`, and its place. */
export type OnLine = (bytes: Uint8Array, start: number, end: number, time: number, sequence: number) => void

/** Lines one behind the other without an object for each: of fifty thousand in a second most are only passed on. */
export class LineRun {
  readonly #bytes: Uint8Array[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly #times: number[] = []
  readonly #sequences: number[] = []
  #size = 0

  /** How many there are. */
  get count(): number {
    return this.#ends.length
  }

  /** Bytes of the lines. */
  get size(): number {
    return this.#size
  }

  /** Adds a line. Its bytes stay where they are. */
  add(bytes: Uint8Array, start: number, end: number, time: number, sequence: number): void {
    this.#bytes.push(bytes)
    this.#starts.push(start)
    this.#ends.push(end)
    this.#times.push(time)
    this.#sequences.push(sequence)
    this.#size += end - start
  }

  /** Calls with the lines from one to before another. */
  forEach(onLine: OnLine, from = 0, to: number = this.count): void {
    for (let index = from; index < to; index++)
      onLine(
        this.#bytes[index]!,
        this.#starts[index]!,
        this.#ends[index]!,
        this.#times[index]!,
        this.#sequences[index]!,
      )
  }

  /** The same lines in memory of their own. */
  copied(): LineRun {
    const copy = new LineRun()
    const target = Buffer.allocUnsafeSlow(this.#size)
    let at = 0
    this.forEach((bytes, start, end, time, sequence) => {
      target.set(bytes.subarray(start, end), at)
      copy.add(target, at, (at += end - start), time, sequence)
    })
    return copy
  }

  /** The first so many. */
  first(count: number): LineRun {
    const run = new LineRun()
    this.forEach((...line) => run.add(...line), 0, count)
    return run
  }

  /** An object for each. */
  *lines(): Generator<LogLine> {
    for (let index = 0; index < this.count; index++) {
      const place = { time: this.#times[index]!, sequence: this.#sequences[index]! }
      yield lineOf(place, this.#bytes[index]!.subarray(this.#starts[index], this.#ends[index]))
    }
  }
}
