/** An address as a number of 32 or 128 bits. */
export interface IpAddress {
  readonly version: 4 | 6
  readonly value: bigint
}

/**
 * Reads an address in every spelling that some resolver takes: IPv4 as `127.0.0.1`, `127.1`, `0x7f.0.0.1`, `0177.0.0.1` and
 * `2130706433` (the forms of inet_aton, which the URL standard takes, too), IPv6 as in RFC 4291 §2.2, in brackets or with a
 * zone (RFC 4007 §11), which says nothing about where it leads. Undefined for text that is no address.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  const value = inner.includes(':') ? parseVersion6(inner.split('%', 1)[0]!) : parseVersion4(inner)
  if (value === undefined) return undefined
  return { version: inner.includes(':') ? 6 : 4, value }
}

/** One to four numbers, the last of which fills all bytes that remain; a final dot is ignored. */
function parseVersion4(text: string): bigint | undefined {
  const parts = text.replace(/\.$/, '').split('.').map(parseNumber)
  const last = parts.pop()
  if (last === undefined || parts.length > 3 || last >= 256n ** BigInt(4 - parts.length)) return undefined
  let value = last
  for (const [index, part] of parts.entries()) {
    if (part === undefined || part > 255n) return undefined
    value += part << BigInt(8 * (3 - index))
  }
  return value
}

/** Hexadecimal after `0x`, octal after `0`, else decimal. */
function parseNumber(text: string): bigint | undefined {
  if (text.length > 40) return undefined
  if (/^0x[0-9a-f]*$/i.test(text)) return text.length === 2 ? 0n : BigInt(text)
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`)
  return /^(0|[1-9]\d*)$/.test(text) ? BigInt(text) : undefined
}

function parseVersion6(text: string): bigint | undefined {
  const halves = withoutDottedTail(text)?.split('::')
  if (halves === undefined || halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head!.length - (tail?.length ?? 0)
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head!, ...Array<string>(missing).fill('0'), ...(tail ?? [])]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`)
}

/** The last 32 bits may be written as an IPv4 address, strictly in four decimal numbers. */
function withoutDottedTail(text: string): string | undefined {
  if (!text.includes('.')) return text
  const at = text.lastIndexOf(':') + 1
  const tail = text.slice(at)
  const value = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(tail) ? parseVersion4(tail) : undefined
  if (value === undefined) return undefined
  return `${text.slice(0, at)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
}
