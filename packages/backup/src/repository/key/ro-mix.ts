import { instantiateWasm } from '@exprsn/core/bytes'
import { roMixWasm } from './ro-mix.wasm.ts'
import type { ScryptCost } from './scrypt-cost.ts'

/** scryptROMix (RFC 7914, section 5). */
export interface RoMix {
  /** Mixes lanes of 128 r bytes, one behind the other, in place. */
  mix(lanes: Uint32Array, cost: Pick<ScryptCost, 'N' | 'r'>): void
  /** Leaves nothing in memory of what was mixed. Apart from mixing, as nobody has to wait for that. */
  wipe(): void
}

type Run = (...numbers: readonly number[]) => void

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void }
  readonly fill1: Run
  readonly fill2: Run
  readonly mix1: Run
  readonly mix2: Run
}

const page = 65_536
/** Steps per call, a power of two as N is: V8 puts better machine code in place of its first one only between calls. */
const mostSteps = 64
/** Which word of a block stands where in the kernel: along the diagonals of Salsa20's square. */
const diagonals = Array.from({ length: 16 }, (_, word) => (5 * word) % 16)

/**
 * The WebAssembly kernel with a memory of its own, of 128 r (N + 2) bytes for each of the two lanes that it works on at a time;
 * undefined where the machine cannot run it.
 */
export function createRoMix(module = roMixWasm): RoMix | undefined {
  const kernel = instantiateWasm<Kernel>(module)
  if (kernel === undefined) return undefined
  const { memory } = kernel

  return {
    mix(lanes, { N, r }) {
      const words = 32 * r
      const each = Array.from({ length: lanes.length / words }, (_, lane) =>
        lanes.subarray(lane * words).subarray(0, words),
      )
      const pages = Math.ceil((Math.min(each.length, 2) * 4 * words * (N + 2)) / page)
      const missing = pages - memory.buffer.byteLength / page
      if (missing > 0) memory.grow(missing)
      for (let at = 0; at < each.length; at += 2) mixLanes(kernel, each.slice(at, at + 2), N)
    },
    wipe() {
      new Uint8Array(memory.buffer).fill(0)
    },
  }
}

/** Mixes one lane or two. In memory lies, for each of them, its table of N elements, and two that are mixed in turn. */
function mixLanes(kernel: Kernel, lanes: readonly Uint32Array[], N: number): void {
  const [fill, mix] = lanes.length === 1 ? [kernel.fill1, kernel.mix1] : [kernel.fill2, kernel.mix2]
  const memory = new Uint32Array(kernel.memory.buffer)
  const words = lanes[0]!.length
  const size = 4 * words
  const steps = Math.min(mostSteps, N)
  const element = (index: number): number[] => lanes.map((_, lane) => (lane * (N + 2) + index) * size)
  const [table, x, y] = [element(0), element(N), element(N + 1)]

  for (const [lane, content] of lanes.entries())
    for (let word = 0; word < words; word++) memory[table[lane]! / 4 + word] = content[placeOf(word)]!
  for (let done = 0; done < N; done += steps) fill(...element(done), size, steps)
  // N is even, and so are the steps of a call: what was mixed ends where it began.
  for (let done = 0; done < N; done += steps) mix(...x, ...y, ...table, size, N - 1, steps)
  for (const [lane, content] of lanes.entries())
    for (let word = 0; word < words; word++) content[placeOf(word)] = memory[x[lane]! / 4 + word]!
}

/** Where in a lane the word lies that the kernel has as this one. */
const placeOf = (word: number): number => word - (word % 16) + diagonals[word % 16]!
