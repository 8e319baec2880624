import { concatBytes } from '../../bytes/concat-bytes.ts'
import { randomBelow, randomItem } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'

/** Values at which parsers break: ends of ranges, continuation bits, ASCII that structures are made of. */
const interesting = [0, 1, 0x0a, 0x20, 0x22, 0x26, 0x3c, 0x5b, 0x5c, 0x7b, 0x7f, 0x80, 0xc0, 0xc1, 0xf4, 0xfe, 0xff]

/** What a mutation draws from besides the input. */
export interface MutationSource {
  /** Whole inputs to splice with. */
  readonly corpus: readonly Uint8Array[]
  /** Byte strings that mean something in the format. */
  readonly dictionary: readonly Uint8Array[]
  /** The longest input to make, in bytes. */
  readonly maximumBytes: number
}

type Mutation = (bytes: Uint8Array, random: Random, source: MutationSource) => Uint8Array

/** One to eight small changes of a kind that random bytes alone would take ages to find. The input stays as it is. */
export function mutate(bytes: Uint8Array, random: Random, source: MutationSource): Uint8Array {
  let mutant: Uint8Array = new Uint8Array(bytes)
  const changes = 1 << randomBelow(random, 4)
  for (let change = 0; change < changes; change++) {
    mutant = randomItem(random, mutations)(mutant, random, source)
    if (mutant.length > source.maximumBytes) mutant = mutant.slice(0, source.maximumBytes)
  }
  return mutant
}

const flipBit: Mutation = (bytes, random) => {
  if (bytes.length > 0) bytes[place(bytes, random)]! ^= 1 << randomBelow(random, 8)
  return bytes
}

const setByte: Mutation = (bytes, random) => {
  if (bytes.length > 0) bytes[place(bytes, random)] = randomItem(random, interesting)
  return bytes
}

const addSmall: Mutation = (bytes, random) => {
  if (bytes.length > 0) bytes[place(bytes, random)]! += randomBelow(random, 33) - 16
  return bytes
}

/** Two, four or eight bytes become the end of a range, in either byte order: lengths and counts live there. */
const setWord: Mutation = (bytes, random) => {
  const size = randomItem(random, [2, 4, 8])
  if (bytes.length < size) return bytes
  const value = randomItem(random, [0, 1, 0x7f, 0xff])
  const at = randomBelow(random, bytes.length - size + 1)
  bytes.fill(value === 1 ? 0 : value === 0x7f ? 0xff : value, at, at + size)
  const highest = randomBelow(random, 2) === 0 ? at : at + size - 1
  if (value === 1 || value === 0x7f) bytes[highest] = value
  return bytes
}

const truncate: Mutation = (bytes, random) => bytes.slice(0, randomBelow(random, bytes.length + 1))

const remove: Mutation = (bytes, random) => {
  const [from, to] = range(bytes, random)
  return concatBytes([bytes.subarray(0, from), bytes.subarray(to)])
}

const repeat: Mutation = (bytes, random) => {
  const [from, to] = range(bytes, random)
  const times = 1 << randomBelow(random, 6)
  const piece = bytes.subarray(from, Math.min(to, from + 64))
  return concatBytes([bytes.subarray(0, from), ...Array.from({ length: times }, () => piece), bytes.subarray(from)])
}

const insertRandom: Mutation = (bytes, random) => insert(bytes, random, random.bytes(1 + randomBelow(random, 8)))

const insertWord: Mutation = (bytes, random, { dictionary }) =>
  dictionary.length === 0 ? setByte(bytes, random, emptySource) : insert(bytes, random, randomItem(random, dictionary))

const overwriteWord: Mutation = (bytes, random, { dictionary }) => {
  if (dictionary.length === 0 || bytes.length === 0) return bytes
  const at = place(bytes, random)
  bytes.set(randomItem(random, dictionary).subarray(0, bytes.length - at), at)
  return bytes
}

const splice: Mutation = (bytes, random, { corpus }) => {
  const other = randomItem(random, corpus)
  return concatBytes([
    bytes.subarray(0, randomBelow(random, bytes.length + 1)),
    other.subarray(randomBelow(random, other.length + 1)),
  ])
}

const emptySource: MutationSource = { corpus: [], dictionary: [], maximumBytes: 0 }

const mutations: readonly Mutation[] = [
  flipBit,
  flipBit,
  setByte,
  addSmall,
  setWord,
  truncate,
  remove,
  repeat,
  insertRandom,
  insertWord,
  overwriteWord,
  splice,
]

function insert(bytes: Uint8Array, random: Random, piece: Uint8Array): Uint8Array {
  const at = randomBelow(random, bytes.length + 1)
  return concatBytes([bytes.subarray(0, at), piece, bytes.subarray(at)])
}

function place(bytes: Uint8Array, random: Random): number {
  return randomBelow(random, bytes.length)
}

function range(bytes: Uint8Array, random: Random): [number, number] {
  const from = randomBelow(random, bytes.length + 1)
  return [from, from + randomBelow(random, bytes.length - from + 1)]
}
