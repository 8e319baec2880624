import { byteProgram, type Step } from './byte-program.ts'
import { parsePattern } from './parse-pattern.ts'

/** States after which an automaton gives up: it would not be faster than what it stands for any more. */
const mostStates = 4_000

/** The state in which the pattern has matched, and the one in which it will not any more. */
const [matched, failed] = [0, 1]

/**
 * A deterministic automaton that looks for a pattern of RE2 in UTF-8, a byte after the other, none of them twice. Its states
 * are worked out when they are met first, from those of the nondeterministic one that they stand for (Cox, "Regular Expression
 * Matching in the Wild", 2010).
 */
export class ByteAutomaton {
  readonly #steps: readonly Step[]
  /** Bytes that no step tells apart have the same class. */
  readonly #classes = new Uint8Array(256)
  readonly #classCount: number
  /** By state and class the state that follows, times the number of classes; -1 where it is not known yet. */
  #table: Int32Array
  /** By state, the steps that it stands for. */
  readonly #sets: (readonly number[])[] = [[], []]
  /** By state, whether the pattern matches where the text ends. */
  readonly #endings: boolean[] = [true, false]
  readonly #states = new Map<string, number>()
  readonly #start: number

  /** Undefined for a pattern that it is not made for; what RE2 refuses is none of its business. */
  static of(pattern: string): ByteAutomaton | undefined {
    const node = parsePattern(pattern)
    const steps = node && byteProgram(node)
    return steps && new ByteAutomaton(steps)
  }

  private constructor(steps: readonly Step[]) {
    this.#steps = steps
    this.#classCount = fillClasses(this.#classes, steps)
    this.#table = new Int32Array(64 * this.#classCount).fill(-1)
    this.#start = this.#stateOf(this.#closure([steps.length - 1], true, false), true)
  }

  /** Whether the pattern matches somewhere in a text; undefined where that is to be found out in another way. */
  test(bytes: Uint8Array, start: number, end: number): boolean | undefined {
    const classes = this.#classes
    const last = failed * this.#classCount
    let table = this.#table
    let state = this.#start
    if (state <= last) return state === matched
    for (let at = start; at < end; at++) {
      let next = table[state + classes[bytes[at]!]!]!
      if (next <= last) {
        if (next < 0) next = this.#follow(state, bytes[at]!)
        if (next < 0) return undefined
        if (next <= last) return next === matched
        table = this.#table
      }
      state = next
    }
    return this.#endings[state / this.#classCount]!
  }

  /** Works out what follows a state. */
  #follow(state: number, byte: number): number {
    const nexts = []
    for (const id of this.#sets[state / this.#classCount]!) {
      const step = this.#steps[id]!
      if (step.type === 'byte' && byte >= step.from && byte <= step.to) nexts.push(step.next)
    }
    // It may begin anywhere.
    const next = this.#stateOf(this.#closure([...nexts, this.#steps.length - 1], false, false), false)
    if (next >= 0) this.#table[state + this.#classes[byte]!] = next
    return next
  }

  /** Steps that take a byte, wait for the end, or are the match, where those given lead without one. */
  #closure(ids: readonly number[], isBegin: boolean, isEnd: boolean): number[] {
    const seen = new Set<number>()
    const left = [...ids]
    const found: number[] = []
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      if (seen.has(id)) continue
      seen.add(id)
      const step = this.#steps[id]!
      if (step.type === 'fork') left.push(...step.nexts)
      else if (step.type === 'begin') {
        if (isBegin) left.push(step.next)
      } else if (step.type === 'end' && isEnd) left.push(step.next)
      else found.push(id)
    }
    return found.sort((first, second) => first - second)
  }

  /** The state that stands for steps; -1 where there is no room for it. */
  #stateOf(ids: readonly number[], isBegin: boolean): number {
    if (ids.includes(0)) return matched
    if (ids.length === 0) return failed * this.#classCount
    const key = `${isBegin} ${ids.join()}`
    let state = this.#states.get(key)
    if (state === undefined) {
      if (this.#sets.length === mostStates) return -1
      state = (this.#sets.push(ids) - 1) * this.#classCount
      this.#states.set(key, state)
      this.#endings.push(this.#closure(ids, isBegin, true).includes(0))
      if (state + this.#classCount > this.#table.length) {
        const larger = new Int32Array(this.#table.length * 2).fill(-1)
        larger.set(this.#table)
        this.#table = larger
      }
    }
    return state
  }
}

/** Puts bytes into classes, and returns how many there are. */
function fillClasses(classes: Uint8Array, steps: readonly Step[]): number {
  const begins = new Set<number>()
  for (const step of steps) if (step.type === 'byte') begins.add(step.from).add(step.to + 1)
  let last = 0
  for (let byte = 0; byte < 256; byte++) classes[byte] = byte > 0 && begins.has(byte) ? ++last : last
  return last + 1
}
