import { isIPv6 } from 'node:net'
import { isAlphanumeric, isDigit, isHex } from '../characters.ts'
import type { Span } from '../sensitive-kind.ts'

const colon = 0x3a
const dot = 0x2e
/** Of an address of version 6 with one of version 4 at its end. */
const longestVersion6 = 45

/** An address of version 4 whose first digit stands at `at`; longer dotted numbers are versions of something. */
export function matchIpv4(text: string, at: number): Span | undefined {
  const before = text.charCodeAt(at - 1)
  if (isAlphanumeric(before) || before === dot) return undefined
  let end = at
  for (let part = 0; part < 4; part++) {
    if (part > 0 && text.charCodeAt(end++) !== dot) return undefined
    const start = end
    let value = 0
    while (isDigit(text.charCodeAt(end)) && end - start < 4) value = value * 10 + text.charCodeAt(end++) - 48
    if (end === start || value > 255 || (end - start > 1 && text[start] === '0')) return undefined
  }
  const after = text.charCodeAt(end)
  if (isAlphanumeric(after) || (after === dot && isDigit(text.charCodeAt(end + 1)))) return undefined
  return { start: at, end }
}

/** An address of version 6 around the colon at `at`. It must have a digit, so that `add::bad` stays code. */
export function matchIpv6(text: string, at: number): Span | undefined {
  let start = at
  while (start > 0 && at - start < longestVersion6 && isPart(text.charCodeAt(start - 1))) start--
  let end = at
  while (end - start <= longestVersion6 && isPart(text.charCodeAt(end))) end++
  // A sentence or a list may go on after the address.
  while (
    end > at &&
    (text.charCodeAt(end - 1) === dot || (text.charCodeAt(end - 1) === colon && text.charCodeAt(end - 2) !== colon))
  )
    end--
  if (end - start < 3 || end - start > longestVersion6) return undefined
  if (isAlphanumeric(text.charCodeAt(start - 1)) || isAlphanumeric(text.charCodeAt(end))) return undefined
  const address = text.slice(start, end)
  return /\d/.test(address) && isIPv6(address) ? { start, end } : undefined
}

function isPart(code: number): boolean {
  return code === colon || code === dot || isHex(code)
}
