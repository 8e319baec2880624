import { endOf, isAlphanumeric, isDigit } from '../characters.ts'
import type { Span } from '../sensitive-kind.ts'
import { isIssued } from './card-ranges.ts'
import { passesLuhn } from './luhn.ts'

const fewest = 12
const most = 19
/** How card numbers are written in groups; 4-4-4-4 may be followed by one more of up to three digits. */
const groupings = new Set(['4444', '44441', '44442', '44443', '465', '464', '4441', '4446', '8888', '88'])
const mostGroups = 5

/** A card number whose first digit stands at `at`: digits alone, or in the groups that cards print. */
export function matchCard(text: string, at: number): Span | undefined {
  if (isInsideOfLonger(text, at)) return undefined
  const first = endOf(text, at, isDigit, most + 1)
  if (first - at >= fewest) return first - at <= most ? accept(text, at, first, text.slice(at, first)) : undefined
  return isSeparator(text.charCodeAt(first)) ? matchGroups(text, at, first) : undefined
}

function matchGroups(text: string, at: number, firstEnd: number): Span | undefined {
  const separator = text.charCodeAt(firstEnd)
  let digits = text.slice(at, firstEnd)
  let shape = String(digits.length)
  let found: Span | undefined
  for (let end = firstEnd, groups = 1; groups < mostGroups && text.charCodeAt(end) === separator; groups++) {
    const start = end + 1
    end = endOf(text, start, isDigit, most)
    if (end === start) break
    digits += text.slice(start, end)
    shape += end - start
    if (digits.length > most) break
    if (groupings.has(shape)) found = accept(text, at, end, digits) ?? found
  }
  return found
}

function accept(text: string, start: number, end: number, digits: string): Span | undefined {
  if (continues(text, end) || !isIssued(digits) || !passesLuhn(digits)) return undefined
  return { start, end }
}

/** Part of a UUID, a hexadecimal text or a decimal fraction. */
function isInsideOfLonger(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  return isAlphanumeric(before) || ((before === dot || before === dash) && isAlphanumeric(text.charCodeAt(at - 2)))
}

function continues(text: string, end: number): boolean {
  const after = text.charCodeAt(end)
  if (isAlphanumeric(after)) return true
  return (
    (after === dot && isDigit(text.charCodeAt(end + 1))) || (after === dash && isAlphanumeric(text.charCodeAt(end + 1)))
  )
}

const dash = 0x2d
const dot = 0x2e
const space = 0x20
const noBreakSpace = 0xa0

function isSeparator(code: number): boolean {
  return code === space || code === dash || code === noBreakSpace
}
