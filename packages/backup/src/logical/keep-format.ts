import { createHmac } from 'node:crypto'

/** Rounds of the network: with eight, each half has been mixed four times. */
const rounds = 8
/** Symbols that are mixed at a time: the numbers that stand for them stay small. */
const longestBlock = 48

/** A run of characters that replace each other. */
interface Alphabet {
  readonly first: number
  readonly size: number
}

/** First and last character of scripts whose letters stand in a row, capital and small ones apart. */
const alphabets: readonly Alphabet[] = [
  '09',
  'az',
  'AZ',
  'ßö',
  'øÿ',
  'ÀÖ',
  'ØÞ',
  'Āſ',
  'Ѐя',
  'ѐџ',
  'αω',
  'ΑΡ',
  'ΣΩ',
  'את',
  'ءغ',
  'ぁゖ',
  'ァヺ',
  '一鿿',
  '가힣',
].map((ends) => {
  const [first = 0, last = 0] = Array.from(ends, (character) => character.codePointAt(0)!)
  return { first, size: last - first + 1 }
})
const digits = alphabets[0]!
const leadingDigits: Alphabet = { first: digits.first + 1, size: 9 }
const hexDigits = '0123456789abcdef'

/** How the text of a value looks, and what may become of it. */
export interface FormatRule {
  /** `number`: only digits change, and none becomes a leading zero. `hex`: the digits of a UUID. */
  readonly symbols: 'text' | 'number' | 'hex'
  /** What the column's type can hold. @default everything */
  readonly accepts?: ((value: string) => boolean) | undefined
}

/** One character that changes. */
interface Symbol {
  /** Where it stands among the characters. */
  readonly at: number
  readonly radix: number
  readonly digit: number
  readonly write: (digit: number) => string
}

/**
 * Replaces letters by letters and digits by digits, one to one for all values of the same form: an unbalanced Feistel network
 * over numbers of mixed radix, as in format-preserving encryption (NIST SP 800-38G names FF1, which this is not: it has
 * fewer rounds and its own numbers). A result that the type cannot hold is put in again until one fits (cycle walking, Black
 * and Rogaway 2002), which keeps it one to one. Letters of scripts that are not known become `x`.
 */
export function keepFormat(value: string, key: Uint8Array, { symbols, accepts = () => true }: FormatRule): string {
  let masked = value
  do masked = maskOnce(masked, key, symbols)
  while (!accepts(masked) && masked !== value)
  return masked
}

function maskOnce(value: string, key: Uint8Array, kind: FormatRule['symbols']): string {
  const characters = Array.from(value)
  const found = characters.flatMap((character, at) => readSymbol(characters, character, at, kind) ?? [])
  if (kind === 'text')
    for (const [at, character] of characters.entries()) if (isUnknownLetter(character)) characters[at] = 'x'
  const shape = characters.slice()
  for (const { at, radix } of found) shape[at] = `\0${radix}`
  let before = shape.join('')
  for (let from = 0; from < found.length; from += longestBlock) {
    const block = found.slice(from, from + longestBlock)
    const masked = mixBlock(block, key, before)
    for (const [index, symbol] of block.entries()) characters[symbol.at] = symbol.write(masked[index]!)
    // Each block is mixed with what the ones before it were, so that only equal beginnings stay equal.
    before += `\0${block.map(({ digit }) => digit).join()}`
  }
  return characters.join('')
}

function readSymbol(
  characters: readonly string[],
  character: string,
  at: number,
  kind: FormatRule['symbols'],
): Symbol | undefined {
  if (kind === 'hex') {
    const digit = hexDigits.indexOf(character)
    return digit < 0 ? undefined : { at, radix: 16, digit, write: (other) => hexDigits[other]! }
  }
  const point = character.codePointAt(0)!
  const alphabet = kind === 'number' ? digitsAt(characters, at) : alphabets.find((each) => contains(each, point))
  if (alphabet === undefined || !contains(alphabet, point)) return undefined
  const { first, size } = alphabet
  return { at, radix: size, digit: point - first, write: (other) => String.fromCodePoint(first + other) }
}

const contains = ({ first, size }: Alphabet, point: number): boolean => point >= first && point < first + size

/** The first digit of several is none that could become a zero; a lone one may. */
function digitsAt(characters: readonly string[], at: number): Alphabet {
  const isDigit = (character: string | undefined): boolean => character !== undefined && /^[0-9]$/.test(character)
  const leads = !isDigit(characters[at - 1]) && characters[at - 1] !== '.'
  return leads && isDigit(characters[at + 1]) ? leadingDigits : digits
}

function isUnknownLetter(character: string): boolean {
  const point = character.codePointAt(0)!
  return /[\p{L}\p{N}\p{M}]/u.test(character) && !alphabets.some((each) => contains(each, point))
}

/** Two halves take turns: each is moved by a number that depends on the other one. */
function mixBlock(block: readonly Symbol[], key: Uint8Array, before: string): number[] {
  const middle = Math.floor(block.length / 2)
  const halves = [block.slice(0, middle), block.slice(middle)] as const
  const sizes = halves.map((half) => half.reduce((size, { radix }) => size * BigInt(radix), 1n)) as [bigint, bigint]
  const values = halves.map((half) => half.reduce((sum, { radix, digit }) => sum * BigInt(radix) + BigInt(digit), 0n))
  for (let round = 0; round < rounds; round++) {
    const moved = round % 2 === 0 ? 1 : 0
    const other = values[1 - moved]!
    values[moved] = (values[moved]! + pseudorandom(key, `${round}|${other}|${before}`)) % sizes[moved]
  }
  return [...digitsOf(values[0]!, halves[0]), ...digitsOf(values[1]!, halves[1])]
}

/** 512 bits: more than the largest half by far enough that no digit is favoured. */
function pseudorandom(key: Uint8Array, text: string): bigint {
  return BigInt(`0x${createHmac('sha512', key).update(text).digest('hex')}`)
}

function digitsOf(value: bigint, half: readonly Symbol[]): number[] {
  const written: number[] = []
  let rest = value
  for (const { radix } of half.toReversed()) {
    written.push(Number(rest % BigInt(radix)))
    rest /= BigInt(radix)
  }
  return written.reverse()
}
