import type { SegmentTokens } from './segment-tokens.ts'

/** More are told apart by how they begin first: many small sortings can be paused between, one large one cannot. */
const mostAtOnce = 50_000

/**
 * The tokens in the order of their bytes. Four bytes of each and its number are one integer of 64 bits, which the machine sorts;
 * those with the same four are sorted by the next. Pauses now and then.
 */
export function* sortTokens(tokens: SegmentTokens): Generator<undefined, Uint32Array> {
  const sorted = new Uint32Array(tokens.count).map((_, index) => index)
  const keys = new BigUint64Array(Math.min(mostAtOnce, tokens.count))
  yield* sortRange(tokens, sorted, keys, 0)
  return sorted
}

function* sortRange(
  tokens: SegmentTokens,
  range: Uint32Array,
  keys: BigUint64Array,
  depth: number,
): Generator<undefined, void> {
  if (range.length === 0) return
  if (range.length > keys.length) {
    yield* splitRange(tokens, range, keys, depth)
    return
  }
  const own = keys.subarray(0, range.length)
  const words = new Uint32Array(own.buffer, 0, 2 * range.length)
  for (let index = 0; index < range.length; index++) {
    words[2 * index] = range[index]!
    words[2 * index + 1] = fourBytes(tokens, range[index]!, depth)
  }
  own.sort()
  for (let index = 0; index < range.length; index++) range[index] = words[2 * index]!
  yield
  const ends: number[] = []
  for (let from = 0, to = 1; to <= range.length; to++) {
    if (to < range.length && words[2 * from + 1] === words[2 * to + 1]) continue
    if (to - from > 1) ends.push(from, to)
    from = to
  }
  for (let index = 0; index < ends.length; index += 2)
    yield* sortRange(tokens, range.subarray(ends[index], ends[index + 1]), keys, depth + 4)
}

/** Sorts by one byte, then what has the same. */
function* splitRange(
  tokens: SegmentTokens,
  range: Uint32Array,
  keys: BigUint64Array,
  depth: number,
): Generator<undefined, void> {
  const begins = new Uint32Array(257)
  for (const token of range) begins[byteAt(tokens, token, depth) + 1]!++
  for (let byte = 0; byte < 256; byte++) begins[byte + 1]! += begins[byte]!
  const next = begins.slice()
  for (const token of range.slice()) range[next[byteAt(tokens, token, depth)]!++] = token
  yield
  for (let byte = 0; byte < 256; byte++)
    if (begins[byte + 1]! - begins[byte]! > 1)
      yield* sortRange(tokens, range.subarray(begins[byte], begins[byte + 1]), keys, depth + 1)
}

/** Zeros behind the end: no token has one. */
function fourBytes(tokens: SegmentTokens, token: number, depth: number): number {
  const { names } = tokens
  const at = tokens.startOf(token) + depth
  const left = tokens.endOf(token) - at
  if (left >= 4) return ((names[at]! << 24) | (names[at + 1]! << 16) | (names[at + 2]! << 8) | names[at + 3]!) >>> 0
  let value = 0
  for (let offset = 0; offset < 4; offset++) value = (value << 8) | (offset < left ? names[at + offset]! : 0)
  return value >>> 0
}

function byteAt(tokens: SegmentTokens, token: number, depth: number): number {
  const at = tokens.startOf(token) + depth
  return at < tokens.endOf(token) ? tokens.names[at]! : 0
}
